import { dateAt } from '../periods/calendar.ts';
import { stretchAt } from '../schedule/zone-clock.ts';
import { type BetaPrior, fitPrior, type Trials } from './posterior.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A charge of the past as far as time matters. */
export interface TimedOutcome {
  at: number;
  succeeded: boolean;
}

/** Parts of the day, week and month in which success may differ; coarse, since one customer has few charges. */
export const FEATURES = ['hour', 'weekday', 'month_day'] as const;
export type Feature = (typeof FEATURES)[number];

/** Where months turn around pay: the first days, the middle, the 25th, the end. */
const MONTH_PARTS = [1, 4, 10, 15, 18, 25, 28];

/** A local date as far as it matters here; taken from the calendar once a day, which is slow to ask. */
export interface LocalDay {
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  monthDay: number;
}

/** Which part of the day (four hours each), week or month an instant lies in, by the zone's clock. */
export function slotOf(feature: Feature, at: number, tz: string, day: LocalDay): number {
  switch (feature) {
    case 'hour':
      return Math.floor(((((at + stretchAt(at, tz).offsetMs) % DAY_MS) + DAY_MS) % DAY_MS) / (4 * HOUR_MS));
    case 'weekday':
      return day.weekday;
    case 'month_day':
      return MONTH_PARTS.findLastIndex((from) => from <= day.monthDay);
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

export function trialsOf(outcomes: readonly TimedOutcome[]): Trials {
  return { successes: outcomes.filter(({ succeeded }) => succeeded).length, trials: outcomes.length };
}

export function slotTrials(outcomes: readonly TimedOutcome[], tz: string): Map<string, Trials> {
  const slots = new Map<string, Trials>();
  for (const { at, succeeded } of outcomes) {
    const date = dateAt(at, tz);
    const day = { weekday: date.dayOfWeek, monthDay: date.day };
    for (const feature of FEATURES) {
      const key = `${feature} ${slotOf(feature, at, tz, day)}`;
      const known = slots.get(key) ?? { successes: 0, trials: 0 };
      slots.set(key, { successes: known.successes + Number(succeeded), trials: known.trials + 1 });
    }
  }
  return slots;
}
