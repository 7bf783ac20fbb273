import { DAY, dayNumber, dayStart, HOUR, MINUTE } from './calendar.ts';
import { chance } from './random.ts';
import type { UsagePiece, World } from './records.ts';

/** One event as the platform publishes it. */
export interface PublishedEvent {
  /** What tells this publication from all others: an event may be published twice. */
  place: string;
  publishedAt: number;
  id: string;
  customerId: string;
  category: string;
  at: number;
  calls: number;
  corrects: string | null;
}

/** No event is published later than this after the day it is of. */
export const PUBLISHED_WITHIN_DAYS = 3;

/** Of a hundred thousand events: so many come again, come hours late, come days late, are wrong at first. */
const AGAIN = 1_200;
const HOURS_LATE = 2_000;
const DAYS_LATE = 700;
const WRONG = 600;

const made = new WeakMap<World, Map<number, PublishedEvent[]>>();
const KEPT_DAYS = 8;

/** Everything ever published of a company day's usage, as far as the day has gone. */
export function eventsOfDay(world: World, day: number): PublishedEvent[] {
  const known = made.get(world) ?? new Map<number, PublishedEvent[]>();
  made.set(world, known);
  const found = known.get(day);
  if (found) return found;
  const sameInstant = new Map<string, number>();
  const events = world.usagePieces(day).flatMap((piece) => {
    const key = `${piece.customerId} ${piece.fromAt} ${piece.toAt} ${piece.category}`;
    const nth = sameInstant.get(key) ?? 0;
    sameInstant.set(key, nth + 1);
    return publications(world, piece, nth);
  });
  // A day that is over changes no more.
  if (dayStart(day + 1) <= world.now()) {
    const [oldest] = known.keys();
    if (known.size >= KEPT_DAYS && oldest !== undefined) known.delete(oldest);
    known.set(day, events);
  }
  return events;
}

/** What is published on a company day, up to now: by when, then by place. */
export function eventsPublishedOn(world: World, day: number): PublishedEvent[] {
  const [fromAt, toAt] = [dayStart(day), Math.min(dayStart(day + 1), world.now() + 1)];
  const found: PublishedEvent[] = [];
  for (let used = day - PUBLISHED_WITHIN_DAYS; used <= day; used += 1) {
    for (const event of eventsOfDay(world, used)) {
      if (event.publishedAt >= fromAt && event.publishedAt < toAt) found.push(event);
    }
  }
  return found;
}

/** The days whose events fall into a period of use. */
export function* daysOf(fromAt: number, toAt: number): Generator<number> {
  for (let day = dayNumber(fromAt); dayStart(day) < toAt; day += 1) yield day;
}

/** One event a piece, mostly a few minutes after its last hour; a stream of chance of its own. */
function publications(world: World, piece: UsagePiece, nth: number): PublishedEvent[] {
  const { customerId, category, fromAt, toAt, calls } = piece;
  const length = (toAt - fromAt).toString(36);
  const id = `uev_${customerId}_${category}_${fromAt.toString(36)}_${length}${nth === 0 ? '' : `_${nth}`}`;
  const dice = chance(world.anchor.seed, 'usage-events', id);
  const at = fromAt === toAt ? fromAt : fromAt + dice.int(toAt - fromAt);
  const publishedAt = toAt + delay(dice);
  const event = { place: id, publishedAt, id, customerId, category, at, calls, corrects: null };
  const events: PublishedEvent[] = [event];
  if (dice.int(100_000) < WRONG) {
    const fixed = `${id}_fix`;
    event.calls = calls * 2 + 13;
    const after = publishedAt + HOUR + dice.int(7 * HOUR);
    events.push({ ...event, place: fixed, publishedAt: after, id: fixed, calls, corrects: id });
  }
  if (dice.int(100_000) < AGAIN)
    events.push({ ...event, place: `${id}#2`, publishedAt: publishedAt + MINUTE + dice.int(90 * MINUTE) });
  return events;
}

function delay(dice: ReturnType<typeof chance>): number {
  const usual = MINUTE + dice.int(15 * MINUTE);
  const luck = dice.int(100_000);
  if (luck < DAYS_LATE) return usual + 8 * HOUR + dice.int(DAY);
  return luck < DAYS_LATE + HOURS_LATE ? usual + dice.int(6 * HOUR) : usual;
}
