import { describe, expect, it } from 'vitest';
import { ACME, GLOBEX } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { failed, openDesk } from './desk.ts';

const tool = toolNamed('snooze_alert');

describe('snoozing an alert', () => {
  it.each<[string, Record<string, unknown>]>([
    ['snooze the Globex alert until tomorrow', { about: GLOBEX.id, until: 'tomorrow' }],
    ['snooze it for an hour', { until: 'hour' }],
    ['mute the Globex alert for a week', { about: GLOBEX.id, until: 'week' }],
    ['wake the Globex alert', { about: GLOBEX.id, until: 'now' }],
    ['unsnooze it', { until: 'now' }],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it("says until when on the asker's clock, how to undo it, and is undone so", async () => {
    const { say, record, desk } = openDesk();
    await record(failed(ACME.id, ACME.name));
    const said = await say(tool, { until: 'tomorrow' });
    expect(said).toMatch(/^Snoozed until \w+ \d+, 2026, 08:00 E[SD]T: /);
    expect(said).toContain(`Say "wake the ${ACME.name} alert" to undo.`);
    expect((await desk.open({ limit: 5 })).total).toBe(0);
    expect(await say(tool, { about: ACME.name, until: 'now' })).toContain('Awake again');
    expect((await desk.open({ limit: 5 })).total).toBe(1);
  });

  it('is heard again by itself when the time is over', async () => {
    const { say, record, desk, clock, book } = openDesk();
    await record(failed(ACME.id, ACME.name));
    await say(tool, { until: 'hour' });
    expect(book.nextSnoozeEndAt(clock.now())).toBe(clock.now() + 3_600_000);
    clock.advance(3_600_000);
    expect((await desk.open({ limit: 5 })).total).toBe(1);
  });

  it('changes nothing of what is over or awake', async () => {
    const { say, record, changes } = openDesk();
    await expect(say(tool, { until: 'hour' })).rejects.toThrow('There is no open alert.');
    await record(failed(ACME.id, ACME.name));
    await expect(say(tool, { until: 'now' })).rejects.toThrow('not snoozed');
    expect(changes()).toBe(0);
  });
});
