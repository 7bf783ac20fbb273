import { type Cron, parseCron } from './cron.ts';
import { nextReading } from './readings.ts';
import { dateExists, firstInstantShowing, latestShown, stretchAt } from './zone-clock.ts';

const HOUR_MS = 3_600_000;
/** How far back a search for the latest turn looks at a time, sparse schedules last. */
const LOOK_BACK_MS = [1, 24, 7 * 24, 32 * 24, 366 * 24, 9 * 366 * 24].map((hours) => hours * HOUR_MS);

const parsed = new Map<string, Cron>();

/**
 * The first instant after `afterAt` (epoch ms, exclusive) at which a turn falls due; null when there is none.
 *
 * A schedule with fixed hours falls due at the first instant at which the wall clock of the zone shows the named
 * time or later. So a time that a clock change leaves out comes once, at the first instant after the gap; a time
 * that comes twice comes once, at its first; two that fall into one gap are one turn; and a day the zone skips
 * altogether has none. A schedule for every hour follows real time instead: it falls due at each instant whose
 * wall clock reads as named, so an hour that comes twice counts twice and one left out does not count.
 * @throws UserError `invalid_input` for a schedule or a zone that cannot be read.
 */
export function nextDueAfter(cron: string, tz: string, afterAt: number): number | null {
  const fields = read(cron);
  return fields.hours.length === 24
    ? nextOfEveryHour(fields, tz, afterAt)
    : nextOfFixedHours(fields, tz, afterAt);
}

/** Every due instant in (fromAt, toAt], oldest first, `limit` at most. */
export function dueBetween(cron: string, tz: string, fromAt: number, toAt: number, limit = 10_000): number[] {
  const instants: number[] = [];
  let at = nextDueAfter(cron, tz, fromAt);
  while (at !== null && at <= toAt && instants.length < limit) {
    instants.push(at);
    at = nextDueAfter(cron, tz, at);
  }
  return instants;
}

/** The newest due instants in (fromAt, toAt], newest first, `limit` at most. */
export function latestDueBetween(
  cron: string,
  tz: string,
  fromAt: number,
  toAt: number,
  limit = 1,
): number[] {
  const instants: number[] = [];
  let before = toAt;
  while (instants.length < limit) {
    const found = latestIn(cron, tz, fromAt, before);
    if (found.length === 0) break;
    instants.push(...found.reverse());
    before = (instants.at(-1) ?? fromAt) - 1;
  }
  return instants.slice(0, limit);
}

/** The due instants of the shortest look back from `toAt` that has any. */
function latestIn(cron: string, tz: string, fromAt: number, toAt: number): number[] {
  for (const span of LOOK_BACK_MS) {
    const found = dueBetween(cron, tz, Math.max(fromAt, toAt - span), toAt);
    if (found.length > 0 || toAt - span <= fromAt) return found;
  }
  return [];
}

function nextOfFixedHours(cron: Cron, tz: string, afterAt: number): number | null {
  let shown = latestShown(afterAt, tz);
  for (;;) {
    const reading = nextReading(cron, shown + 1);
    if (reading === null) return null;
    if (dateExists(reading, tz)) return firstInstantShowing(reading, tz);
    shown = reading;
  }
}

function nextOfEveryHour(cron: Cron, tz: string, afterAt: number): number | null {
  let at = afterAt + 1;
  for (;;) {
    const { endAt, offsetMs } = stretchAt(at, tz);
    const reading = nextReading(cron, at + offsetMs);
    if (reading === null) return null;
    if (reading - offsetMs < endAt) return reading - offsetMs;
    at = endAt;
  }
}

function read(cron: string): Cron {
  const hit = parsed.get(cron);
  if (hit) return hit;
  const fields = parseCron(cron);
  if (parsed.size > 1_000) parsed.clear();
  parsed.set(cron, fields);
  return fields;
}
