import { Temporal } from 'temporal-polyfill';
import type { Policy } from './schema.ts';

/** The first instant at or after `at` that is outside quiet hours in `tz`. */
export function loudFrom(at: number, quiet: Policy['quiet_hours'], tz: string): number {
  if (quiet === null || quiet.from === quiet.to) return at;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz);
  const time = local.toPlainTime();
  const from = Temporal.PlainTime.from(quiet.from);
  const to = Temporal.PlainTime.from(quiet.to);
  const afterFrom = Temporal.PlainTime.compare(time, from) >= 0;
  const beforeTo = Temporal.PlainTime.compare(time, to) < 0;
  const overnight = Temporal.PlainTime.compare(from, to) > 0;
  const inside = overnight ? afterFrom || beforeTo : afterFrom && beforeTo;
  if (!inside) return at;
  const day = overnight && afterFrom ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return day.toZonedDateTime({ timeZone: tz, plainTime: to }).epochMilliseconds;
}
