import { Temporal } from 'temporal-polyfill';
import type { Period } from '../types.ts';
import { dateAt, isDayStart, type PlainDate, startOfDayAt } from './calendar.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function monthDay(date: PlainDate): string {
  return `${MONTHS[date.month - 1]} ${date.day}`;
}

/** "Oct 3, 2026", "Oct 1 - 31, 2026", "Dec 28, 2025 - Jan 3, 2026": both days belong to the range. */
export function describeDays(first: PlainDate, last: PlainDate): string {
  if (first.equals(last)) return `${monthDay(first)}, ${first.year}`;
  if (first.year !== last.year) return `${monthDay(first)}, ${first.year} - ${monthDay(last)}, ${last.year}`;
  if (first.month !== last.month) return `${monthDay(first)} - ${monthDay(last)}, ${last.year}`;
  return `${monthDay(first)} - ${last.day}, ${last.year}`;
}

/** "Nov 22, 2026, 14:30 PST"; the zone as its short name, or as an offset where it has none. */
export function describeInstant(at: number, tz: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz);
  const date = zoned.toPlainDate();
  const clock = `${String(zoned.hour).padStart(2, '0')}:${String(zoned.minute).padStart(2, '0')}`;
  return `${monthDay(date)}, ${date.year}, ${clock} ${zoneName(at, tz)}`;
}

/** "Los Angeles". */
export function zoneWords(tz: string): string {
  return (tz.split('/').at(-1) ?? tz).replaceAll('_', ' ');
}

/** The short name by which people know a zone at an instant: "PST", "CET"; its offset ("GMT+9") where it has none. */
export function zoneName(at: number, tz: string): string {
  const name = shortName(at, tz, 'en-US');
  if (!/^GMT[+-]/.test(name)) return name;
  // American English names American zones only, British English those of Europe.
  const british = shortName(at, tz, 'en-GB');
  return /^GMT[+-]/.test(british) ? name : british;
}

/** By locale and zone: making one costs a hundred times what using it does, and the zones are those of a few people. */
const formats = new Map<string, Intl.DateTimeFormat>();

function shortName(at: number, tz: string, locale: string): string {
  const key = `${locale} ${tz}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: tz, timeZoneName: 'short' });
  formats.set(key, format);
  return format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? tz;
}

/**
 * How a period is echoed. Whole days read "Oct 1 - 31, 2026"; one that stops within a day reads
 * "Nov 1 - 22, 2026, until 14:30 PST"; anything else gives both instants.
 */
export function describePeriod(period: Pick<Period, 'startAt' | 'endAt' | 'tz'>): string {
  const { startAt, endAt, tz } = period;
  if (endAt <= startAt) return describeInstant(startAt, tz);
  if (!isDayStart(startAt, tz)) return `${describeInstant(startAt, tz)} - ${describeInstant(endAt, tz)}`;
  const days = describeDays(dateAt(startAt, tz), dateAt(endAt - 1, tz));
  if (isDayStart(endAt, tz)) return days;
  return `${days}, until ${describeInstant(endAt, tz).split(', ').at(-1) ?? ''}`;
}

/** "Oct 2026" of a whole month, else the label of the period. */
export function monthLabel({ startAt, endAt, tz, label }: Period): string {
  const first = dateAt(startAt, tz);
  const next = startOfDayAt(first.with({ day: 1 }).add({ months: 1 }), tz);
  const whole = first.day === 1 && isDayStart(startAt, tz) && endAt === next;
  return whole ? `${MONTHS[first.month - 1]} ${first.year}` : label;
}

/** A period of whole or part days with its label. */
export function makePeriod(startAt: number, endAt: number, tz: string): Period {
  return { startAt, endAt, tz, label: describePeriod({ startAt, endAt, tz }) };
}
