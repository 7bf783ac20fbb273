import type { BillingConventions } from '../conventions.ts';
import type { ServicePeriod } from '../invoice.ts';

/** A period of a subscription, and when its invoice was finalised; null while it is open. */
export interface UsagePeriod extends ServicePeriod {
  closedAt: number | null;
}

export type LateRefusal = 'too_old' | 'future' | 'no_period' | 'period_closed' | 'no_open_period';

/** What an event does to what has been or will be billed. */
export type LateUsagePlan =
  /** Its period is open: the period is rated again. */
  | { action: 'rate_open_period'; period: ServicePeriod }
  /** Its period is closed: that period is rated again and the difference is a line of the next invoice. */
  | {
      action: 'bill_difference';
      rerate: ServicePeriod;
      /** The open period whose invoice carries the line. */
      billWith: ServicePeriod;
      /** The service period that the line names. */
      linePeriod: ServicePeriod;
    }
  | { action: 'refuse'; reason: LateRefusal; because: string };

export interface LateUsageInput {
  /** Of the event. */
  at: number;
  receivedAt: number;
  /** The subscription's, in any order. */
  periods: readonly UsagePeriod[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Where an event's usage belongs, by the entity's conventions. An event exactly as old as the limit is accepted. A
 * refused event is never silently lost: `because` says to its sender what is wrong.
 */
export function planLateUsage(input: LateUsageInput, conventions: BillingConventions): LateUsagePlan {
  const untimely = untimelyUsage(input, conventions);
  if (untimely !== null) return refuse(untimely.reason, untimely.words);
  return planByPeriod(input, conventions);
}

/** Why the time of an event alone speaks against it, in a sentence; null when it does not. */
export function untimelyUsage(
  { at, receivedAt }: Pick<LateUsageInput, 'at' | 'receivedAt'>,
  { lateUsage }: BillingConventions,
): { reason: 'too_old' | 'future'; words: string } | null {
  const { acceptedDays, acceptedAheadMinutes } = lateUsage;
  const when = `It is of ${new Date(at).toISOString()}`;
  if (receivedAt - at > acceptedDays * DAY)
    return { reason: 'too_old', words: `${when}, more than ${acceptedDays} days ago.` };
  if (at - receivedAt > acceptedAheadMinutes * MINUTE)
    return { reason: 'future', words: `${when}, more than ${acceptedAheadMinutes} minutes ahead.` };
  return null;
}

function planByPeriod({ at, periods }: LateUsageInput, { lateUsage }: BillingConventions): LateUsagePlan {
  const own = periods.find(({ startAt, endAt }) => startAt <= at && at < endAt);
  if (!own) return refuse('no_period', 'The customer had no subscription at that time.');
  const rerate = span(own);
  if (own.closedAt === null) return { action: 'rate_open_period', period: rerate };
  if (lateUsage.closedPeriod === 'refuse') {
    return refuse('period_closed', 'The invoice of that period is final, and later usage is not billed.');
  }
  const next = periods
    .filter(({ startAt, closedAt }) => closedAt === null && startAt >= own.endAt)
    .sort((one, other) => one.startAt - other.startAt)[0];
  if (!next) return refuse('no_open_period', 'The invoice of that period is final and no later one is open.');
  const billWith = span(next);
  const original = lateUsage.closedPeriod === 'next_invoice_original_period';
  return { action: 'bill_difference', rerate, billWith, linePeriod: original ? rerate : billWith };
}

function refuse(reason: LateRefusal, because: string): LateUsagePlan {
  return { action: 'refuse', reason, because };
}

function span({ startAt, endAt }: ServicePeriod): ServicePeriod {
  return { startAt, endAt };
}
