import type { Period } from '../types.ts';
import { makeDate, parseInstant, startOfDayAt, unitSpan } from './calendar.ts';
import { makePeriod } from './describe-period.ts';

interface Bounds {
  startAt: number;
  endAt: number;
}

/** A day, a month or an instant (which has no length). */
function readPart(text: string, tz: string): Bounds | null {
  if (text.includes('T')) {
    const at = parseInstant(text);
    return at === null ? null : { startAt: at, endAt: at };
  }
  const [year = Number.NaN, month = Number.NaN, day] = text.split('-').map(Number);
  const date = makeDate(year, month, day ?? 1);
  if (!date) return null;
  const span = unitSpan(date, day === undefined ? 'month' : 'day');
  return { startAt: startOfDayAt(span.start, tz), endAt: startOfDayAt(span.end, tz) };
}

/**
 * "2026-10-03", "2026-10" and half-open "START/END" of days, months or instants; END itself is outside.
 * Null when a part does not exist or the end is not after the start.
 */
export function readIso(text: string, tz: string): Period | null {
  const [first = '', second] = text.split('/');
  const start = readPart(first, tz);
  if (!start) return null;
  if (second === undefined)
    return start.endAt > start.startAt ? makePeriod(start.startAt, start.endAt, tz) : null;
  const end = readPart(second, tz);
  return end && end.startAt > start.startAt ? makePeriod(start.startAt, end.startAt, tz) : null;
}
