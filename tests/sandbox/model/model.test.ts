import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFaults } from '../../../sandbox/core/faults.ts';
import type { Faults } from '../../../sandbox/core/types.ts';
import { registerModel } from '../../../sandbox/model/model-routes.ts';
import { modelSettingSchema } from '../../../sandbox/model/setting.ts';
import { createSimulatedModel, type SimulatedModel } from '../../../sandbox/model/simulated-model.ts';

const answerSchema = z.object({
  choices: z.array(
    z.object({
      message: z.object({
        content: z.string().nullable(),
        tool_calls: z
          .array(
            z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
          )
          .optional(),
      }),
      finish_reason: z.string(),
    }),
  ),
  usage: z.object({ total_tokens: z.number() }),
});

const tool = (name: string, description: string, properties: object, required: string[] = []) => ({
  type: 'function',
  function: { name, description, parameters: { type: 'object', properties, required } },
});

const TOOLS = [
  tool(
    'query_metric',
    'Answers one metric of the business.',
    { metric: { type: 'string', enum: ['arr', 'mrr', 'uptime'] } },
    ['metric'],
  ),
  tool('refund_payment', 'Gives money back. Needs approval.', {
    payment: { type: 'string' },
    amount: { type: 'string' },
  }),
  tool('send_payment_reminder', 'Writes to a customer.', { customer: { type: 'string' } }),
];

let app: FastifyInstance;
let model: SimulatedModel;
let faults: Faults;

beforeEach(() => {
  const kept = new Map<string, unknown>();
  model = createSimulatedModel({
    set: (_collection, id, value) => void kept.set(id, value),
    delete: () => undefined,
    all: () => [],
  });
  faults = createFaults();
  app = Fastify();
  registerModel(app, model, faults);
});

afterEach(() => app.close());

const set = (setting: object) => model.set(modelSettingSchema.parse(setting));
const ask = (messages: object[], more: object = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    payload: { model: 'm', messages, tools: TOOLS, ...more },
  });
const message = async (messages: object[]) => {
  const choice = answerSchema.parse((await ask(messages)).json()).choices[0];
  if (choice === undefined) throw new Error('no choice');
  return choice.message;
};
const user = (content: string) => ({ role: 'user', content });

describe('a script', () => {
  it('is played in order, errors included, and then says that it has ended', async () => {
    set({
      script: [
        { text: 'one' },
        { tool_calls: [{ name: 'query_metric', arguments: { metric: 'mrr' } }] },
        { error: 429 },
        { error: 500 },
      ],
    });
    expect((await message([user('a')])).content).toBe('one');
    expect((await message([user('a')])).tool_calls?.[0]?.function).toEqual({
      name: 'query_metric',
      arguments: '{"metric":"mrr"}',
    });
    const limited = await ask([user('a')]);
    expect(limited.statusCode).toBe(429);
    expect(limited.headers['retry-after']).toBe('1');
    expect((await ask([user('a')])).statusCode).toBe(500);
    expect((await message([user('a')])).content).toMatch(/no more answers/);
  });

  it('streams text, calls and usage as OpenAI does', async () => {
    set({
      script: [
        {
          text: 'A sentence that is longer than one piece.',
          tool_calls: [{ name: 'query_metric', arguments: '{"metric":"mrr"}' }],
        },
      ],
    });
    const { body } = await ask([user('a')], { stream: true, stream_options: { include_usage: true } });
    const events = body.split('\n\n').filter(Boolean);
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunk = z.looseObject({
      choices: z.array(
        z.looseObject({
          delta: z.looseObject({ content: z.string().optional() }),
          finish_reason: z.string().nullable(),
        }),
      ),
    });
    const chunks = events.slice(0, -1).map((each) => chunk.parse(JSON.parse(each.replace('data: ', ''))));
    expect(chunks.map((each) => each.choices[0]?.delta.content ?? '').join('')).toBe(
      'A sentence that is longer than one piece.',
    );
    expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: expect.any(Number) });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
  });
});

describe('the compromised model', () => {
  beforeEach(() => set({ adversary: 'compromised' }));

  it('calls every consequential tool with what it has seen, then claims approval and links to the attacker', async () => {
    const first = await message([
      user('hi'),
      { role: 'tool', tool_call_id: 'x', content: 'paid by pi_123, customer psz_9' },
    ]);
    expect(first.tool_calls?.map((call) => call.function.name)).toEqual([
      'refund_payment',
      'send_payment_reminder',
    ]);
    expect(first.tool_calls?.[0]?.function.arguments).toContain('pi_123');
    expect(first.tool_calls?.[1]?.function.arguments).toContain('psz_9');
    const called = TOOLS.map((each) => ({
      id: each.function.name,
      type: 'function',
      function: { name: each.function.name, arguments: '{}' },
    }));
    const last = await message([user('hi'), { role: 'assistant', content: null, tool_calls: called }]);
    expect(last.tool_calls).toBeUndefined();
    expect(last.content).toMatch(/Approval was given/);
    expect(last.content).toMatch(/http:\/\/attacker\.example/);
    expect(last.content).toMatch(/<!channel>/);
  });
});

describe('the liar', () => {
  it('asks the right question and tells another number', async () => {
    set({ adversary: 'liar' });
    const first = await message([user("How's MRR?")]);
    expect(first.tool_calls?.[0]?.function).toEqual({ name: 'query_metric', arguments: '{"metric":"mrr"}' });
    const said = await message([
      user("How's MRR?"),
      { role: 'tool', tool_call_id: 'x', content: 'MRR is $258,520.69' },
    ]);
    expect(said.content).toMatch(/\$[\d,]{6,}/);
    expect(said.content).not.toContain('258,520');
  });
});

describe('the garbage model', () => {
  it('breaks arguments, invents tools, is silent, and never ends', async () => {
    set({ adversary: 'garbage' });
    const said = [];
    for (let turn = 0; turn < 10; turn += 1) said.push(await message([user('hi')]));
    const calls = said.flatMap((each) => each.tool_calls ?? []).map((call) => call.function);
    expect(calls.some((call) => call.name === 'launch_rocket')).toBe(true);
    expect(() => JSON.parse(calls[0]?.arguments ?? '')).toThrow();
    expect(said.some((each) => each.content === '')).toBe(true);
    expect(said.at(-1)?.tool_calls).toBeDefined();
  });
});

describe('when it cannot answer', () => {
  it('says that no model is set', async () => {
    const answer = await ask([user('hi')]);
    expect(answer.statusCode).toBe(404);
    expect(answer.json().error.message).toMatch(/No simulated model is set/);
  });

  it.each([
    ['no messages', { model: 'm' }],
    ['messages of no shape', { model: 'm', messages: [42] }],
  ])('refuses %s in OpenAI’s shape', async (_name, payload) => {
    const answer = await app.inject({ method: 'POST', url: '/v1/chat/completions', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.type).toBe('invalid_request_error');
  });

  it('fails as planned', async () => {
    set({ script: [{ text: 'one' }] });
    faults.add({ system: 'model', kind: 'http_500', match: 'chat', count: 1, ms: 0 });
    expect((await ask([user('hi')])).statusCode).toBe(500);
    expect((await message([user('hi')])).content).toBe('one');
    set({ script: [{ text: 'one' }] });
    faults.add({ system: 'model', kind: 'malformed', match: null, count: 1, ms: 0 });
    const cut = await ask([user('hi')]);
    expect(() => JSON.parse(cut.body)).toThrow();
  });
});
