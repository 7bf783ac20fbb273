import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SkillRunSummary, SkillRuns } from '../../../src/domain/ports.ts';
import tool from '../../../src/tools/billing/run-month-close.ts';
import { heard } from '../reading.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

const parked: SkillRunSummary = {
  id: 'run_1',
  skill: 'month-close',
  state: 'parked',
  step: 'decisions',
  starterName: 'fay',
  startedAt: 0,
  endedAt: null,
  summary: 'Two invoices.',
};

function skills(underWay: SkillRunSummary[] = []) {
  const started: Parameters<SkillRuns['start']>[0][] = [];
  const runs: SkillRuns = {
    skills: () => [],
    list: async ({ state }) => underWay.filter((one) => one.state === state),
    start: async (run) => {
      started.push(run);
      return parked;
    },
  };
  return { started, ctx: { ...room.ctx, skills: runs } };
}

describe('closing a month', () => {
  it.each([
    [{}, '2026-10'],
    [{ month: 'September 2026' }, '2026-09'],
    [{ month: 'last month' }, '2026-10'],
  ])('%j starts the playbook for %s', async (input, month) => {
    const { started, ctx } = skills();
    const output = await tool.run(input, ctx);
    expect(started).toMatchObject([{ skill: 'month-close', input: { month } }]);
    expect(tool.narrate(output)).toContain('Nothing is issued before');
  });

  it.each<[string, { month?: string }, RegExp]>([
    ['a month that is not over', { month: 'this month' }, /not over yet/],
    ['a quarter', { month: 'last quarter' }, /is not one month/],
  ])('refuses %s', async (_name, input, words) => {
    const { started, ctx } = skills();
    await expect(tool.run(input, ctx)).rejects.toThrow(words);
    expect(started).toEqual([]);
  });

  it('refuses a month that is closed, and a second close beside one that waits', async () => {
    await room.draft();
    const run = await room.desk.runs.ofMonth('main', '2026-10');
    await expect(tool.run({}, skills([parked]).ctx)).rejects.toThrow(/under way already: run run_1/);
    await room.desk.runs.close(run?.id ?? '');
    await expect(tool.run({}, skills().ctx)).rejects.toThrow(/closed already/);
  });
});

describe('what people say', () => {
  it.each([
    ['close the month', {}],
    ['please run the month close', {}],
    ['run the month close for October 2026', { month: 'October 2026' }],
    ['close last month', { month: 'last month' }],
  ])('"%s"', async (text, input) => {
    expect(tool.recognize(await heard(text))).toMatchObject([{ input }]);
  });
  it.each(["don't close the month", 'should we close the month?', 'close the ticket', 'close this quarter'])(
    '"%s" closes nothing',
    async (text) => {
      expect(tool.recognize(await heard(text))).toEqual([]);
    },
  );
});
