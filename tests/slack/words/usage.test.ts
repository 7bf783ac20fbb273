import { afterEach, expect, it } from 'vitest';
import type { ModelUseRecord } from '../../../src/domain/model-usage.ts';
import type { Role } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { usageWord } from '../../../src/slack/words/usage.ts';
import { createModelUseLedger } from '../../../src/store/model-usage.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { DM, principal } from '../../agent/world.ts';

const NOW_AT = Date.parse('2026-11-22T20:00:00Z');
const DAY_MS = 86_400_000;
const store = openStore(':memory:');
const modelUse = createModelUseLedger(store);
afterEach(() => store.sqlite.exec('DELETE FROM model_usage'));

const use = (over: Partial<ModelUseRecord>): ModelUseRecord => ({
  id: 't1',
  teamId: 'T1',
  userId: 'U_ann',
  purpose: 'turn',
  model: 'gpt-4.1',
  promptHash: 'abc',
  outcome: 'answered',
  calls: 2,
  failures: 0,
  inputTokens: 1_000,
  cachedTokens: 500,
  outputTokens: 200,
  costMicros: 30_000,
  latencyMs: 3_000,
  at: NOW_AT,
  ...over,
});

async function shown(role: Role = 'founder'): Promise<string> {
  const word = usageWord({
    modelUse,
    budget: { kind: 'money', micros: 5e6 },
    mode: () => 'gpt-4.1',
    members: async () => [{ userId: 'U_ann', name: 'Ann' }],
    scopesOf: ({ roles }) => (roles.includes('guest') ? [] : ['metrics:read']),
    company: { tz: 'America/Los_Angeles' },
    clock: fixedClock(NOW_AT),
  });
  const { blocks } = await word.run({ reader: principal(role), place: DM, rest: '' });
  return blocks
    .map((block) => ('text' in block && typeof block.text === 'object' ? (block.text?.text ?? '') : ''))
    .join('\n');
}

it('adds up today, seven days and the month by the days of the company, model by model', async () => {
  await modelUse.record(use({}));
  await modelUse.record(use({ id: 't2', at: NOW_AT - 3 * DAY_MS, outcome: 'fallback', failures: 1 }));
  await modelUse.record(use({ id: 't3', at: NOW_AT - 15 * DAY_MS, model: 'other', costMicros: null }));
  await modelUse.record(use({ id: 't4', at: NOW_AT - 40 * DAY_MS }));
  await modelUse.record(use({ id: 't5', teamId: 'T2' }));
  const text = await shown();
  expect(text).toContain('The model is gpt-4.1. It may use $5.00 a day.');
  expect(text).toContain('*Today*\n• gpt-4.1: 1 question, 1,200 tokens, $0.03 (1.5 s a call, 50% cached)');
  expect(text).toContain('*Last 7 days*\n• gpt-4.1: 2 questions, 2,400 tokens, $0.06');
  expect(text).toContain('1 failed call, 1 answered by rules');
  expect(text).toContain('• other: 1 question, 1,200 tokens, cost unknown');
});

it('names people to founders alone, and nothing to those without numbers', async () => {
  await modelUse.record(use({}));
  expect(await shown()).toContain('• Ann: 1 question');
  expect(await shown('analyst')).not.toContain('Ann');
  await expect(shown('guest')).rejects.toMatchObject({ code: 'not_allowed' });
});

it('counts a turn that is worked on again on top of what it used before', async () => {
  await modelUse.record(use({}));
  await modelUse.record(use({}));
  expect(await modelUse.sums({ sinceAt: 0 })).toMatchObject([
    { turns: 1, calls: 4, inputTokens: 2_000, costMicros: 60_000 },
  ]);
  await modelUse.record(use({ costMicros: null }));
  expect(await modelUse.sums({ sinceAt: 0 })).toMatchObject([{ unpriced: 1 }]);
});
