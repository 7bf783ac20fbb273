import { describe, expect, it } from 'vitest';
import { ACME, GLOBEX } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { failed, incident, openDesk } from './desk.ts';

const tool = toolNamed('list_alerts');

describe('asking for alerts', () => {
  it.each<[string, Record<string, unknown>]>([
    ['any alerts?', {}],
    ["what's on fire", {}],
    ['what needs a look?', {}],
    ['is anything broken right now', {}],
    ['show my alerts', { list: 'mine' }],
    ['which alerts are snoozed?', { list: 'snoozed' }],
    ['payment alerts', { kind: 'payment_failed' }],
    ['any alerts for Globex?', { customer: GLOBEX.id }],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each(['snooze the Acme alert', "I'll take the Globex alert", 'how many failed payments this month'])(
    'leaves "%s" to others',
    async (message) => {
      expect(await bestReading(tool, message)).toBeNull();
    },
  );

  it('tells the newest first, and says when all is well', async () => {
    const { say, record } = openDesk();
    expect(await say(tool, {})).toBe('Nothing needs a look right now.');
    await record(failed(ACME.id, ACME.name), incident);
    expect(await say(tool, {})).toBe(
      `2 open alerts. An incident is open: API outage. ${ACME.name}'s payment of $120.00 failed: the card has expired.`,
    );
  });

  it('shows each role only the kinds the policy gives it, and says that there may be more', async () => {
    const { say, record } = openDesk();
    await record(failed(ACME.id, ACME.name));
    expect(await say(tool, {}, 'viewer')).toBe('Nothing of what your role may see needs a look right now.');
    await record(incident);
    expect(await say(tool, {}, 'viewer')).toBe('1 open alert. An incident is open: API outage.');
    expect(await say(tool, {}, 'guest')).not.toContain('incident');
  });

  it('knows what somebody has taken and what is snoozed', async () => {
    const { say, record, desk, book } = openDesk();
    await record(failed(ACME.id, ACME.name), failed(GLOBEX.id, GLOBEX.name));
    await say(toolNamed('own_alert'), { about: ACME.id }, 'founder', 'U_ada');
    await say(toolNamed('snooze_alert'), { about: GLOBEX.id, until: 'hour' });
    expect(await say(tool, { list: 'mine' }, 'founder', 'U_ada')).toContain(ACME.name);
    expect(await say(tool, { list: 'mine' }, 'founder', 'U_else')).toBe(
      'No open alerts that you have taken.',
    );
    expect(await say(tool, { list: 'snoozed' })).toContain(GLOBEX.name);
    expect(await say(tool, {})).not.toContain(GLOBEX.name);
    expect((await desk.open({ limit: 10 })).total).toBe(1);
    expect(book.openSubjects('payment_failed', 'customer')).toHaveLength(2);
  });
});
