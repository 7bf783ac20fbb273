import { companyOffset, DAY, dayStart, HOUR } from './calendar.ts';
import { mix, unit } from './random.ts';
import type { World } from './records.ts';

/**
 * How a company day's traffic and errors build up: index h is the share reached when h hours are over. Index 0 is 0 and
 * the last of `calls` is 1.
 */
export interface DayShape {
  startAt: number;
  hours: number;
  calls: Float64Array;
  errors4xx: Float64Array;
  errors5xx: Float64Array;
}

const USUAL_4XX = 0.022;
const USUAL_5XX = 0.0009;
/** Of the calls made while a critical (major) incident lasts. */
const FAILING = { critical: 0.34, major: 0.12, minor: 0.004 } as const;

/** The share of the hour covered by the worst incident in it, times how much of the traffic it breaks. */
export function failingShare(world: World, hourAt: number): number {
  let share = 0;
  for (const incident of world.all('incidents')) {
    const from = Math.max(hourAt, incident.startedAt);
    const to = Math.min(hourAt + HOUR, incident.endedAt ?? Number.POSITIVE_INFINITY);
    if (to > from) share = Math.max(share, ((to - from) / HOUR) * FAILING[incident.severity]);
  }
  return share;
}

export function shapeOfDay(world: World, day: number): DayShape {
  const startAt = dayStart(day);
  const hours = Math.round((dayStart(day + 1) - startAt) / HOUR);
  const calls = new Float64Array(hours + 1);
  const errors4xx = new Float64Array(hours + 1);
  const errors5xx = new Float64Array(hours + 1);
  const weights = Array.from({ length: hours }, (_, hour) => weightAt(startAt + hour * HOUR));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const key = mix(world.anchor.seed, day);
  const day4xx = USUAL_4XX * (0.8 + 0.4 * unit(key, 1));
  const day5xx = USUAL_5XX * (0.6 + 0.8 * unit(key, 2));
  for (let hour = 0; hour < hours; hour += 1) {
    const share = (weights[hour] ?? 0) / sum;
    calls[hour + 1] = (calls[hour] ?? 0) + share;
    errors4xx[hour + 1] = (errors4xx[hour] ?? 0) + share * day4xx;
    errors5xx[hour + 1] =
      (errors5xx[hour] ?? 0) + share * (day5xx + failingShare(world, startAt + hour * HOUR));
  }
  calls[hours] = 1;
  return { startAt, hours, calls, errors4xx, errors5xx };
}

/** More by day than by night, seen from the company's own clock. */
function weightAt(at: number): number {
  const local = ((at + companyOffset(at)) % DAY) / HOUR;
  return 1 + 0.55 * Math.sin(((local - 7.5) / 24) * 2 * Math.PI);
}

/** Adds flows up hour by hour with the very rounding of the daily rows, so that hours add up to days. */
export function addUp(shape: DayShape) {
  const { startAt, hours } = shape;
  const calls = new Array<number>(hours).fill(0);
  const errors4xx = new Array<number>(hours).fill(0);
  const errors5xx = new Array<number>(hours).fill(0);
  const extraAt = new Array<number | null>(hours).fill(null);
  const step = (levels: Float64Array, hour: number, amount: number) =>
    Math.floor(amount * (levels[hour + 1] ?? 0)) - Math.floor(amount * (levels[hour] ?? 0));
  return {
    add(hour: number, amount: number, factor4xx: number, factor5xx: number): void {
      calls[hour] = (calls[hour] ?? 0) + step(shape.calls, hour, amount);
      errors4xx[hour] = (errors4xx[hour] ?? 0) + step(shape.errors4xx, hour, amount * factor4xx);
      errors5xx[hour] = (errors5xx[hour] ?? 0) + step(shape.errors5xx, hour, amount * factor5xx);
    },
    extra(at: number, amount: number): void {
      const hour = Math.floor((at - startAt) / HOUR);
      calls[hour] = (calls[hour] ?? 0) + amount;
      extraAt[hour] = Math.max(extraAt[hour] ?? 0, at);
    },
    *hours() {
      for (let hour = 0; hour < hours; hour += 1) {
        yield {
          startAt: startAt + hour * HOUR,
          calls: calls[hour] ?? 0,
          errors4xx: errors4xx[hour] ?? 0,
          errors5xx: errors5xx[hour] ?? 0,
          extraAt: extraAt[hour] ?? null,
        };
      }
    },
  };
}
