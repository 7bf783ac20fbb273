import { SERVICE_LEVELS, type ServiceLevel } from '../billing/gateways.ts';
import type { ServicePeriod } from '../billing/invoice.ts';
import { type Exact, exact } from '../money/exact.ts';
import { type DunningState, instantAfter, levelOf } from './dunning.ts';
import type { Ladder, Restriction } from './ladder.ts';
import { blockedCredit } from './overdue.ts';

const DAY_MS = 86_400_000;

/** What a customer notices at each level. */
export const RESTRICTION_EFFECTS: Readonly<Record<Restriction, string>> = {
  warned: 'A notice is shown in the product. Nothing is taken away.',
  throttled: 'The API answers, at a lower rate.',
  read_only: 'Data can be read; nothing new can be written.',
  suspended: 'The API refuses calls. Data is kept.',
};

export interface RehearsedRestriction {
  level: Restriction;
  at: number;
  effect: string;
  /** Whether time at this level is given back after payment, by the ladder's policy. */
  credited: boolean;
}

/**
 * What would happen to a customer's service and when, if nothing is paid and nothing is held from now on. People see
 * this before the first of it can begin; nothing is changed by asking.
 */
export function planRestriction(state: DunningState, now: number): RehearsedRestriction[] {
  const reached = SERVICE_LEVELS.indexOf(levelOf(state));
  const { ladder, rehearsal } = state;
  let earliest = (rehearsal?.shownAt ?? now) + ladder.noticeDays * DAY_MS;
  return ladder.restrictions
    .filter(({ level }) => SERVICE_LEVELS.indexOf(level) > reached)
    .map(({ level, afterDays }) => {
      const at = Math.max(instantAfter(state, afterDays, now), earliest, now);
      earliest = at + ladder.gapHours * 3_600_000;
      return {
        level,
        at,
        effect: RESTRICTION_EFFECTS[level],
        credited: ladder.creditBlocked !== 'never' && ladder.creditedLevels.includes(level),
      };
    });
}

/** The spans a customer could not use what they pay for: at a credited level, up to restoration or `untilAt`. */
export function blockedSpans(
  restrictions: DunningState['restrictions'],
  ladder: Pick<Ladder, 'creditedLevels'>,
  untilAt: number,
): ServicePeriod[] {
  return restrictions.flatMap(({ level, at }, index) => {
    if (level === 'full' || !ladder.creditedLevels.includes(level)) return [];
    const endAt = restrictions[index + 1]?.at ?? untilAt;
    return endAt > at ? [{ startAt: at, endAt }] : [];
  });
}

export interface Restoration {
  restore: boolean;
  from: ServiceLevel;
  blockedMs: number;
  /** What the period's price gives back for blocked time, minor units. */
  creditMinor: bigint;
  words: string;
}

/**
 * What is due to a customer who has paid: full service at once, and blocked time of the period as credit by the
 * ladder's policy. Of blocked time only what lies in the period counts; the rest belongs to other periods.
 */
export function restorationOf(
  state: Pick<DunningState, 'restrictions' | 'ladder' | 'paidAt'>,
  price: { period: ServicePeriod; amountMinor: bigint },
  now: number,
): Restoration {
  const { ladder, restrictions, paidAt } = state;
  const from = levelOf(state);
  const blockedMs = blockedSpans(restrictions, ladder, now).reduce(
    (sum, span) => sum + overlap(span, price.period),
    0,
  );
  const paid = paidAt !== null && paidAt <= now;
  const credited = ladder.creditBlocked === 'always' || (ladder.creditBlocked === 'if_paid' && paid);
  const periodMs = price.period.endAt - price.period.startAt;
  const amount: Exact = exact(price.amountMinor);
  const creditMinor = credited ? blockedCredit(amount, { blocked: blockedMs, ofPeriod: periodMs }) : 0n;
  return {
    restore: paid && from !== 'full',
    from,
    blockedMs,
    creditMinor,
    words: wordsOf(paid, from, creditMinor),
  };
}

function wordsOf(paid: boolean, from: ServiceLevel, creditMinor: bigint): string {
  if (!paid) return 'Something is still owed; the service stays as it is.';
  if (from === 'full') return 'The service was never restricted.';
  return creditMinor > 0n
    ? 'The service is back in full, and blocked time is credited.'
    : 'The service is back in full.';
}

function overlap(one: ServicePeriod, other: ServicePeriod): number {
  return Math.max(0, Math.min(one.endAt, other.endAt) - Math.max(one.startAt, other.startAt));
}
