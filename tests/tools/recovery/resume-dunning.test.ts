import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/resume-dunning.ts';
import retryPayment from '../../../src/tools/recovery/retry-payment.ts';
import { acme, NOON, openWorkspace, people, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { openRecovery, type RecoveryRoom } from './desk.ts';

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
});
afterEach(() => w.close());

const resume = () => tool.run({ customer: 'Acme' }, w.context(people.fay));

it.each(['paused', 'opted_out'] as const)('what was %s goes on', async (kind) => {
  await room.desk().note(acme.id, { kind, step: null, untilAt: null, by: 'fay' });
  w.clock.set(NOON + 60_000);
  const output = await resume();
  expect(tool.narrate(output)).toContain('The recovery of Acme Robotics goes on.');
  w.clock.set(NOON + 120_000);
  const schedule = { ...people.fay, kind: 'schedule' as const, userId: 'schedule:recovery-tick' };
  expect(await retryPayment.plan({ customer: 'Acme' }, w.context(schedule))).toMatchObject({ warnings: [] });
  await expect(resume()).rejects.toThrow(/is not paused/);
});

it.each(['resume dunning for Acme', 'start chasing Acme again'])('%s is read beyond doubt', (text) => {
  expect(tool.recognize(saying(text))).toMatchObject([{ input: { customer: acme.id }, confidence: 0.93 }]);
});
it('resume the report is not', () => {
  expect(tool.recognize(saying('resume the weekly report'))).toEqual([]);
});
