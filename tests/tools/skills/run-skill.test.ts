import { describe, expect, it } from 'vitest';
import { findSkill } from '../../../src/domain/language/find-skill.ts';
import type { SkillRunSummary, SkillRuns } from '../../../src/domain/ports.ts';
import { skills } from '../../../src/skills/index.ts';
import { skillCard } from '../../../src/skills/skill-card.ts';
import runSkill from '../../../src/tools/skills/run-skill.ts';
import { openWorkspace, people } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';

const cards = skills.map(skillCard);
const read = (text: string) => {
  const utterance = saying(text);
  return runSkill.recognize({ ...utterance, skill: findSkill(utterance, cards) });
};

describe('what people say', () => {
  it.each([
    ['chase the overdue invoices', 'collections-nudge'],
    ["nudge everyone who's overdue", 'collections-nudge'],
    ['please chase all overdue invoices', 'collections-nudge'],
    ['can you chase the overdue invoices for me?', 'collections-nudge'],
    ['run collections-nudge', 'collections-nudge'],
    ['start the collections nudge', 'collections-nudge'],
    ['run the daily sync', 'daily-sync'],
    ['run the skill daily-sync now', 'daily-sync'],
    ['sync all sources', 'daily-sync'],
  ])('"%s" runs %s', (text, skill) => {
    expect(read(text)).toMatchObject([{ input: { skill } }]);
  });

  it.each([
    "don't chase the overdue invoices",
    'should I chase the overdue invoices?',
    'if they are late, chase the overdue invoices',
    'who chased the overdue invoices?',
    'chase the overdue invoices of Acme',
    'how did the daily sync go last night?',
    'remind me to run the daily sync tomorrow',
    'list overdue invoices',
    'what does the daily sync do',
  ])('"%s" runs nothing', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('its examples name skills there are', () => {
    for (const { input } of runSkill.examples) expect(cards.map((card) => card.name)).toContain(input.skill);
  });
});

describe('a call', () => {
  const run: SkillRunSummary = {
    id: 'run_1',
    skill: 'collections-nudge',
    state: 'parked',
    step: 'decisions',
    starterName: 'fay',
    startedAt: 0,
    endedAt: null,
    summary: 'Proposed 2 payment reminders on one card in this thread, a row each.',
  };

  async function call(askedBy: string | undefined, answer: SkillRunSummary = run) {
    const w = openWorkspace();
    const starts: Parameters<SkillRuns['start']>[0][] = [];
    const ctx = {
      ...w.context(people.fay),
      ...(askedBy === undefined ? {} : { askedBy }),
      skills: {
        skills: () => cards,
        list: async () => [],
        start: async (wanted: Parameters<SkillRuns['start']>[0]) => {
          starts.push(wanted);
          return answer;
        },
      },
    };
    const output = await runSkill.run({ skill: 'collections-nudge' }, ctx);
    w.close();
    return { said: runSkill.narrate(output), start: starts[0] };
  }

  it('has the rights and the place of whoever asks', async () => {
    const { start } = await call('turn-1');
    expect(start).toMatchObject({ skill: 'collections-nudge', input: {}, principal: people.fay });
  });

  it('begins one run a message, however often the message is worked on', async () => {
    const keys = await Promise.all(
      ['turn-1', 'turn-1', 'turn-2'].map(async (turn) => (await call(turn)).start?.key),
    );
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('says what was proposed, where the card is, and that nothing goes out before approval', async () => {
    const { said } = await call('turn-1');
    expect(said).toMatch(/2 payment reminders on one card in this thread/);
    expect(said).toMatch(/Nothing is sent before/);
    expect(said).toContain('run_1');
  });

  it('says so when the run is still working, and when it failed', async () => {
    expect((await call('t', { ...run, state: 'running', summary: null })).said).toMatch(/still working/);
    expect((await call('t', { ...run, state: 'failed', summary: 'Stripe was away.' })).said).toMatch(
      /did not get to its end\. Stripe was away/,
    );
  });
});
