import { describe, expect, it } from 'vitest';
import tool from '../../../src/tools/briefing/get-briefing.ts';
import { bestReading } from '../reading.ts';
import { contextOf } from './world.ts';

describe('asking about a briefing', () => {
  it.each([
    'when is my briefing?',
    'what are my briefing settings?',
    'what time does my morning briefing come',
  ])('is understood: %s', async (said) =>
    expect((await bestReading(tool, said))?.confidence).toBeGreaterThanOrEqual(0.8),
  );
  it('tells when it comes, how, and when next', async () => {
    const said = tool.narrate(await tool.run({}, contextOf()));
    expect(said).toBe(
      'Your briefing comes at 08:00 Los Angeles time, by Slack and email. Next: Nov 23, 2026, 08:00 PST.',
    );
  });
  it('says that it is off', async () => {
    const ctx = contextOf();
    await ctx.settings.change(ctx.principal, { briefing: { on: false } });
    expect(tool.narrate(await tool.run({}, ctx))).toMatch(/^Your briefing is off/);
  });
});
