import { describe, expect, it } from 'vitest';
import type { SkillRunSummary } from '../../src/domain/ports.ts';
import type { DeadTurn, NamedRun, RunStatus, ScheduleOutlook } from '../../src/domain/schedule/run.ts';
import type { Principal } from '../../src/domain/types.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createRunCards } from '../../src/slack/run-cards.ts';
import { runBlocks } from '../../src/slack/views/home/runs.ts';
import { deadTurnMessage } from '../../src/slack/views/run-card.ts';
import { runsWord } from '../../src/slack/words/runs.ts';

const at = (text: string) => Date.parse(text);

const run = (more: Partial<NamedRun> = {}): NamedRun => ({
  schedule: 'morning-briefing',
  subject: 'U1',
  subjectName: 'Priya Raman',
  dueAt: at('2026-11-22T16:00Z'),
  state: 'done',
  attempt: 1,
  failures: 0,
  holder: null,
  leaseUntil: null,
  fence: 1,
  nextAttemptAt: null,
  startedAt: at('2026-11-22T16:00Z'),
  finishedAt: at('2026-11-22T16:01Z'),
  summary: 'Sent by Slack and mail.',
  error: null,
  referenceId: null,
  ...more,
});

const outlook = (more: Partial<ScheduleOutlook> = {}): ScheduleOutlook => ({
  schedule: 'morning-briefing',
  words: 'every day at 08:00, each in their own zone',
  subjects: 12,
  nextDueAt: at('2026-11-23T16:00Z'),
  running: 0,
  stuck: [],
  waiting: [],
  dead: [],
  last: run(),
  problem: null,
  ...more,
});

const dead = run({
  state: 'dead',
  failures: 4,
  error: 'A source could not be reached.',
  referenceId: 'ref-abc',
  summary: null,
});

const person = (userId: string, roles: Principal['roles']): Principal => ({
  kind: 'user',
  teamId: 'T1',
  userId,
  name: userId,
  email: null,
  roles,
  tz: 'UTC',
});
const place = { teamId: 'T1', channelId: 'D1', threadTs: 'x', kind: 'dm' as const, internalOnly: true };

function word(outlooks: ScheduleOutlook[], skillRuns: SkillRunSummary[] = [], turns: NamedRun[] = []) {
  const runs: RunStatus = { next: async () => outlooks, recent: async () => turns };
  return runsWord({
    runs,
    skills: { list: async () => skillRuns },
    scopesOf: (reader) => (reader.roles.includes('guest') ? [] : ['metrics:read']),
  });
}

const ask = async (what: ReturnType<typeof word>, rest = '', roles: Principal['roles'] = ['founder']) =>
  JSON.stringify(await what.run({ reader: person('U9', roles), place, rest }));

describe('/psi runs', () => {
  it('says of each schedule when it comes, for how many, next and how it went', async () => {
    const said = await ask(word([outlook()]));
    expect(said).toContain(
      '*Morning briefing*: every day at 08:00, each in their own zone, for 12 people; next <!date^',
    );
    expect(said).toContain('Sent by Slack and mail.');
    expect(said).toContain('1 schedules, all well');
  });

  it('names what is stuck, what is tried again and what was given up, with reason and reference', async () => {
    const waiting = run({
      state: 'waiting',
      failures: 1,
      error: 'Stripe is not connected.',
      referenceId: 'ref-def',
      nextAttemptAt: at('2026-11-22T16:05Z'),
    });
    const said = await ask(
      word([outlook({ running: 1, stuck: [run({ state: 'running' })], waiting: [waiting], dead: [dead] })]),
    );
    expect(said).toContain('Stuck for Priya Raman: running since');
    expect(said).toMatch(
      /Failed once for Priya Raman due .*Stripe is not connected\. Reference ref-def\. Tried again/,
    );
    expect(said).toMatch(
      /Given up for Priya Raman .*failing 4 times: A source could not be reached\. Reference ref-abc/,
    );
    expect(said).toContain('3 turns need a look');
  });

  it('lists the skills at work', async () => {
    const skillRun: SkillRunSummary = {
      id: 'run_1',
      skill: 'collections-nudge',
      state: 'parked',
      step: 'decide',
      starterName: 'Lena',
      startedAt: 0,
      endedAt: null,
      summary: null,
    };
    expect(await ask(word([], [skillRun]))).toContain('*Collections nudge* for Lena, parked at decide since');
  });

  it('tells runs that came out alike once, with whom they were for', async () => {
    const briefing = (starterName: string): SkillRunSummary => ({
      id: `run_${starterName}`,
      skill: 'morning-briefing',
      state: 'done',
      step: null,
      starterName,
      startedAt: 0,
      endedAt: 60_000,
      summary: 'Sent by Slack',
    });
    const names = ['Ann', 'Bo', 'Cy', 'Di', 'Ed'];
    const said = await ask(word([], names.map(briefing)));
    expect(said).toContain('*Morning briefing* for Ann, Bo, Cy and 2 more, done');
    expect(said.match(/Morning briefing/g)).toHaveLength(1);
    expect(await ask(word([], ['Ann', 'Bo'].map(briefing)))).toContain('for Ann and Bo, done');
  });

  it('with a name shows the last turns of one, skipped ones with their reason', async () => {
    const skipped = run({
      state: 'skipped',
      summary: 'Missed while Psi was not running.',
      subjectName: null,
    });
    const said = await ask(word([outlook()], [], [skipped, dead]), 'Morning Briefing');
    expect(said).toContain('skipped. Missed while Psi was not running.');
    expect(said).toContain('for Priya Raman: Given up after failing 4 times: A source could not be reached.');
    await expect(ask(word([outlook()]), 'nonsense')).rejects.toThrow(
      'Nothing called "nonsense" runs by the clock.',
    );
  });

  it('is not for those who may not see numbers', async () => {
    await expect(ask(word([outlook()]), '', ['guest'])).rejects.toThrow('Your role does not include');
  });

  it('keeps every section within what Slack takes, however many turns failed', async () => {
    const long = run({ state: 'dead', failures: 4, error: 'x'.repeat(900) });
    const answer = await word(
      Array.from({ length: 12 }, () => outlook({ dead: [long, long, long, long, long] })),
    ).run({ reader: person('U9', ['founder']), place, rest: '' });
    expect(answer.blocks.length).toBeLessThanOrEqual(50);
    for (const block of answer.blocks)
      if (block.type === 'section') {
        expect(block.text?.text.length).toBeLessThanOrEqual(3000);
        expect(block.text?.text).not.toMatch(/<!date[^>]*$/);
      }
  });
});

describe('App Home', () => {
  it('has what runs by the clock in a few lines', () => {
    const blocks = JSON.stringify(runBlocks([outlook(), outlook({ schedule: 'housekeeping', subjects: 1 })]));
    expect(blocks).toContain('What runs by the clock');
    expect(blocks).toContain('*Housekeeping*');
    expect(runBlocks([])).toEqual([]);
  });
});

describe('a turn that was given up', () => {
  const turn: DeadTurn = { run: dead, teamId: 'T1', nextDueAt: at('2026-11-23T16:00Z') };

  it('is told with whose it was, how often it failed, why, and the reference', () => {
    const { text, blocks } = deadTurnMessage(turn);
    expect(text).toBe('Morning briefing for Priya Raman failed 4 times and was given up.');
    expect(JSON.stringify(blocks)).toContain('A source could not be reached.');
    expect(JSON.stringify(blocks)).toContain('ref-abc');
    expect(JSON.stringify(blocks)).toContain('The next one is due <!date^');
  });

  it('cannot smuggle a mention in by a name', () => {
    const blocks = JSON.stringify(
      deadTurnMessage({ ...turn, run: { ...dead, subjectName: '<!channel>' } }).blocks,
    );
    expect(blocks).not.toContain('<!channel>');
  });

  it('is told to each founder in their own messages, under a key of its own', async () => {
    const posts: [string, string][] = [];
    const tell = createRunCards({
      poster: {
        openDm: async (_team, user) => `D-${user}`,
        post: async (key, message) => {
          posts.push([key, message.channelId]);
          return { teamId: 'T1', channelId: message.channelId, ts: '1.2' };
        },
      },
      directory: {
        members: async () => [
          person('U1', ['founder']),
          person('U2', ['finance']),
          person('U3', ['founder']),
        ],
      },
      logger: silentLogger,
    });
    await tell(turn);
    expect(posts).toEqual([
      ['run-dead:morning-briefing:U1:2026-11-22T16:00:00.000Z:U1', 'D-U1'],
      ['run-dead:morning-briefing:U1:2026-11-22T16:00:00.000Z:U3', 'D-U3'],
    ]);
  });
});
