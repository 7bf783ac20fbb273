import type { Spell } from '../survival/spells.ts';

/** A month of 365.2425 / 12 days: ages are counted in them from the first payment on. */
export const MONTH_MS = (365.2425 / 12) * 86_400_000;

/** What a life can be told apart by. The plan is the first one paid for: a later one says who stayed long. */
export type LifeTrait = 'segment' | 'channel' | 'plan' | 'region' | 'country';

/** A customer from the first instant with MRR above zero. */
export interface Life extends Record<LifeTrait, string> {
  customerId: string;
  startAt: number;
  /** When MRR came to zero for good, as far as is known; null while the customer pays. */
  endAt: number | null;
  /** From each instant on so much MRR, in company minor units; in order of time, the first at `startAt`. */
  steps: readonly { at: number; minor: number }[];
}

/** The life as it was known at an earlier instant; null of who had not come yet. */
export function knownAt(life: Life, at: number): Life | null {
  if (life.startAt > at) return null;
  const steps = life.steps.filter((step) => step.at <= at);
  const last = steps.at(-1);
  return { ...life, steps, endAt: last?.minor === 0 ? last.at : null };
}

/** The life as time under observation in months, up to `at`; null of who came within the same moment. */
export function spellOf({ startAt, endAt }: Life, at: number): Spell | null {
  const stop = ((endAt ?? at) - startAt) / MONTH_MS;
  return stop > 0 ? { start: 0, stop, event: endAt !== null } : null;
}

/** MRR at an age in months, in company minor units; 0 once it is over. */
export function mrrAtAge({ startAt, steps }: Life, months: number): number {
  const at = startAt + months * MONTH_MS;
  return steps.findLast((step) => step.at <= at)?.minor ?? 0;
}

/**
 * What a life paid month of age by month of age, from `fromAt` on for so many months: MRR times the share of the month
 * it stood, in company minor units.
 */
export function paidByMonth({ steps }: Life, fromAt: number, months: number): number[] {
  return Array.from({ length: months }, (_, month) => {
    const [from, until] = [fromAt + month * MONTH_MS, fromAt + (month + 1) * MONTH_MS];
    let sum = 0;
    for (const [index, { at, minor }] of steps.entries()) {
      const end = Math.min(until, steps[index + 1]?.at ?? until);
      sum += minor * Math.max(0, end - Math.max(from, at));
    }
    return sum / MONTH_MS;
  });
}
