import { HOUR, MINUTE } from './calendar.ts';
import { chance } from './random.ts';
import type { TicketRecord } from './records.ts';

/** The share of closed tickets that are rated at all. */
const RATED = 0.46;
/** Who waited this long for the first answer gives a point less. */
const LONG_WAIT = 10 * HOUR;

/**
 * What the requester makes of a ticket closed at an instant, and when they say so: minutes to a day and a half later,
 * or never. Drawn from a stream of its own, so that nothing else of the company depends on it.
 */
export function ratingOf(
  seed: number,
  { id, openedAt, firstResponseAt }: TicketRecord,
  closedAt: number,
): Pick<TicketRecord, 'csatScore' | 'ratedAt'> {
  const draw = chance(seed, 'ticket.csat', id);
  if (!draw.happens(RATED)) return { csatScore: null, ratedAt: null };
  const liked = draw.weighted([
    [5, 52],
    [4, 28],
    [3, 10],
    [2, 6],
    [1, 4],
  ]);
  const waited = (firstResponseAt ?? closedAt) - openedAt > LONG_WAIT;
  return {
    csatScore: Math.max(1, waited ? liked - 1 : liked),
    ratedAt: closedAt + Math.floor(draw.between(4 * MINUTE, 36 * HOUR)),
  };
}

/** The ticket as it can be known at an instant: a rating to come is not there yet. */
export function knownAt(ticket: TicketRecord, at: number): TicketRecord {
  // A world saved before tickets could be rated has none of it.
  const { csatScore = null, ratedAt = null } = ticket;
  if (ratedAt === null || ratedAt > at) return { ...ticket, csatScore: null, ratedAt: null };
  return { ...ticket, csatScore, ratedAt, updatedAt: Math.max(ticket.updatedAt, ratedAt) };
}
