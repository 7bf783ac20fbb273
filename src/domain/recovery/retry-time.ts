import { dateAt, type PlainDate, startOfDayAt } from '../periods/calendar.ts';
import { holidaysOn } from '../periods/holidays.ts';
import { stretchAt } from '../schedule/zone-clock.ts';
import type { Attempt, AttemptRequest } from './attempt.ts';
import { planAttempt } from './attempt-budget.ts';
import { classifyDecline } from './classify-decline.ts';
import type { AttemptRules } from './network-limits.ts';
import { type BetaPrior, fitPrior, logit, shrunkRate, type Trials } from './posterior.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A charge of the past as far as time matters. */
export interface TimedOutcome {
  at: number;
  succeeded: boolean;
}

/** Parts of the day, week and month in which success may differ; coarse, since one customer has few charges. */
const FEATURES = ['hour', 'weekday', 'month_day'] as const;
type Feature = (typeof FEATURES)[number];

/** Where months turn around pay: the first days, the middle, the 25th, the end. */
const MONTH_PARTS = [1, 4, 10, 15, 18, 25, 28];

function slotOf(feature: Feature, at: number, tz: string, date: PlainDate): number {
  switch (feature) {
    case 'hour':
      return Math.floor(((((at + stretchAt(at, tz).offsetMs) % DAY_MS) + DAY_MS) % DAY_MS) / (4 * HOUR_MS));
    case 'weekday':
      return date.dayOfWeek;
    case 'month_day':
      return MONTH_PARTS.findLastIndex((from) => from <= date.day);
  }
}

type SlotPriors = ReadonlyMap<string, BetaPrior>;

/** What a segment's customers taught about times: a prior for each slot, and the segment's own rate. */
export interface SegmentTimes {
  overall: BetaPrior;
  slots: SlotPriors;
}

/**
 * Learns from the histories of a segment, each in its customer's time zone. A slot's prior is fitted over customers,
 * so that it says both how good the slot is and how much customers differ in it.
 */
export function learnTimes(
  histories: readonly { tz: string; outcomes: readonly TimedOutcome[] }[],
): SegmentTimes {
  const groups = new Map<string, Trials[]>();
  for (const { tz, outcomes } of histories) {
    for (const [slot, trials] of slotTrials(outcomes, tz)) {
      groups.set(slot, [...(groups.get(slot) ?? []), trials]);
    }
  }
  return {
    overall: fitPrior(histories.map(({ outcomes }) => trialsOf(outcomes))),
    slots: new Map([...groups].map(([slot, trials]) => [slot, fitPrior(trials)])),
  };
}

function trialsOf(outcomes: readonly TimedOutcome[]): Trials {
  return { successes: outcomes.filter(({ succeeded }) => succeeded).length, trials: outcomes.length };
}

function slotTrials(outcomes: readonly TimedOutcome[], tz: string): Map<string, Trials> {
  const slots = new Map<string, Trials>();
  for (const { at, succeeded } of outcomes) {
    const date = dateAt(at, tz);
    for (const feature of FEATURES) {
      const key = `${feature} ${slotOf(feature, at, tz, date)}`;
      const known = slots.get(key) ?? { successes: 0, trials: 0 };
      slots.set(key, { successes: known.successes + Number(succeeded), trials: known.trials + 1 });
    }
  }
  return slots;
}

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

/** Waiting costs: money later is worth less, and a customer forgets. A day must gain 3% of the odds to be waited for. */
const DAILY_DISCOUNT = 0.03;
/** Charges start at a time when somebody can read the mail about them. */
const [FIRST_HOUR, LAST_HOUR] = [8, 20];

/**
 * When to try a declined charge again: the hour within `horizonDays` with the best chance for this customer, of those
 * the budget of the card allows, never on a bank holiday. Odds of the customer's own hours, weekdays and days of the
 * month are drawn towards the segment's and multiplied. What failed for technical reasons is tried as soon as allowed;
 * the day of the month counts only where money was missing.
 */
export function planRetryTime(
  charge: { history: readonly Attempt[]; request: AttemptRequest; rules?: AttemptRules },
  customer: RetryCustomer,
  segment: SegmentTimes,
  now: number,
  horizonDays = 14,
): RetryTime {
  const decision = planAttempt(charge.history, charge.request, now, charge.rules);
  if (!decision.allowed && decision.againAt === null) return { at: null, why: decision.words };
  const from = decision.allowed ? now : (decision.againAt ?? now);
  const until = now + horizonDays * DAY_MS;
  if (from > until) return { at: null, why: 'The budget of the card is used up for longer than we retry.' };
  const features = featuresFor(charge.history, charge.request);
  const mine = slotTrials(customer.outcomes, customer.tz);
  const base = logit(shrunkRate(trialsOf(customer.outcomes), segment.overall));
  let best: { at: number; score: number; odds: number; because: string[] } | null = null;
  for (const at of candidateHours(from, until, customer)) {
    const date = dateAt(at, customer.tz);
    const effects = features.map((feature) => {
      const slot = `${feature} ${slotOf(feature, at, customer.tz, date)}`;
      const prior = segment.slots.get(slot) ?? segment.overall;
      const own = mine.get(slot) ?? { successes: 0, trials: 0 };
      return { slot, effect: logit(shrunkRate(own, prior)) - base };
    });
    const odds = base + effects.reduce((sum, { effect }) => sum + effect, 0);
    const score = odds - DAILY_DISCOUNT * ((at - now) / DAY_MS);
    if (best === null || score > best.score) {
      const because = effects.filter(({ effect }) => effect > 0.05).map(({ slot }) => slot);
      best = { at, score, odds, because };
    }
    if (features.length === 0) break;
  }
  if (!best) return { at: null, why: 'Every day within reach is a holiday.' };
  return { at: best.at, chance: 1 / (1 + Math.exp(-best.odds)), because: best.because };
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

function* candidateHours(from: number, until: number, { tz, holidays }: RetryCustomer): Generator<number> {
  for (let date = dateAt(from, tz); startOfDayAt(date, tz) <= until; date = date.add({ days: 1 })) {
    if (holidays !== null && holidaysOn(date).some(({ where }) => where.includes(holidays))) continue;
    const midnight = startOfDayAt(date, tz);
    for (let hour = FIRST_HOUR; hour <= LAST_HOUR; hour += 1) {
      const at = Math.max(from, midnight + hour * HOUR_MS);
      if (at > until) return;
      if (at < midnight + (hour + 1) * HOUR_MS) yield at;
    }
  }
}
