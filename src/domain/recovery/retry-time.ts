import { dateAt, type PlainDate, startOfDayAt } from '../periods/calendar.ts';
import { holidaysOn } from '../periods/holidays.ts';
import type { Attempt, AttemptRequest } from './attempt.ts';
import { planAttempt } from './attempt-budget.ts';
import { classifyDecline } from './classify-decline.ts';
import type { AttemptRules } from './network-limits.ts';
import { logit, shrunkRate } from './posterior.ts';
import {
  FEATURES,
  type Feature,
  type LocalDay,
  type SegmentTimes,
  slotOf,
  slotTrials,
  type TimedOutcome,
  trialsOf,
} from './times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface RetryCustomer {
  tz: string;
  /** Which holidays rest their bank; null for none that we know. */
  holidays: 'US' | 'EU' | null;
  outcomes: readonly TimedOutcome[];
}

export type RetryTime =
  | {
      at: number;
      /** The chance we see, 0 to 1: an order of times, not a promise. */
      chance: number;
      /** What speaks for it: "month_day 5", the slots that raise the chance. */
      because: string[];
    }
  | { at: null; why: string };

export interface RetryWindow {
  /** No try after this. */
  untilAt: number;
  /** Tries that are left. */
  tries: number;
  /** Between two of them. */
  spacingMs: number;
}

/** Waiting costs: money later is worth less, and a customer forgets. A day must gain 3% of the odds to be waited for. */
const DAILY_DISCOUNT = 0.03;
/** Charges start at a time when somebody can read the mail about them. */
const [FIRST_HOUR, LAST_HOUR] = [8, 20];

/**
 * When to try a declined charge again. The tries that are left are laid on the hours with the best chance for this
 * customer, and the next is the earliest of them, so that a try is always kept for the best. Odds of the customer's
 * own hours, weekdays and days of the month are drawn towards the segment's and multiplied; the day of the month
 * counts only where money was missing. What failed for technical reasons is tried as soon as allowed. Never before the
 * budget of the card allows it, and never on a bank holiday.
 */
export function planRetryTime(
  charge: { history: readonly Attempt[]; request: AttemptRequest; rules?: AttemptRules },
  customer: RetryCustomer,
  segment: SegmentTimes,
  now: number,
  window: RetryWindow = { untilAt: now + 14 * DAY_MS, tries: 1, spacingMs: DAY_MS },
): RetryTime {
  const decision = planAttempt(charge.history, charge.request, now, charge.rules);
  if (!decision.allowed && decision.againAt === null) return { at: null, why: decision.words };
  const from = decision.allowed ? now : (decision.againAt ?? now);
  if (from > window.untilAt)
    return { at: null, why: 'The budget of the card is used up for longer than we retry.' };
  const features = featuresFor(charge.history, charge.request);
  const hours = scoredHours({ from, untilAt: window.untilAt, now }, customer, segment, features);
  const chosen: ScoredHour[] = [];
  for (const hour of hours.sort((one, other) => other.score - one.score || one.at - other.at)) {
    if (chosen.length >= window.tries) break;
    if (chosen.every(({ at }) => Math.abs(at - hour.at) >= window.spacingMs)) chosen.push(hour);
  }
  const next = chosen.sort((one, other) => one.at - other.at)[0];
  if (!next) return { at: null, why: 'Every day within reach is a holiday.' };
  return { at: next.at, chance: 1 / (1 + Math.exp(-next.odds)), because: next.because };
}

interface ScoredHour {
  at: number;
  score: number;
  odds: number;
  because: string[];
}

function scoredHours(
  { from, untilAt, now }: { from: number; untilAt: number; now: number },
  customer: RetryCustomer,
  segment: SegmentTimes,
  features: readonly Feature[],
): ScoredHour[] {
  const mine = slotTrials(customer.outcomes, customer.tz);
  const base = logit(shrunkRate(trialsOf(customer.outcomes), segment.overall));
  return [...candidateHours(from, untilAt, customer)].map(({ at, day }) => {
    const effects = features.map((feature) => {
      const slot = `${feature} ${slotOf(feature, at, customer.tz, day)}`;
      const prior = segment.slots.get(slot) ?? segment.overall;
      const own = mine.get(slot) ?? { successes: 0, trials: 0 };
      return { slot, effect: logit(shrunkRate(own, prior)) - base };
    });
    const odds = base + effects.reduce((sum, { effect }) => sum + effect, 0);
    const because = effects.filter(({ effect }) => effect > 0.05).map(({ slot }) => slot);
    return { at, odds, because, score: odds - DAILY_DISCOUNT * ((at - now) / DAY_MS) };
  });
}

function featuresFor(history: readonly Attempt[], { fingerprint }: AttemptRequest): readonly Feature[] {
  const last = history
    .filter((attempt) => attempt.fingerprint === fingerprint && attempt.decline !== null)
    .reduce((late: Attempt | null, one) => (late === null || one.at > late.at ? one : late), null);
  const code = last?.decline?.declineCode ?? null;
  if (code !== null && TECHNICAL.has(code)) return [];
  const category = last?.decline ? classifyDecline(last.decline).category : null;
  return category === 'insufficient_funds' ? FEATURES : ['hour', 'weekday'];
}

const TECHNICAL = new Set([
  'processing_error',
  'issuer_not_available',
  'reenter_transaction',
  'try_again_later',
]);

function* candidateHours(
  from: number,
  until: number,
  { tz, holidays }: RetryCustomer,
): Generator<{ at: number; day: LocalDay }> {
  for (let date = dateAt(from, tz); startOfDayAt(date, tz) <= until; date = date.add({ days: 1 })) {
    if (holidays !== null && restsOn(date, holidays)) continue;
    const midnight = startOfDayAt(date, tz);
    const day = { weekday: date.dayOfWeek, monthDay: date.day };
    for (let hour = FIRST_HOUR; hour <= LAST_HOUR; hour += 1) {
      const at = Math.max(from, midnight + hour * HOUR_MS);
      if (at > until) return;
      if (at < midnight + (hour + 1) * HOUR_MS) yield { at, day };
    }
  }
}

/** Finding a day's holidays takes a millisecond, and many customers ask about the same days. */
const known = new Map<string, string[]>();

function restsOn(date: PlainDate, where: 'US' | 'EU'): boolean {
  const name = date.toString();
  const places = known.get(name) ?? holidaysOn(date).map((holiday) => holiday.where);
  if (known.size > 1000) known.clear();
  known.set(name, places);
  return places.some((place) => place.includes(where));
}
