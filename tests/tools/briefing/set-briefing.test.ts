import { describe, expect, it } from 'vitest';
import tool from '../../../src/tools/briefing/set-briefing.ts';
import { bestReading } from '../reading.ts';
import { contextOf } from './world.ts';

describe('moving a briefing', () => {
  it.each([
    ['move my briefing to 7:30', { time: '07:30' }],
    ['send my briefing at 9 Berlin time', { time: '09:00', timezone: 'Europe/Berlin' }],
    [
      'can I get my morning briefing at 6:45am New York time please',
      { time: '06:45', timezone: 'America/New_York' },
    ],
    ['send my briefing at 9 Atlantis time', { time: '09:00', timezone: 'Atlantis' }],
    ['stop my briefing', { on: false }],
    ['turn off the daily briefing', { on: false }],
    ['turn on my briefing', { on: true }],
    ['my briefing by email only', { channels: ['email'] }],
    ['briefing by email and slack please', { channels: ['slack', 'email'] }],
  ])('is read from "%s"', async (said, input) => {
    const reading = await bestReading(tool, said);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.85);
  });
  it.each([
    "what's our MRR?",
    'when is my briefing?',
    'send me my briefing now',
    'move his briefing to 9',
    'refund Acme',
  ])('is not read from "%s"', async (said) => expect(await bestReading(tool, said)).toBeNull());

  it('is confirmed with the next one in the zone it is for, and with what undoes it', async () => {
    const ctx = contextOf();
    const output = await tool.run({ time: '9:05', timezone: 'berlin' }, ctx);
    const said = tool.narrate(output);
    expect(said).toContain('09:05 Berlin time');
    expect(said).toContain('Next: Nov 23, 2026, 09:05 CET.');
    expect(said).toContain('say "move my briefing to 08:00 America/Los_Angeles, by slack and email"');
    const back = await bestReading(tool, output.undo);
    const restored = await tool.run(tool.input.parse(back?.input), ctx);
    expect(restored.settings).toEqual(output.before);
  });
  it('says so when nothing changes', async () => {
    const ctx = contextOf();
    expect(tool.narrate(await tool.run({ time: '08:00' }, ctx))).toMatch(
      /^Your briefing comes at 08:00 .* already/,
    );
  });
  it('refuses a zone nobody knows, and changes nothing', async () => {
    const ctx = contextOf();
    await expect(tool.run({ timezone: 'Atlantis' }, ctx)).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await ctx.settings.get(ctx.principal)).briefing.tz).toBe('America/Los_Angeles');
  });
});
