import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tableNamed } from '../../../sandbox/supabase/tables.ts';
import { DAY } from '../../../sandbox/world/calendar.ts';
import type { World } from '../../../sandbox/world/records.ts';
import { knownAt } from '../../../sandbox/world/ticket-ratings.ts';
import { truthOf } from '../../../sandbox/world/truth.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, smallWorld } from './given.ts';

/** What a ticket said before it could be rated. */
const unrated = (world: World) =>
  world
    .all('tickets')
    .map(({ id, customerId, subject, priority, openedAt, firstResponseAt, closedAt }) => [
      ...[id, customerId, subject, priority, openedAt, firstResponseAt, closedAt],
    ]);
const fingerprint = (rows: unknown) =>
  createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);

describe('the ratings of tickets', () => {
  const world = createWorld({ seed: 7, now: NOW, scale: 1 });
  const rated = world.all('tickets').flatMap(({ csatScore }) => (csatScore === null ? [] : [csatScore]));

  it('change nothing else of a seed: every ticket is the one it was before there were any', () => {
    const small = smallWorld();
    expect(fingerprint(unrated(small))).toBe('2280b4b20c6b0097');
    small.advanceTo(NOW + 20 * DAY);
    expect(fingerprint(unrated(small))).toBe('101fff86c069c7a6');
  });

  it('are given by some, from 1 to 5, mostly well, and only after closing', () => {
    const closed = world.all('tickets').filter(({ status }) => status === 'closed');
    expect(rated.length / closed.length).toBeGreaterThan(0.35);
    expect(rated.length / closed.length).toBeLessThan(0.6);
    expect(new Set(rated)).toEqual(new Set([1, 2, 3, 4, 5]));
    const mean = rated.reduce((sum, score) => sum + score, 0) / rated.length;
    expect(mean).toBeGreaterThan(3.2);
    expect(mean).toBeLessThan(4.6);
    for (const { ratedAt, closedAt, csatScore } of world.all('tickets')) {
      expect(ratedAt === null).toBe(csatScore === null);
      if (ratedAt !== null) expect(ratedAt).toBeGreaterThan(closedAt ?? Number.POSITIVE_INFINITY);
    }
  });

  it('are unknown to everybody until they are given, and then a change of the row', () => {
    const changing = smallWorld();
    changing.advanceTo(NOW + 40 * DAY);
    const ticket = changing
      .all('tickets')
      .findLast(({ ratedAt, updatedAt }) => ratedAt !== null && updatedAt < ratedAt);
    if (!ticket?.ratedAt) throw new Error('nobody rated a ticket');
    const before = knownAt(ticket, ticket.ratedAt - 1);
    const after = knownAt(ticket, ticket.ratedAt);
    expect([before.csatScore, before.updatedAt]).toEqual([null, ticket.updatedAt]);
    expect([after.csatScore, after.updatedAt]).toEqual([ticket.csatScore, ticket.ratedAt]);
    const row = tableNamed('support_tickets')
      ?.rows(changing)
      .find(({ id }) => id === ticket.id);
    expect(row).toMatchObject({ csat_score: ticket.csatScore });
    const asked = { at: null, customerId: ticket.customerId, currency: null };
    const truth = (start: number, end: number) =>
      truthOf(changing, 'csat', { ...asked, period: { start, end } }).value;
    expect(truth(ticket.ratedAt - 1, ticket.ratedAt)).toBeNull();
    expect(truth(ticket.ratedAt, ticket.ratedAt + 1)).toBe(ticket.csatScore);
  });

  it('read a world that was saved before there were any as unrated', () => {
    const [ticket] = world.all('tickets');
    if (!ticket) throw new Error('there is no ticket');
    const { csatScore: _score, ratedAt: _at, ...saved } = ticket;
    const read = JSON.parse(JSON.stringify(saved));
    expect(knownAt(read, NOW)).toMatchObject({ csatScore: null, ratedAt: null });
  });
});
