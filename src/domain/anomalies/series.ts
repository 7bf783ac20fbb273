import { Temporal } from 'temporal-polyfill';
import type { MetricUnit } from '../metrics/metric.ts';
import { dayNameAt } from '../periods/calendar.ts';

/** One step of a series: the instant it begins at, and what was measured; null where nothing was. */
export interface SeriesPoint {
  at: number;
  value: number | null;
}

/** A time that is already understood: an incident, a migration, a holiday of one's own. Open where it has no end. */
export interface KnownSpan {
  startAt: number;
  endAt: number | null;
  label: string;
}

export interface SeriesKind {
  step: 'hour' | 'day';
  /** Whose hours and weekdays they are. */
  tz: string;
  /** What is measured decides how small a spread may be; null where that is not known. */
  unit: MetricUnit | null;
  known?: readonly KnownSpan[];
  /** Whether a local day (YYYY-MM-DD) is a holiday. */
  isHoliday?: (day: string) => boolean;
}

export const STEP_MS: Readonly<Record<SeriesKind['step'], number>> = { hour: 3_600_000, day: 86_400_000 };

/** The season slots of an instant, the commonest rhythm first: hour of the day then of the week; the weekday of days. */
export interface SeasonSlots {
  slots: readonly string[];
  /** Where a holiday is looked up beside: the same hour of a Sunday. */
  sunday: string;
}

export function seasonOf(at: number, { step, tz }: Pick<SeriesKind, 'step' | 'tz'>): SeasonSlots {
  if (step === 'day') return { slots: [`w${weekdayOf(at, tz)}`], sunday: 'w7' };
  const hour = hourOf(at, tz);
  return { slots: [`h${hour}`, `w${weekdayOf(at, tz)}h${hour}`], sunday: `w7h${hour}` };
}

const HALF_DAY_MS = 43_200_000;

/** 1 is Monday. Counted from the local day's name, since calendar arithmetic costs more than the rest of a point. */
function weekdayOf(at: number, tz: string): number {
  const middayAt = Date.parse(`${dayNameAt(at, tz)}T00:00:00Z`) + HALF_DAY_MS;
  return ((Math.floor(middayAt / STEP_MS.day) + 3) % 7) + 1;
}

function hourOf(at: number, tz: string): number {
  if (tz === 'UTC') return Math.floor(at / STEP_MS.hour) % 24;
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz).hour;
}

/** The known span a point lies in, wholly or in part. */
export function knownAt(at: number, kind: SeriesKind): KnownSpan | null {
  const endAt = at + STEP_MS[kind.step];
  return kind.known?.find((span) => span.startAt < endAt && (span.endAt === null || span.endAt > at)) ?? null;
}
