import { dateAt } from './periods/calendar.ts';

const NIGHT = { hour: 3, minute: 10 };
/** A source whose rows came otherwise than agreed is looked at again this often, until it is right. */
const DRIFTING_MS = 5 * 60_000;
/** After a comparison that was not finished. */
const AGAIN_MS = 60 * 60_000;

/**
 * When a source is to be compared again: every night at 03:10 of the company, at once when a night was missed,
 * and soon while fields drift or after one that broke off. `lastAt` null: what was read for the first time since `beganAt` is complete.
 */
export function nextSweepAt(
  source: { lastAt: number | null; beganAt: number; drifting: boolean; unfinished: boolean },
  tz: string,
): number {
  const { lastAt, beganAt, drifting, unfinished } = source;
  const since = lastAt ?? beganAt;
  const today = dateAt(since, tz);
  const nights = [today, today.add({ days: 1 })].map(
    (day) => day.toZonedDateTime({ timeZone: tz, plainTime: NIGHT }).epochMilliseconds,
  );
  const night = nights.find((at) => at > since) ?? since + 24 * 3_600_000;
  if (drifting) return Math.min(night, since + DRIFTING_MS);
  return unfinished ? Math.min(night, since + AGAIN_MS) : night;
}
