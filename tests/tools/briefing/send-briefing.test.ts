import { describe, expect, it } from 'vitest';
import tool from '../../../src/tools/briefing/send-briefing.ts';
import { quietPorts } from '../../quiet-ports.ts';
import { bestReading } from '../reading.ts';
import { contextOf } from './world.ts';

describe('asking for a briefing now', () => {
  it.each(['send me my briefing now', 'brief me', 'give me my briefing', 'my briefing again please'])(
    'is understood: %s',
    async (said) => expect((await bestReading(tool, said))?.confidence).toBeGreaterThanOrEqual(0.9),
  );
  it.each(['move my briefing to 7:30', 'when is my briefing?', 'stop my briefing'])(
    'is not meant by: %s',
    async (said) => expect(await bestReading(tool, said)).toBeNull(),
  );
  it('starts one run for the asker, and the same one when asked again within the minute', async () => {
    const keys: string[] = [];
    const skills = {
      ...quietPorts.skills,
      start: async ({
        key,
        skill,
        principal,
      }: {
        key: string;
        skill: string;
        principal: { userId: string; name: string };
      }) => {
        keys.push(key);
        expect(principal.userId).toBe('U1');
        return {
          id: 'r',
          skill,
          state: 'done' as const,
          step: null,
          starterName: principal.name,
          startedAt: 0,
          endedAt: 1,
          summary: null,
        };
      },
    };
    const ctx = contextOf({ skills });
    await tool.run({}, ctx);
    expect(tool.narrate(await tool.run({}, ctx))).toMatch(/in our DM/);
    expect(new Set(keys).size).toBe(1);
  });
});
