import { dateAt, isDayStart, type PlainDate, startOfDayAt } from './calendar.ts';
import { makePeriod, zoneName } from './describe-period.ts';
import { type Rule, wordAt } from './rule.ts';
import type { Token } from './tokens.ts';

/** The instant of a wall-clock time on a day; in an hour that a clock change skips, the first instant after it. */
export function instantOf(date: PlainDate, time: string, tz: string, zone?: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const plain = date.toPlainDateTime({ hour, minute });
  const readings = (['earlier', 'later'] as const).map(
    (disambiguation) => plain.toZonedDateTime(tz, { disambiguation }).epochMilliseconds,
  );
  const named = readings.find((at) => zone !== undefined && zoneName(at, tz) === zone);
  return named ?? plain.toZonedDateTime(tz).epochMilliseconds;
}

/** A zone's short name after a time, as labels have it: "PST", "GMT+1", "GMT+5:45". */
export function zoneAt(tokens: readonly Token[], at: number): { next: number; zone: string | undefined } {
  const word = tokens[at];
  if (word?.kind !== 'word' || !/^[A-Z]{2,5}$/.test(word.raw)) return { next: at, zone: undefined };
  const sign = tokens[at + 1];
  const hours = tokens[at + 2];
  const glued = sign && sign.start === word.end && ['+', '-'].includes(sign.text) && hours;
  if (!glued || hours.start !== sign.end || !['number', 'time'].includes(hours.kind))
    return { next: at + 1, zone: word.raw };
  return { next: at + 3, zone: `${word.raw}${sign.text}${hours.raw}` };
}

const PARTS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['morning', ['00:00', '12:00']],
  ['afternoon', ['12:00', '18:00']],
  ['evening', ['18:00', '24:00']],
]);

/** The part of a day, as the clock has it there; "24:00" is the next day. */
function partOf(date: PlainDate, [from, until]: readonly [string, string], tz: string) {
  const endAt = until === '24:00' ? startOfDayAt(date.add({ days: 1 }), tz) : instantOf(date, until, tz);
  return makePeriod(instantOf(date, from, tz), endAt, tz);
}

/** "this morning", "yesterday afternoon", "tonight", and "overnight": from 8 in the evening to 8 in the morning. */
export const readDayPart: Rule = (tokens, at, { today, tz }) => {
  const word = wordAt(tokens, at);
  const yesterday = today.subtract({ days: 1 });
  const night = word === 'overnight' || (word === 'last' && wordAt(tokens, at + 1) === 'night');
  if (night) {
    const period = makePeriod(instantOf(yesterday, '20:00', tz), instantOf(today, '08:00', tz), tz);
    return { next: at + (word === 'overnight' ? 1 : 2), period, note: 'a night is read as 20:00 to 08:00' };
  }
  if (word === 'tonight') return { next: at + 1, period: partOf(today, ['18:00', '24:00'], tz) };
  const part = PARTS.get(wordAt(tokens, at + 1));
  const day = { this: today, today, yesterday }[word];
  return part && day ? { next: at + 2, period: partOf(day, part, tz) } : null;
};

/**
 * "9am", "yesterday 9am", "9am yesterday", "Nov 21, 2026, 14:30 PST": an instant, as a period without length, for
 * "since" and for ranges. A time alone is its latest that has been.
 */
export function readClockTime(
  tokens: readonly Token[],
  at: number,
  context: Parameters<Rule>[2],
  readDay: Rule,
): ReturnType<Rule> {
  const { nowAt, today, tz } = context;
  const time = tokens[at];
  if (time?.kind === 'time') {
    const { next, zone } = zoneAt(tokens, at + 1);
    const day = readDay(tokens, wordAt(tokens, next) === 'on' ? next + 1 : next, context);
    const whole = day?.period && isOneDay(day.period) ? dateAt(day.period.startAt, tz) : null;
    const todays = instantOf(today, time.text, tz, zone);
    const alone = todays <= nowAt ? todays : instantOf(today.subtract({ days: 1 }), time.text, tz, zone);
    const momentAt = whole ? instantOf(whole, time.text, tz, zone) : alone;
    return { next: whole && day ? day.next : next, period: makePeriod(momentAt, momentAt, tz) };
  }
  const day = readDay(tokens, at, context);
  if (!day?.period || !isOneDay(day.period)) return null;
  const comma = wordAt(tokens, day.next) === ',' || wordAt(tokens, day.next) === 'at' ? 1 : 0;
  const clock = tokens[day.next + comma];
  if (clock?.kind !== 'time') return null;
  const { next, zone } = zoneAt(tokens, day.next + comma + 1);
  const momentAt = instantOf(dateAt(day.period.startAt, tz), clock.text, tz, zone);
  return { next, period: makePeriod(momentAt, momentAt, tz) };
}

function isOneDay({ startAt, endAt, tz }: { startAt: number; endAt: number; tz: string }): boolean {
  if (!isDayStart(startAt, tz) || endAt <= startAt) return false;
  return startOfDayAt(dateAt(startAt, tz).add({ days: 1 }), tz) === endAt;
}
