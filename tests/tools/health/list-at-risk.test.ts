import { describe, expect, it } from 'vitest';
import { ACME } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { openRoom, thriving } from './room.ts';

const tool = toolNamed('list_at_risk');

describe('who is at risk', () => {
  it.each<[string, Record<string, unknown>]>([
    ['who is at risk?', {}],
    ['which customers are at risk', {}],
    ['churn watchlist', {}],
    ['show me the watch list', {}],
    ['who might churn?', {}],
    ['who is likely to churn?', {}],
    ['unhealthy accounts', {}],
    ['which accounts are critical?', { band: 'critical' }],
    ['red accounts', { band: 'critical' }],
    ['top 5 accounts at risk', { limit: 5 }],
  ])('is meant by "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each([
    'is Acme at risk?',
    'churn last month',
    'who churned',
    'which invoices are at risk',
    'critical alerts',
  ])('is not meant by "%s"', async (message) => {
    expect(await bestReading(tool, message)).toBeNull();
  });

  it('is told with how many, how many of each kind, and who has most at stake', async () => {
    const said = await openRoom().say(tool, {});
    expect(said).toMatch(
      /^1 of 2 customers with a health score is at risk: 0 critical and 1 with a warning, \$0\.00 MRR in all\. Most at stake: Acme Robotics/,
    );
  });

  it('can be pointed at: rows are customers, in order', async () => {
    const output = await openRoom().run(tool, {});
    expect(output.listed).toEqual([{ id: ACME.id, label: ACME.name, customerId: ACME.id }]);
  });

  it('says when nobody is', async () => {
    expect(await openRoom([thriving]).say(tool, {})).toBe(
      'Of 1 customer with a health score, none is critical or a warning.',
    );
    expect(await openRoom().say(tool, { band: 'critical' })).toMatch(/none is critical/);
  });

  it('leaves out whom it is told to', async () => {
    expect(await openRoom().say(tool, { exclude: ['Acme Robotics'] })).toMatch(/^Of 1 customer .+ none is/);
    expect(await openRoom().say(tool, { where: { segment: ['enterprise'] } })).toMatch(/^Of 0 customers/);
  });
});
