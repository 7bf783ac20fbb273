import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PastFailure } from '../../../src/domain/recovery/desk.ts';
import { stageHistory, stageOf } from '../../../src/domain/recovery/stages.ts';
import tool from '../../../src/tools/recovery/recovery-report.ts';
import { acme, NOON, openWorkspace, people, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { openRecovery, type RecoveryRoom } from './desk.ts';

const DAY_MS = 86_400_000;

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
});
afterEach(() => w.close());

function failed(daysAgo: number, paidAfterDays: number | null): PastFailure {
  const failedAt = NOON - daysAgo * DAY_MS;
  return {
    invoiceId: `in_${daysAgo}`,
    customerId: acme.id,
    failedAt,
    owed: { minor: 10_000, currency: 'USD' },
    recoveredAt: paidAfterDays === null ? null : failedAt + paidAfterDays * DAY_MS,
  };
}

function report(failures: PastFailure[]) {
  const ctx = w.context(people.fay);
  const recovery = { ...room.desk(), failuresSince: async () => failures };
  return tool.run({}, { ...ctx, facts: { ...ctx.facts, subscriptionsAt: async () => [] }, recovery });
}

it('measures the share that came in within four weeks, and judges nothing too young', async () => {
  const output = await report([failed(60, 3), failed(50, 5), failed(45, 40), failed(40, null), failed(5, 1)]);
  expect(output.all).toMatchObject({ cases: 4, recovered: 2, open: 1, percent: 50 });
  expect(output.all.low).toBeLessThan(50);
  expect(output.all.high).toBeGreaterThan(50);
  expect(output.ageing).toEqual([{ age: '1-30 days', count: 1, amount: { minor: 12_000, currency: 'USD' } }]);
  expect(tool.narrate(output)).toMatch(/^Of 4 failed payments 50% came in within 28 days \(95% sure: /);
});

it('without anything old enough says so rather than a rate', async () => {
  expect(tool.narrate(await report([failed(5, 1)]))).toMatch(/^No payment that failed is old enough/);
});

it('counts the fees that refusals saved', async () => {
  const charge = { fingerprint: 'card_acme', network: 'mastercard', country: 'US' };
  const about = { customerId: acme.id, invoiceId: 'in_1', by: 'person' as const };
  const amount = { minor: 1, currency: 'USD' };
  await room.desk().refuseAttempt({ ...charge, ...about, amount }, 'network_forbids');
  await room.desk().refuseAttempt({ ...charge, ...about, amount }, 'minimum_gap');
  const output = await report([failed(60, 3)]);
  expect(output.fees).toEqual({ attempts: 1, amount: { minor: 50, currency: 'USD' } });
  expect(tool.narrate(output)).toContain('saved up to $0.50');
});

it('a stage counts who got there and who was paid after it', () => {
  const failures = [failed(100, 3), failed(100, 10), failed(100, null), failed(10, null)];
  const history = stageHistory(failures, { now: NOON, settledDays: 56 });
  expect(history['first week']).toEqual({ reached: 3, recovered: 2 });
  expect(history['second week']).toEqual({ reached: 2, recovered: 1 });
  expect(history['after 4 weeks']).toEqual({ reached: 1, recovered: 0 });
  expect(stageOf(8 * DAY_MS)).toBe('second week');
});

it.each(['recovery report', 'how is dunning going?'])('%s is read', (text) => {
  expect(tool.recognize(saying(text))).toMatchObject([{ confidence: 0.97 }]);
});
it('a recovery of one customer is not', () => {
  expect(tool.recognize(saying('recovery report of Acme'))).toEqual([]);
});
