import { Temporal } from 'temporal-polyfill';
import { UserError } from '../../lib/errors.ts';
import { DAY_MS, type Reading } from './readings.ts';

/** A span [startAt, endAt) in which a zone keeps one offset from UTC. */
interface Stretch {
  startAt: number;
  endAt: number;
  offsetMs: number;
}

/** No zone's clock is further than this from UTC. */
const WIDEST_OFFSET_MS = DAY_MS + 3_600_000;

/** Calendar arithmetic costs up to 50 ms for a zone that never changes; what it says is remembered. */
const known = new Map<string, Stretch[]>();

/** @throws UserError `invalid_input` for a zone nobody knows. */
export function stretchAt(at: number, tz: string): Stretch {
  const stretches = known.get(tz) ?? [];
  const hit = stretches.find((stretch) => stretch.startAt <= at && at < stretch.endAt);
  if (hit) return hit;
  const zoned = zonedAt(at, tz);
  // The transition before the next instant: one exactly at `at` begins the stretch that holds it.
  const previous = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const next = zoned.getTimeZoneTransition('next');
  const stretch = {
    startAt: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    endAt: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: zoned.offsetNanoseconds / 1_000_000,
  };
  if (stretches.length > 500) stretches.length = 0;
  stretches.push(stretch);
  known.set(tz, stretches);
  return stretch;
}

function zonedAt(at: number, tz: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz);
  } catch {
    throw new UserError(
      'invalid_input',
      `There is no time zone called "${tz}".`,
      'Use a name like Europe/Berlin.',
    );
  }
}

/** The first instant at which the wall clock of the zone shows `reading` or later. */
export function firstInstantShowing(reading: Reading, tz: string): number {
  let stretch = stretchAt(reading - WIDEST_OFFSET_MS, tz);
  while (stretch.endAt + stretch.offsetMs <= reading) stretch = stretchAt(stretch.endAt, tz);
  return Math.max(stretch.startAt, reading - stretch.offsetMs);
}

/** The latest reading the wall clock has shown up to and at an instant: it may have been set back since. */
export function latestShown(at: number, tz: string): Reading {
  let stretch = stretchAt(at, tz);
  let latest = at + stretch.offsetMs;
  while (at - stretch.startAt <= WIDEST_OFFSET_MS) {
    const before = stretchAt(stretch.startAt - 1, tz);
    latest = Math.max(latest, stretch.startAt - 1 + before.offsetMs);
    stretch = before;
  }
  return latest;
}

/** False for a date the zone skipped altogether, as Samoa did with 30 December 2011. */
export function dateExists(reading: Reading, tz: string): boolean {
  const midnight = Math.floor(reading / DAY_MS) * DAY_MS;
  const at = firstInstantShowing(midnight, tz);
  return at + stretchAt(at, tz).offsetMs < midnight + DAY_MS;
}
