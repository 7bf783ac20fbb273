import { z } from 'zod';
import { groupDigits } from '../../money/format.ts';
import type { ServicePeriod } from '../invoice.ts';

const Count = z.number().int().nonnegative();

/** By what a month's calls were counted a second time: days by their raw events, the others by the source's totals. */
export const ProofBasis = z.strictObject({
  /** Events that were added up one by one. */
  events: Count,
  eventDays: Count,
  totalDays: Count,
});
export type ProofBasis = z.infer<typeof ProofBasis>;

/** Where nothing is known of how it was proved: the source's own totals were always asked. */
export const BY_TOTALS: ProofBasis = { events: 0, eventDays: 0, totalDays: 0 };

/** Calls by customer and day ("2026-10-01"). */
export type DailyCalls = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface UsageEvidence {
  days: DailyCalls;
  basis: ProofBasis;
}

/** A day of the period, and what its events come to by customer; null where they are not all collected. */
export interface DayOfEvidence extends ServicePeriod {
  day: string;
  counted: { events: number; calls: ReadonlyMap<string, number> } | null;
}

/**
 * A month's calls from its events, and from the source's own daily totals on days whose events are not all there. A
 * source that counted calls on these days and published no event of any of them publishes none at all.
 */
export function usageEvidence(days: readonly DayOfEvidence[], totals: DailyCalls): UsageEvidence {
  const events = days.reduce((sum, { counted }) => sum + (counted?.events ?? 0), 0);
  const found = new Map<string, Map<string, number>>();
  const add = (customerId: string, day: string, calls: number) => {
    const own = found.get(customerId) ?? new Map<string, number>();
    found.set(customerId, own.set(day, calls));
  };
  let eventDays = 0;
  for (const { day, counted } of days) {
    if (counted !== null && events > 0) {
      eventDays += 1;
      for (const [customerId, calls] of counted.calls) add(customerId, day, calls);
    } else {
      for (const [customerId, own] of totals) {
        const calls = own.get(day);
        if (calls !== undefined) add(customerId, day, calls);
      }
    }
  }
  return { days: found, basis: { events, eventDays, totalDays: days.length - eventDays } };
}

/** The calls of all days by customer. */
export function callsOf(days: DailyCalls): Map<string, number> {
  return new Map(
    [...days].map(([id, own]) => [id, [...own.values()].reduce((sum, calls) => sum + calls, 0)]),
  );
}

/** "77,202 usage events, added up one by one". */
export function basisWords({ events, eventDays, totalDays }: ProofBasis): string {
  if (eventDays === 0) return "PsiZero's own daily totals (its usage events of this time were not collected)";
  const counted = `${groupDigits(String(events))} usage events, added up one by one`;
  if (totalDays === 0) return counted;
  const days = totalDays === 1 ? '1 day' : `${totalDays} days`;
  return `${counted}, and PsiZero's own daily totals on ${days} whose events are not all here`;
}
