import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFaults } from '../../sandbox/core/faults.ts';
import { registerModel } from '../../sandbox/model/model-routes.ts';
import { modelSettingSchema } from '../../sandbox/model/setting.ts';
import { createSimulatedModel } from '../../sandbox/model/simulated-model.ts';
import { createModel } from '../../src/agent/models.ts';
import { withGiveBack } from './refund-tool.ts';
import { startAgent } from './world.ts';

const app = Fastify();
const simulated = createSimulatedModel({ set: () => undefined, delete: () => undefined, all: () => [] });
const asked: { tools: { function: { name: string; strict?: boolean } }[]; messages: unknown[] }[] = [];
let baseUrl = '';

beforeAll(async () => {
  app.addHook('preHandler', async (request) => {
    if (request.url.endsWith('/completions')) asked.push(JSON.parse(JSON.stringify(request.body)));
  });
  registerModel(app, simulated, createFaults());
  baseUrl = `${await app.listen({ port: 0, host: '127.0.0.1' })}/v1`;
});
afterAll(() => app.close());

/** An agent whose model, at the far end of the network, does these things one after the other. */
function agentWith(script: object[], options: Parameters<typeof startAgent>[0] = {}) {
  simulated.set(modelSettingSchema.parse({ script }));
  asked.length = 0;
  return startAgent({
    model: createModel({ apiKey: null, baseUrl, model: 'far-away' }),
    tools: withGiveBack,
    ...options,
  });
}

const unpaid = { tool_calls: [{ name: 'list_invoices', arguments: { state: 'open' } }] };
const QUESTION = "who hasn't paid us?";

async function used(agent: ReturnType<typeof startAgent>) {
  return (await agent.modelUse.sums({ sinceAt: 0 }))[0];
}

describe('a model in trouble', () => {
  it.each<[string, object[], RegExp]>([
    [
      'a stream cut in the middle, every time',
      Array(3).fill({ error: 'cut', text: 'You are owed $9,999.00 by many' }),
      /3 unpaid invoices[\s\S]*broke off in the middle of its answer \(ref-\w+\), so I read this in rules mode/,
    ],
    [
      'too many requests, every time',
      Array(3).fill({ error: 429 }),
      /3 unpaid invoices[\s\S]*too busy to answer \(ref-\w+\), so I read this in rules mode/,
    ],
    [
      'an error of its own, every time',
      Array(3).fill({ error: 500 }),
      /3 unpaid invoices[\s\S]*did not answer \(ref-\w+\), so I read this in rules mode/,
    ],
    [
      'a stream cut after the look-up',
      [unpaid, ...Array(3).fill({ error: 'cut' })],
      /3 unpaid invoices[\s\S]*stopped answering \(ref-\w+\); these are the plain results/,
    ],
    [
      'arguments that are no JSON',
      [{ tool_calls: [{ name: 'list_invoices', arguments: '{"state": op' }] }, { text: '' }],
      /3 unpaid invoices[\s\S]*I read this in rules mode/,
    ],
    [
      'a tool nobody has',
      [{ tool_calls: [{ name: 'launch_rocket', arguments: {} }] }, { text: '' }],
      /3 unpaid invoices[\s\S]*I read this in rules mode/,
    ],
    [
      'arguments of the wrong types',
      [{ tool_calls: [{ name: 'list_invoices', arguments: { state: 7, limit: 'many' } }] }, { text: '' }],
      /3 unpaid invoices[\s\S]*I read this in rules mode/,
    ],
    ['an endless loop of calls', Array(20).fill(unpaid), /^3 unpaid invoices/],
    ['an empty answer', [{ text: '' }], /3 unpaid invoices[\s\S]*I read this in rules mode/],
    [
      'a call after its last words',
      [{ text: 'All paid. Bye.', ...unpaid }, { text: '3 invoices are unpaid.' }],
      /^3 invoices are unpaid\.$/,
    ],
    ['a refusal in words', [{ text: 'I am sorry, I cannot help with that.' }], /^I am sorry, I cannot help/],
    [
      'an answer its vendor withholds',
      [{ text: 'Well', finish_reason: 'content_filter' }],
      /3 unpaid invoices[\s\S]*declined to answer this, so I read it in rules mode/,
    ],
    [
      'an answer that is cut at its greatest length',
      [unpaid, { text: '3 invoices are unpaid, and', finish_reason: 'length' }],
      /^3 invoices are unpaid, and\n\nThe answer was cut off at its greatest length\.$/,
    ],
    [
      'two calls at once of which one fails',
      [
        {
          tool_calls: [
            { name: 'list_invoices', arguments: { state: 'open' } },
            { name: 'get_invoice', arguments: { invoice: 'PSI-9999' } },
          ],
        },
        { text: '3 invoices are unpaid; the other one I could not find.' },
      ],
      /^3 invoices are unpaid; the other one I could not find\.$/,
    ],
    [
      'an answer that does not end',
      [{ text: 'and on '.repeat(4_000) }],
      /3 unpaid invoices[\s\S]*did not come to an end \(ref-\w+\), so I read this in rules mode/,
    ],
  ])('%s still gives an honest answer, changes nothing and is written down', async (_, script, expected) => {
    const agent = agentWith(script);
    const answer = await agent.ask(QUESTION);
    expect(answer.text).toMatch(expected);
    expect(answer.text).not.toContain('9,999');
    expect(agent.proposed).toEqual([]);
    const use = await used(agent);
    expect(use?.calls).toBe(asked.length);
    expect(use?.fallbacks).toBe(answer.mode === 'rules' ? 1 : 0);
  });

  it.each([
    ['as long as the server asks', { error: 429, retry_after: 2 }, 2_000],
    ['with jitter where it does not ask', { error: 429, retry_after: null }, 375],
    ['with jitter after an error', { error: 500 }, 375],
  ])('is asked again %s', async (_, trouble, waitedMs) => {
    const agent = agentWith([trouble, { text: 'Hello.' }]);
    expect((await agent.ask('hi there my friend')).text).toBe('Hello.');
    expect(agent.pauses).toEqual([waitedMs]);
    expect(await used(agent)).toMatchObject({ calls: 2, failures: 1, fallbacks: 0 });
  });

  it('is not waited for when it wants a pause longer than a person has', async () => {
    const agent = agentWith([{ error: 429, retry_after: 3_600 }]);
    expect((await agent.ask(QUESTION)).text).toContain('in rules mode');
    expect(asked).toHaveLength(1);
  });

  it('is left alone for a minute after three failed turns in a row, and that is said', async () => {
    const agent = agentWith([...Array(9).fill({ error: 500 }), { text: 'Hello.' }]);
    for (let turn = 0; turn < 3; turn += 1) await agent.ask(QUESTION);
    const resting = await agent.ask(QUESTION);
    expect(resting.text).toContain(
      'I read this in rules mode, without the language model: it has failed 3 times in a row.',
    );
    expect(asked).toHaveLength(9);
    agent.clock.advance(60_000);
    expect((await agent.ask('hi there my friend')).text).toBe('Hello.');
  });
});

describe('what a model may use', () => {
  it('is counted, priced and kept with the version of the prompts', async () => {
    const agent = agentWith([unpaid, { text: '3 invoices are unpaid.' }], {
      prices: { 'far-away': { input: 2, cached: 0.5, output: 8 } },
    });
    await agent.ask(QUESTION);
    const use = await used(agent);
    expect(use?.costMicros).toBe((use?.inputTokens ?? 0) * 2 + (use?.outputTokens ?? 0) * 8);
    expect(use?.unpriced).toBe(0);
    const row = agent.store.sqlite
      .prepare<[], { prompt_hash: string; content: string }>(
        "SELECT prompt_hash, content FROM model_usage, transcript WHERE role = 'assistant'",
      )
      .get();
    expect(row?.prompt_hash).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.parse(row?.content ?? '{}')).toMatchObject({ promptHash: row?.prompt_hash });
  });

  it('costs something unknown, not nothing, where nobody has said its price', async () => {
    const agent = agentWith([{ text: 'Hello.' }]);
    await agent.ask('hi there my friend');
    expect(await used(agent)).toMatchObject({ costMicros: 0, unpriced: 1 });
  });

  it('ends with the budget of the day, and that is said', async () => {
    const agent = agentWith([{ text: 'Hello.' }, { text: 'Hello again.' }], {
      budget: { kind: 'tokens', tokens: 100 },
    });
    expect((await agent.ask('hi there my friend')).text).toBe('Hello.');
    const answer = await agent.ask(QUESTION);
    expect(answer.text).toContain('its budget of 100 tokens for today is used up');
    expect(answer.text).toContain('3 unpaid invoices');
    agent.clock.advance(24 * 3_600_000);
    expect((await agent.ask('hi there my friend')).text).toBe('Hello again.');
  });

  it('is nothing while a budget in money cannot be kept for want of a price', async () => {
    const agent = agentWith([{ text: 'Hello.' }], { budget: { kind: 'money', micros: 5e6 } });
    expect((await agent.ask(QUESTION)).text).toContain('its price is unknown');
    expect(asked).toHaveLength(0);
  });
});

describe('what a model is sent', () => {
  it('begins with the same bytes for two people at two times, up to who is asking', async () => {
    const agent = agentWith([{ text: 'Hello.' }, { text: 'Hello.' }]);
    const { principal } = await agent.someone('finance');
    await agent.ask("who hasn't paid us?");
    agent.clock.advance(3 * 3_600_000);
    await agent.ask('show unpaid invoices', { as: { ...principal, name: 'Bob' } });
    const [first, second] = asked.map(({ tools, messages }) => ({
      tools: JSON.stringify(tools),
      system: JSON.stringify(messages[0]),
    }));
    expect(first?.tools).toBe(second?.tools);
    const [a = '', b = ''] = [first, second].map((one) => one?.system.split('## Who is asking')[0]);
    expect(a).toBe(b);
    expect(a.length).toBeGreaterThan(2_500);
    expect(first?.system).not.toBe(second?.system);
  });

  it('is the tools for what the message is about, and all once it looks for more in vain', async () => {
    const agent = agentWith([{ text: 'I have no tool for that.' }, { text: 'Hello.' }]);
    expect((await agent.ask('show unpaid invoices')).text).toBe('Hello.');
    const shown = asked.map(({ tools }) => tools.map((tool) => tool.function.name));
    expect(shown[0]).toContain('list_invoices');
    expect(shown[0]).not.toContain('set_briefing');
    expect(shown[1]).toHaveLength(withGiveBack.length);
  });

  it('is all tools after a call of one that does not exist', async () => {
    const agent = agentWith([
      { tool_calls: [{ name: 'list_bills', arguments: {} }] },
      { text: 'I found nothing.' },
    ]);
    await agent.ask('show unpaid invoices');
    expect(asked[1]?.tools).toHaveLength(withGiveBack.length);
  });

  it('is a long thread in short: the last turns whole, a line for each before', async () => {
    const agent = agentWith([
      ...Array(6)
        .fill([unpaid, { text: '$1,700.50 is unpaid.' }])
        .flat(),
      { text: 'Hello.' },
    ]);
    for (let turn = 1; turn <= 6; turn += 1) await agent.ask(`who hasn't paid us, take ${turn}?`);
    await agent.ask('hi there my friend');
    const messages = JSON.stringify(asked.at(-1)?.messages);
    expect(messages).toContain(String.raw`- \"who hasn't paid us, take 2?\" -> list_invoices: $1,700.50`);
    expect(messages.match(/"role":"user"/g)).toHaveLength(6);
  });
});
