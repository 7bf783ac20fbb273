import type { Money } from '../types.ts';

export const ALERT_KINDS = [
  'payment_failed',
  'usage_drop',
  'error_spike',
  'source_stale',
  'data_quality',
  'approval_expiring',
  'run_failed',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** One thing that needs a look: one a kind and subject while it lasts. */
export interface Alert {
  id: string;
  kind: AlertKind;
  /** What it is about: a customer, a source, an approval, a run. */
  subject: { kind: string; id: string; name: string };
  state: 'open' | 'resolved';
  /** One line: "Acme's payment of $1,200.00 failed (card expired)". */
  title: string;
  /** A sentence or two of facts. */
  detail: string;
  amount: Money | null;
  /** How often it was seen while open. */
  count: number;
  owner: { userId: string; name: string } | null;
  snoozedUntilAt: number | null;
  openedAt: number;
  lastSeenAt: number;
  resolvedAt: number | null;
  revision: number;
}

export interface AlertReader {
  /** Open ones, not snoozed, newest first. */
  open(filter: { kinds?: readonly AlertKind[]; limit: number }): Promise<{ rows: Alert[]; total: number }>;
}
