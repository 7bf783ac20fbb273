import { describe, expect, it } from 'vitest';
import type { SkillRuns } from '../../src/domain/ports.ts';
import { scripted } from './scripted-model.ts';
import { startAgent } from './world.ts';

const RUN = { calls: [{ name: 'run_skill', args: { skill: 'daily-sync' } }] };
/** Skills that write down what was started. */
function house() {
  const starts: string[] = [];
  const skills: SkillRuns = {
    skills: () => [{ name: 'daily-sync', description: 'Reads everything.', scope: 'metrics:read' }],
    list: async () => [],
    start: async ({ skill, principal }) => {
      starts.push(skill);
      const run = { id: 'run_1', skill, state: 'done' as const, step: null, summary: 'All is well.' };
      return { ...run, starterName: principal.name, startedAt: 0, endedAt: 0 };
    },
  };
  return { skills, starts };
}

describe('a skill that a model would start', () => {
  it('is started when it is asked for outright', async () => {
    const { model } = scripted(RUN, 'Done.');
    const { skills, starts } = house();
    const agent = startAgent({ model, skills });
    await agent.ask('run the daily sync');
    expect(starts).toEqual(['daily-sync']);
  });

  it('is out of reach once text from outside has entered the turn', async () => {
    const { model, chat } = scripted({ calls: [{ name: 'list_tickets', args: {} }] }, RUN, RUN, 'Done.');
    const { skills, starts } = house();
    const agent = startAgent({ model, skills });
    await agent.ask('run through the open tickets and run the daily sync');
    expect(chat.toolsShown[0]).toContain('run_skill');
    expect(chat.toolsShown[1]).not.toContain('run_skill');
    expect(starts).toEqual([]);
  });

  it('is not started beside a reading of such text in the same round', async () => {
    const both = { calls: [{ name: 'list_tickets', args: {} }, ...RUN.calls] };
    const { model } = scripted(both, 'Done.');
    const { skills, starts } = house();
    const agent = startAgent({ model, skills });
    await agent.ask('show the open tickets and run the daily sync');
    expect(starts).toEqual([]);
  });

  it('is not started when nobody asked for it', async () => {
    const { model } = scripted(RUN, RUN, 'Done.');
    const { skills, starts } = house();
    const agent = startAgent({ model, skills });
    await agent.ask('how is our MRR?');
    expect(starts).toEqual([]);
  });
});
