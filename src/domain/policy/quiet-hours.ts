import { Temporal } from 'temporal-polyfill';
import type { Policy } from './schema.ts';

type QuietHours = Policy['quiet_hours'];

/** The first instant at or after `at` that is outside quiet hours in `tz`. */
export function loudFrom(at: number, quiet: QuietHours, tz: string): number {
  return quietAround(at, quiet, tz)?.endsAt ?? at;
}

/** The last instant at or before `at` that is outside quiet hours in `tz`. */
export function loudUntil(at: number, quiet: QuietHours, tz: string): number {
  const around = quietAround(at, quiet, tz);
  return around === null ? at : around.beganAt - 1;
}

/** The quiet hours that `at` lies in, [beganAt, endsAt); null outside them. */
function quietAround(at: number, quiet: QuietHours, tz: string): { beganAt: number; endsAt: number } | null {
  if (quiet === null || quiet.from === quiet.to) return null;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz);
  const time = local.toPlainTime();
  const from = Temporal.PlainTime.from(quiet.from);
  const to = Temporal.PlainTime.from(quiet.to);
  const afterFrom = Temporal.PlainTime.compare(time, from) >= 0;
  const beforeTo = Temporal.PlainTime.compare(time, to) < 0;
  const overnight = Temporal.PlainTime.compare(from, to) > 0;
  if (!(overnight ? afterFrom || beforeTo : afterFrom && beforeTo)) return null;
  const today = local.toPlainDate();
  const first = overnight && !afterFrom ? today.subtract({ days: 1 }) : today;
  const last = overnight && afterFrom ? today.add({ days: 1 }) : today;
  return {
    beganAt: first.toZonedDateTime({ timeZone: tz, plainTime: from }).epochMilliseconds,
    endsAt: last.toZonedDateTime({ timeZone: tz, plainTime: to }).epochMilliseconds,
  };
}
