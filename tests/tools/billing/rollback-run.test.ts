import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SkillRunSummary, SkillRuns } from '../../../src/domain/ports.ts';
import tool from '../../../src/tools/billing/rollback-run.ts';
import { heard } from '../reading.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

const parked: SkillRunSummary = {
  ...{ id: 'run_1', skill: 'month-rollback', state: 'parked', step: 'decisions', starterName: 'fay' },
  ...{ startedAt: 0, endedAt: null, summary: 'Two invoices to take back.' },
};

it.each([
  [{}, '2026-10'],
  [{ month: 'September 2026' }, '2026-09'],
])('%j starts the playbook for %s and says that nothing has happened yet', async (input, month) => {
  const started: Parameters<SkillRuns['start']>[0][] = [];
  const start: SkillRuns['start'] = async (run) => {
    started.push(run);
    return parked;
  };
  const output = await tool.run(input, { ...room.ctx, skills: { ...room.ctx.skills, start } });
  expect(started).toMatchObject([{ skill: 'month-rollback', input: { month } }]);
  expect(tool.narrate(output)).toContain('Nothing is taken back before');
});

it.each([
  ['roll back the month close', {}],
  ['please undo the October 2026 close', { month: 'October 2026' }],
  ['unwind the billing run of last month', { month: 'last month' }],
])('"%s" asks for it', async (text, input) => {
  expect(tool.recognize(await heard(text))).toMatchObject([{ input }]);
});

it.each([
  "don't roll back the close",
  'should we undo the close?',
  'undo that',
  'undo the close of last quarter',
])('"%s" takes nothing back', async (text) => {
  expect(tool.recognize(await heard(text))).toEqual([]);
});
