import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { receiptSchema } from '../../src/domain/output-shapes.ts';
import type { Scope } from '../../src/domain/types.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { giveBack } from '../agent/refund-tool.ts';
import { NOW_AT, principal, SHARED, startAgent } from '../agent/world.ts';

const receipt = {
  definition: { name: 'Echo', version: 1, words: 'what was said' },
  period: null,
  rowCount: 1,
  freshness: [],
  notes: [],
};

function echo(
  answer: (signal: AbortSignal) => Promise<string>,
  asOfAt: () => number = () => NOW_AT,
  said: z.ZodType<string> = z.string(),
) {
  return defineTool({
    name: 'echo_back',
    description: 'Says back what it was told; for these tests, which look at how tools are run.',
    scope: 'billing:read',
    effect: 'read',
    input: z.strictObject({ text: z.string(), period: z.string().optional() }),
    output: z.strictObject({ said, receipt: receiptSchema }),
    examples: [{ say: 'echo', input: { text: 'x' } }],
    recognize: () => [],
    run: async (_, ctx) => ({ said: await answer(ctx.signal), receipt: { ...receipt, asOfAt: asOfAt() } }),
    narrate: (output) => `It said ${output.said}.`,
  });
}

async function run(tool: ReturnType<typeof echo>, input: unknown, over: object = {}, timeoutMs?: number) {
  const agent = startAgent({ tools: [tool, giveBack], ...(timeoutMs ? { timeoutMs } : {}) });
  const result = await agent.runner.run({ ...(await agent.someone()), tool: tool.name, input, ...over });
  return { agent, result };
}

const fine = echo(async () => 'yes');

describe('running a tool', () => {
  it('gives output, narration and a receipt that is kept, and writes the call down', async () => {
    const { agent, result } = await run(fine, { text: 'x' });
    expect(result).toMatchObject({
      ok: true,
      kind: 'result',
      narration: 'It said yes.',
      output: { said: 'yes' },
    });
    expect(agent.audited).toEqual(['tool.called echo_back']);
  });

  it.each([
    ['a missing field', {}, 'text'],
    ['a field of the wrong kind', { text: 4 }, 'text'],
    ['a field nobody knows', { text: 'x', sql: 'drop' }, 'sql'],
    ['no object at all', 'text', 'the arguments'],
  ])('refuses %s, naming it and what is allowed', async (_, input, named) => {
    const { result } = await run(fine, input);
    if (result.ok) throw new Error('ran');
    expect(result.error).toMatchObject({ name: 'UserError', code: 'invalid_input' });
    expect(result.error.message).toContain(named);
    expect(result.error).toMatchObject({ hint: 'Allowed: text, period.' });
  });

  it('asks for a further scope where the input needs one', async () => {
    const narrow = { ...fine, furtherScopes: (): Scope[] => ['audit:read'] };
    const { result } = await run(narrow, { text: 'x' }, { principal: principal('success') });
    expect(result).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
    expect((await run(narrow, { text: 'x' }, { principal: principal('founder') })).result.ok).toBe(true);
  });

  it('refuses whom the scope is not given, and where outsiders read along', async () => {
    expect((await run(fine, { text: 'x' }, { principal: principal('viewer') })).result).toMatchObject({
      ok: false,
      error: { code: 'not_allowed' },
    });
    expect((await run(fine, { text: 'x' }, { place: SHARED })).result).toMatchObject({
      ok: false,
      error: { code: 'wrong_audience' },
    });
  });

  it('keeps the cause of a fault to itself', async () => {
    const { result } = await run(
      echo(() => Promise.reject(new Error('/var/secret'))),
      { text: 'x' },
    );
    if (result.ok) throw new Error('ran');
    expect(result.error).toMatchObject({ code: 'internal', referenceId: expect.stringMatching(/^ref-/) });
    expect(result.error.message).not.toContain('secret');
  });

  it('does not pass on an answer of the wrong shape', async () => {
    const wrong = echo(async () => 'anything', undefined, z.literal('something else').or(z.literal('more')));
    expect((await run(wrong, { text: 'x' })).result).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });

  it('stops what takes too long, and tells the tool', async () => {
    let told: AbortSignal | null = null;
    const slow = echo((signal) => {
      told = signal;
      return new Promise<string>(() => undefined);
    });
    expect((await run(slow, { text: 'x' }, {}, 30)).result).toMatchObject({
      ok: false,
      error: { code: 'timeout' },
    });
    expect(told).toMatchObject({ aborted: true });
  });

  it('stops when the person does', async () => {
    const stop = new AbortController();
    const slow = echo(() => new Promise<string>(() => stop.abort()));
    expect((await run(slow, { text: 'x' }, { signal: stop.signal })).result).toMatchObject({
      ok: false,
      error: { message: 'Stopped.' },
    });
  });

  it('fixes the instants of a period, so that the receipt asks the same next month', async () => {
    const { result } = await run(fine, { text: 'x', period: 'last month' });
    expect(result).toMatchObject({
      input: { period: '2026-10-01T04:00:00.000Z/2026-11-01T04:00:00.000Z' },
    });
  });

  it('only proposes what is consequential', async () => {
    const agent = startAgent({ tools: [giveBack] });
    const result = await agent.runner.run({
      ...(await agent.someone()),
      tool: giveBack.name,
      input: { customer: 'x' },
    });
    expect(result).toMatchObject({ ok: true, kind: 'proposal', proposal: { state: 'pending' } });
  });

  it('knows no other tool', async () => {
    const agent = startAgent({ tools: [] });
    expect(await agent.runner.run({ ...(await agent.someone()), tool: 'rm_rf', input: {} })).toMatchObject({
      ok: false,
      error: { code: 'unsupported' },
    });
  });
});

describe('"Why this number?"', () => {
  it.each([
    ['the same', 'one', true],
    ['another', 'two', false],
  ])('gives the value as it was said and as it is now, and says when it is %s', async (_, now, same) => {
    let value = 'one';
    let askedAt = NOW_AT;
    const tool = echo(
      async () => value,
      () => askedAt,
    );
    const agent = startAgent({ tools: [tool] });
    const someone = await agent.someone();
    const first = await agent.runner.run({ ...someone, tool: 'echo_back', input: { text: 'x' } });
    if (!first.ok || first.kind !== 'result') throw new Error('failed');
    value = now;
    askedAt += 60_000;
    const again = await agent.runner.rerunReceipt(first.receipt.queryId, someone);
    expect(again).toMatchObject({
      before: { narration: 'It said one.', receipt: { asOfAt: NOW_AT } },
      now: { narration: `It said ${now}.`, receipt: { asOfAt: askedAt } },
      same,
    });
  });

  it('is answered only to who may see the number', async () => {
    const { agent, result } = await run(fine, { text: 'x' });
    if (!result.ok || result.kind !== 'result') throw new Error('failed');
    const viewer = await agent.someone('viewer');
    await expect(agent.runner.rerunReceipt(result.receipt.queryId, viewer)).rejects.toMatchObject({
      code: 'not_allowed',
    });
    const outside = { ...(await agent.someone()), place: SHARED };
    await expect(agent.runner.rerunReceipt(result.receipt.queryId, outside)).rejects.toMatchObject({
      code: 'wrong_audience',
    });
    await expect(agent.runner.rerunReceipt('q_none', viewer)).rejects.toMatchObject({ code: 'not_found' });
  });
});
