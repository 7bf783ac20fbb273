import type { Money, Place, Principal } from '../types.ts';

export const ALERT_KINDS = [
  'payment_failed',
  'usage_drop',
  'account_risk',
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

/** An alert with what stands behind it, for "Why?" and for the card of one that is over. */
export interface AlertRecord extends Alert {
  /** What it was concluded from, a line each. */
  facts: readonly string[];
  /** Why it is over; null while it lasts. */
  resolution: string | null;
}

export interface AlertReader {
  /** Open ones, not snoozed, newest first. */
  open(filter: { kinds?: readonly AlertKind[]; limit: number }): Promise<{ rows: Alert[]; total: number }>;
}

export const ALERT_LISTS = ['open', 'mine', 'snoozed'] as const;
/** `open`: not snoozed; `mine`: those I have taken, snoozed ones too. */
export type AlertList = (typeof ALERT_LISTS)[number];

/** What a person may do about alerts. Who may see which kind is the policy's. */
export interface AlertDesk extends AlertReader {
  /** The kinds somebody with these roles may see, in the order of ALERT_KINDS. */
  kindsFor(reader: Pick<Principal, 'roles'>): AlertKind[];
  /** Those the reader may see, newest first. */
  list(
    reader: Pick<Principal, 'roles' | 'userId'>,
    filter: { list: AlertList; kinds?: readonly AlertKind[]; limit: number },
  ): Promise<{ rows: AlertRecord[]; total: number }>;
  /**
   * Open alerts on the card this thread hangs from, as far as the reader may see them.
   * Empty where the thread is not an alert's.
   */
  inThread(
    reader: Pick<Principal, 'roles'>,
    place: Pick<Place, 'channelId' | 'threadTs'>,
  ): Promise<AlertRecord[]>;
  /** Quiet until the instant, or from now on heard again (null). Throws UserError `not_found`, `not_allowed`, `conflict`. */
  snooze(alertId: string, untilAt: number | null, by: Principal): Promise<AlertChange>;
  /** Takes it on, or gives it back. Throws as `snooze` does. */
  own(alertId: string, taken: boolean, by: Principal): Promise<AlertChange>;
}

export interface AlertChange {
  before: AlertRecord;
  after: AlertRecord;
}

/** How other parts say that something needs a look: a run that was written off, say. */
export interface AlertRaiser {
  /** The same subject again counts up; the words are those of the last time. */
  raise(alert: {
    kind: AlertKind;
    subject: Alert['subject'];
    title: string;
    detail: string;
    facts?: readonly string[];
    amount?: Money | null;
  }): Promise<void>;
  /** It is over; nothing happens when no such alert is open. */
  clear(over: {
    kind: AlertKind;
    subject: Pick<Alert['subject'], 'kind' | 'id'>;
    words: string;
  }): Promise<void>;
}
