import { setImmediate } from 'node:timers/promises';
import type { KnownSpan, SeriesKind, SeriesPoint } from '../../domain/anomalies/series.ts';
import { calculateMetric } from '../../domain/metrics/calculate.ts';
import type { Metric } from '../../domain/metrics/metric.ts';
import { readAhead } from '../../domain/metrics/read-ahead.ts';
import {
  addUnits,
  compareDates,
  dateAt,
  dayNameAt,
  makeDate,
  startOfDayAt,
} from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { holidaysOn } from '../../domain/periods/holidays.ts';
import type { Period } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

type Reach = Pick<ToolContext, 'facts' | 'company' | 'clock' | 'signal'>;

/** The store answers without waiting: this long at most before others are heard. */
const LONGEST_BREATH_MS = 25;

/** Whole company days, oldest first. */
export type Days = readonly Period[];

/** The company days from `before` days ahead of the period to its end that are over by now. */
export function closedDays(period: Period, before: number, nowAt: number, tz: string): Days {
  const days: Period[] = [];
  const last = dateAt(Math.min(period.endAt, nowAt) - 1, period.tz);
  let date = addUnits(dateAt(period.startAt, period.tz), 'day', -before);
  while (compareDates(date, last) <= 0) {
    const next = addUnits(date, 'day', 1);
    const day = makePeriod(startOfDayAt(date, tz), startOfDayAt(next, tz), tz);
    if (day.endAt <= nowAt) days.push(day);
    date = next;
  }
  return days;
}

/** A metric day by day, narrowed to one customer where one is given. Others are heard in between. */
export async function metricByDay(
  metric: Metric,
  days: Days,
  customerId: string | null,
  { facts, company, clock, signal }: Reach,
): Promise<SeriesPoint[]> {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return [];
  const filter = customerId === null ? {} : { customerId };
  const ahead = readAhead(facts, makePeriod(first.startAt, last.endAt, first.tz));
  const nowAt = clock.now();
  const points: SeriesPoint[] = [];
  let breathedAt = Number.NEGATIVE_INFINITY;
  for (const day of days) {
    if (performance.now() - breathedAt > LONGEST_BREATH_MS) {
      await setImmediate();
      breathedAt = performance.now();
    }
    signal.throwIfAborted();
    const { value } = await calculateMetric(
      metric.name,
      { period: day, nowAt, company, filter, by: null },
      ahead,
    );
    points.push({ at: day.startAt, value });
  }
  return points;
}

/** One customer's calls day by day, in one reading; a day without a row since its first is a day without calls. */
export async function callsByDay(
  days: Days,
  customerId: string,
  { facts, signal }: Reach,
): Promise<SeriesPoint[]> {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return [];
  await setImmediate();
  signal.throwIfAborted();
  const span = makePeriod(first.startAt, last.endAt, first.tz);
  const rows = await facts.usageIn(span, { customerId }, 'day');
  const calls = new Map<string, number>();
  for (const { group, calls: count } of rows) {
    const day = dayNameAt(Number(group), first.tz);
    calls.set(day, (calls.get(day) ?? 0) + count);
  }
  const points = days.map((day) => ({
    at: day.startAt,
    value: calls.get(dayNameAt(day.startAt, first.tz)) ?? null,
  }));
  const begins = points.findIndex(({ value }) => value !== null);
  return begins === -1 ? [] : points.slice(begins).map(({ at, value }) => ({ at, value: value ?? 0 }));
}

/** How a daily series of the company is judged: its own weekdays, holidays and incidents. */
export function dailyKind(unit: SeriesKind['unit'], known: readonly KnownSpan[], tz: string): SeriesKind {
  return { step: 'day', tz, unit, known, isHoliday };
}

const holidays = new Map<string, boolean>();

/** By the calendar's rules, each day looked up once. */
function isHoliday(day: string): boolean {
  const known = holidays.get(day);
  if (known !== undefined) return known;
  const [year = 0, month = 1, dayOfMonth = 1] = day.split('-').map(Number);
  const date = makeDate(year, month, dayOfMonth);
  const rests = date !== null && holidaysOn(date).length > 0;
  holidays.set(day, rests);
  return rests;
}

/** Incidents of the days, by their published titles. */
export async function knownIncidents(days: Days, { facts }: Reach): Promise<KnownSpan[]> {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return [];
  const found = await facts.incidentsTouching(makePeriod(first.startAt, last.endAt, first.tz));
  return found.map(({ startedAt, endedAt, title }) => ({
    startAt: startedAt,
    endAt: endedAt,
    label: title,
  }));
}
