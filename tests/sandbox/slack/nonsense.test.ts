import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { METHODS } from '../../../sandbox/slack/methods/index.ts';
import { type SlackWorld, startSlack } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';
let world: SlackWorld;

beforeAll(async () => {
  world = await startSlack();
});

afterAll(() => world.close());

const nonsense = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('', MAYA, MAYA_DM, 'C0GENERAL1', [{}], [[]], {}),
);
const argumentNames = [
  'channel',
  'text',
  'blocks',
  'view',
  'chunks',
  'ts',
  'thread_ts',
  'user',
  'trigger_id',
  'files',
];
const methods = [...METHODS.keys()].filter((name) => name !== 'apps.connections.open');

test('whatever a bot sends, the Web API answers ok or names an error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.dictionary(fc.constantFrom(...argumentNames), nonsense),
      async (method, args) => {
        const answer = await world.api(method, args);
        if (answer.ok !== true)
          expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/^\w+$/) });
      },
    ),
    { numRuns: 400 },
  );
});

test('blocks of any shape are taken or refused, and what was taken can be read back', async () => {
  const types = [
    'section',
    'actions',
    'header',
    'context',
    'rich_text',
    'table',
    'card',
    'plan',
    'markdown',
    'alert',
    'data_visualization',
  ];
  const block = fc.record({
    type: fc.constantFrom(...types),
    text: fc.oneof(nonsense, fc.constant({ type: 'mrkdwn', text: 'x' })),
    elements: fc.oneof(nonsense, fc.constant([{ type: 'button', text: { type: 'plain_text', text: 'x' } }])),
    rows: nonsense,
    chart: nonsense,
    title: nonsense,
    tasks: nonsense,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 3 }), async (blocks) => {
      const view = { type: 'home', blocks };
      const published = await world.api('views.publish', { user_id: MAYA, view });
      if (published.ok !== true) expect(['invalid_blocks', 'ratelimited']).toContain(published.error);
      const seen = await world.call('GET', `/sandbox/views?user=${MAYA}`);
      expect(seen.status).toBe(200);
    }),
    { numRuns: 90 },
  );
});

test('whatever is sent to the control API, the answer is ok or a 4xx that says why', async () => {
  const paths = [
    'messages',
    'actions',
    'views/submit',
    'views/close',
    'reactions',
    'stop',
    'members',
    'home',
  ];
  const names = [
    'user',
    'channel',
    'text',
    'ts',
    'thread_ts',
    'message_ts',
    'view_id',
    'action_id',
    'values',
    'files',
    'name',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.oneof(fc.dictionary(fc.constantFrom(...names), nonsense), nonsense),
      async (path, body) => {
        const { status, body: answer } = await world.call('POST', `/sandbox/${path}`, body);
        if (status === 200) return;
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        expect(answer).toEqual({ error: { code: expect.any(String), message: expect.any(String) } });
      },
    ),
    { numRuns: 300 },
  );
});
