import type { LineKind, ServicePeriod } from './invoice.ts';

/**
 * A line's key: the same for the same thing billed again, whatever its amount, so that a re-run finds what it billed
 * before. `role` tells the credit from the debit of one change.
 */
export function lineKey(of: {
  subscriptionId: string;
  priceId: string;
  kind: LineKind;
  group?: string | null;
  period: ServicePeriod;
  role?: 'credit' | 'debit';
}): string {
  const parts = [of.subscriptionId, of.priceId, of.kind, of.group ?? '', of.role ?? ''];
  return [...parts.map(encodeURIComponent), of.period.startAt, of.period.endAt].join(':');
}
