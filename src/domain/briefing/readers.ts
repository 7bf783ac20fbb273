import type { Role } from '../types.ts';

/** Which numbers a briefing has, and what each kind of reader sees first. */

export interface BriefingNumber {
  metric: string;
  label: string;
  /** The value of an instant or of a whole day. */
  kind: 'instant' | 'day';
  /** Held against the same weekdays of eight weeks. */
  watched: boolean;
  /** Which way is good news; null for neither. */
  good: 'up' | 'down' | null;
}

export const BRIEFING_NUMBERS: readonly BriefingNumber[] = [
  { metric: 'revenue_gross', label: 'Payments (gross revenue)', kind: 'day', watched: true, good: 'up' },
  { metric: 'mrr', label: 'MRR', kind: 'instant', watched: false, good: 'up' },
  { metric: 'active_customers', label: 'Active customers', kind: 'instant', watched: false, good: 'up' },
  { metric: 'signups', label: 'Signups', kind: 'day', watched: true, good: 'up' },
  { metric: 'api_calls', label: 'API calls', kind: 'day', watched: true, good: 'up' },
  { metric: 'error_rate', label: 'Error rate', kind: 'day', watched: true, good: 'down' },
  { metric: 'latency_p95', label: 'Latency p95', kind: 'day', watched: true, good: 'down' },
  { metric: 'uptime', label: 'Uptime', kind: 'day', watched: false, good: 'up' },
  { metric: 'failed_payments', label: 'Failed payments', kind: 'day', watched: true, good: 'down' },
  {
    metric: 'receivables_overdue',
    label: 'Overdue receivables',
    kind: 'instant',
    watched: false,
    good: 'down',
  },
  { metric: 'tickets_open', label: 'Open tickets', kind: 'instant', watched: false, good: 'down' },
];

export type Leaning = 'founder' | 'finance' | 'success' | 'analyst';

const FIRST: Readonly<Record<Leaning, readonly string[]>> = {
  founder: ['revenue_gross', 'mrr', 'active_customers', 'signups', 'api_calls', 'uptime'],
  finance: ['receivables_overdue', 'failed_payments', 'revenue_gross', 'mrr', 'active_customers', 'signups'],
  success: ['active_customers', 'tickets_open', 'signups', 'api_calls', 'error_rate', 'uptime'],
  analyst: ['api_calls', 'error_rate', 'latency_p95', 'uptime', 'signups', 'active_customers'],
};

/** Whose eyes a briefing is written for: a founder's when several fit, an analyst's when none does. */
export function leaningOf(roles: readonly Role[]): Leaning {
  return (
    (['founder', 'finance', 'success', 'analyst'] as const).find((role) => roles.includes(role)) ?? 'analyst'
  );
}

/** The numbers in the order this reader wants them; the rest keep their own. */
export function numbersFor(leaning: Leaning): BriefingNumber[] {
  const rank = ({ metric }: BriefingNumber) => {
    const place = FIRST[leaning].indexOf(metric);
    return place === -1
      ? FIRST[leaning].length + BRIEFING_NUMBERS.findIndex((one) => one.metric === metric)
      : place;
  };
  return [...BRIEFING_NUMBERS].sort((a, b) => rank(a) - rank(b));
}

/** The line worth looking at. */
export function chartFor(leaning: Leaning): string {
  return leaning === 'founder' || leaning === 'finance' ? 'mrr' : 'api_calls';
}

/** Kinds of things that need attention, in the order this reader should meet them; decisions always come first. */
export function attentionOrder(leaning: Leaning): readonly ('failed' | 'overdue' | 'risk' | 'alert')[] {
  if (leaning === 'finance') return ['overdue', 'failed', 'alert', 'risk'];
  if (leaning === 'success') return ['risk', 'alert', 'overdue', 'failed'];
  if (leaning === 'analyst') return ['alert', 'risk', 'failed', 'overdue'];
  return ['alert', 'failed', 'overdue', 'risk'];
}
