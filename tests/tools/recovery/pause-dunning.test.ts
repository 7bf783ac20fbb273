import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/pause-dunning.ts';
import retryPayment from '../../../src/tools/recovery/retry-payment.ts';
import { acme, NOON, openWorkspace, people, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { openRecovery } from './desk.ts';

let w: Workspace;
beforeEach(() => {
  w = openWorkspace();
  openRecovery(w);
});
afterEach(() => w.close());

const pause = (input: unknown) => tool.run(tool.input.parse(input), w.context(people.fay));
const schedule = { ...people.fay, kind: 'schedule' as const, userId: 'schedule:recovery-tick' };
const charge = () => retryPayment.plan({ customer: 'Acme' }, w.context(schedule));

it('stops what schedules would do, until its end', async () => {
  const output = await pause({ customer: 'Acme', days: 14 });
  expect(tool.narrate(output)).toContain('paused until Dec 8, 2026');
  await expect(charge()).rejects.toThrow(/somebody paused it/);
  w.clock.set(NOON + 14 * 86_400_000);
  expect(await charge()).toMatchObject({ title: 'Charge $120.00 to Acme Robotics again' });
});

it('an opt-out holds without an end, and says how to undo it', async () => {
  const output = await pause({ customer: 'Acme', optedOut: true });
  expect(tool.narrate(output)).toContain('resume dunning for Acme Robotics');
  w.clock.set(NOON + 20 * 86_400_000);
  await expect(charge()).rejects.toThrow(/not to be contacted/);
  await expect(pause({ customer: 'Acme', optedOut: true, days: 3 })).rejects.toThrow(
    /until they say otherwise/,
  );
});

it.each([
  ['pause dunning for Acme', { customer: acme.id }],
  ['stop chasing Acme for 14 days', { customer: acme.id, days: 14 }],
  ['hold off on collections for Acme for two weeks', { customer: acme.id, days: 14 }],
  ['Acme opted out of payment mails', { customer: acme.id, optedOut: true }],
])('%s is read beyond doubt', (text, input) => {
  expect(tool.recognize(saying(text, { negated: false }))).toMatchObject([{ input, confidence: 0.96 }]);
});
it.each(['pause the briefing', "don't pause dunning for Acme"])('%s is not', (text) => {
  expect(tool.recognize(saying(text))).toEqual([]);
});
