import { formatValue } from '../metrics/format-value.ts';
import type { Metric } from '../metrics/metric.ts';
import { exponentOf } from '../money/exponents.ts';
import { addUnits, dateAt } from '../periods/calendar.ts';

/** An expected value in words: three digits are all it is good for. */
export function roughly(metric: Pick<Metric, 'name' | 'unit'>, value: number, currency: string): string {
  return formatValue(metric, rough(metric, value, currency), currency);
}

function rough({ unit }: Pick<Metric, 'unit'>, value: number, currency: string): number {
  const digits = Number(value.toPrecision(3));
  if (unit === 'ratio') return digits;
  if (unit !== 'money') return Math.round(digits);
  const major = 10 ** exponentOf(currency);
  return Math.round(digits / major) * major;
}

/** "Mon, Nov 16": the first day of what happened. */
export function sinceWords(at: number, tz: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
  }).format(at);
}

/** "on Mon, Nov 16", "from Mon, Nov 16 to Wed, Nov 18", "since Mon, Nov 16" of days from the start of one to the end of another. */
export function spanWords(span: { startAt: number; endAt: number; ongoing: boolean }, tz: string): string {
  const first = sinceWords(span.startAt, tz);
  const last = sinceWords(span.endAt - 1, tz);
  const oneDay = addUnits(dateAt(span.startAt, tz), 'day', 1).equals(dateAt(span.endAt, tz));
  if (span.ongoing && !oneDay) return `since ${first}`;
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
