import { expect, it } from 'vitest';
import { createModelGuard } from '../../src/agent/model-guard.ts';
import { noUsage } from '../../src/agent/model-usage.ts';
import type { ModelBudget, ModelPrices } from '../../src/domain/policy/model-rules.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createModelUseLedger } from '../../src/store/model-usage.ts';
import { openStore } from '../../src/store/open-store.ts';
import { scripted } from './scripted-model.ts';

const NOW_AT = Date.parse('2026-11-22T20:00:00Z');
const { model } = scripted('Hello.');
const { model: another } = scripted('Hello.');

function guardWith(budget: ModelBudget | null, prices: ModelPrices = { scripted: { input: 1, output: 2 } }) {
  const clock = fixedClock(NOW_AT);
  const ledger = createModelUseLedger(openStore(':memory:'));
  const tz = 'America/Los_Angeles';
  const guard = createModelGuard({ ledger, budget, prices: () => prices, clock, tz, logger: silentLogger });
  const use = (id: string, tokens: number) =>
    guard.record({
      ...{ id, teamId: 'T1', userId: 'U1', purpose: 'turn', model, promptHash: 'abc', outcome: 'answered' },
      usage: { ...noUsage(), calls: 1, inputTokens: tokens },
    });
  return { guard, clock, use };
}

it('tells the doctor what was used today and what may be', async () => {
  const { guard, use } = guardWith({ kind: 'money', micros: 5e6 });
  await use('t1', 1_000_000);
  expect(await guard.state(model)).toEqual([
    '  Today: 1 question, 1,000,000 tokens, $1.00.',
    '  It may use $5.00 a day.',
  ]);
  await use('t2', 4_000_000);
  expect((await guard.state(model)).at(-1)).toBe(
    '  Rules mode answers: its budget of $5.00 for today is used up.',
  );
  expect(await guard.admit(model)).toMatchObject({ ok: false });
});

it('tells the doctor of a price nobody has named', async () => {
  const { guard } = guardWith(null, {});
  expect((await guard.state(model)).at(-1)).toContain('What scripted costs is unknown');
  expect(await guard.state(null)).toEqual([]);
});

it('lets a model rest after three failures in a row, not after one that was made good, and no other model', async () => {
  const { guard, clock } = guardWith(null);
  guard.failed(model, 'down');
  guard.failed(model, 'down');
  guard.succeeded(model);
  guard.failed(model, 'down');
  expect(await guard.admit(model)).toEqual({ ok: true });
  guard.failed(model, 'busy');
  guard.failed(model, 'busy');
  expect(await guard.admit(model)).toEqual({ ok: false, why: 'it has failed 3 times in a row' });
  expect((await guard.state(model))[0]).toContain('too busy to answer 3 times in a row');
  expect(await guard.admit(another)).toEqual({ ok: true });
  clock.advance(60_000);
  expect(await guard.admit(model)).toEqual({ ok: true });
});

it('begins the budget anew with the day of the company, not of Greenwich', async () => {
  const { guard, clock, use } = guardWith({ kind: 'tokens', tokens: 100 });
  await use('t1', 100);
  clock.set(Date.parse('2026-11-23T07:59:00Z'));
  expect(await guard.admit(model)).toMatchObject({ ok: false });
  clock.set(Date.parse('2026-11-23T08:00:00Z'));
  expect(await guard.admit(model)).toEqual({ ok: true });
});
