import { describe, expect, it } from 'vitest';
import { ACME, GLOBEX, NIMBUS_A } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { openRoom } from './room.ts';

const tool = toolNamed('get_health');

describe('the health of one customer', () => {
  it.each([
    'how healthy is Acme?',
    'health score of acme',
    'acme health',
    'is acme at risk?',
    'whats the health of Acme Robotics',
    'is Acme healthy',
    'is acme in danger',
  ])('is meant by "%s"', async (message) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual({ customer: ACME.id });
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it.each(['how is Acme doing?', 'who is at risk?', 'why is Acme at risk?', 'mrr of Acme', 'api health'])(
    'is not meant by "%s"',
    async (message) => {
      expect(await bestReading(tool, message)).toBeNull();
    },
  );

  it('is told with its trend, what costs most with numbers, and what would lift it', async () => {
    const said = await openRoom().say(tool, { customer: ACME.id });
    expect(said).toMatch(
      /^Acme Robotics is in the warning band: \d\d of 100, down \d+ points in 30 days \(\d+ before\), confidence 95%\./,
    );
    expect(said).toMatch(
      /What costs most: calls fell \d+% over 28 days: [\d,]+ a day, [\d,]+ before \(\d+ points\)/,
    );
    expect(said).toMatch(/The smallest change that would make it stable: .+\./);
    expect(said).not.toMatch(/Chance of leaving|Of the last/);
  });

  it('of a healthy one says what carries it', async () => {
    const said = await openRoom().say(tool, { customer: GLOBEX.id });
    expect(said).toMatch(/^Globex is healthy: \d\d of 100/);
    expect(said).not.toMatch(/smallest change/);
  });

  it('says what became of others flagged at this level, where that is known', async () => {
    const stake = {
      band: 'warning',
      flagged: 50,
      left: 9,
      days: 90,
      low: 0.098,
      high: 0.308,
      baseRate: 0.04,
    } as const;
    const said = await openRoom(undefined, { stake: async () => stake }).say(tool, { customer: ACME.id });
    expect(said).toContain(
      'Of the last 50 accounts flagged at this level, 9 left within 90 days (95% interval 10-31%); of all accounts 4% did.',
    );
  });

  it('of nobody with a subscription says that there is none', async () => {
    expect(await openRoom().say(tool, { customer: NIMBUS_A.id })).toBe(
      'There is no health score for Nimbus Labs: it has no live subscription, or too little is known of it yet.',
    );
  });
});
