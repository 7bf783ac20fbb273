import { createHmac } from 'node:crypto';
import { App, LogLevel } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createServer } from '../../src/server/create-server.ts';
import { DurableReceiver } from '../../src/slack/durable-receiver.ts';
import { HttpTransport } from '../../src/slack/http-transport.ts';
import { createInbox } from '../../src/slack/inbox.ts';
import { openStore } from '../../src/store/open-store.ts';

const SECRET = 'a-signing-secret';
const NOW = Date.parse('2026-11-22T12:00:00Z');
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A bot behind its own HTTP server, with one listener of each kind; `seen` is what they were called with. */
async function start() {
  const clock = fixedClock(NOW);
  const store = openStore(':memory:');
  const transport = new HttpTransport(SECRET, { clock, logger: silentLogger });
  const receiver = new DurableReceiver(transport, {
    inbox: createInbox(store.db, clock),
    pending: new PendingWork(),
    logger: silentLogger,
  });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: 'xoxb-test', botUserId: 'U0BOT', botId: 'B0BOT' }),
    logLevel: LogLevel.ERROR,
  });
  const seen: string[] = [];
  app.message(async ({ message }) => {
    if ('text' in message) seen.push(`message ${message.text}`);
  });
  app.command('/psi', async ({ ack, command }) => {
    seen.push(`command ${command.text}`);
    await ack('as you wish');
  });
  app.view('form', async ({ ack }) => {
    seen.push('form');
    await ack({ response_action: 'errors', errors: { amount: 'Too much.' } });
  });
  await app.start();
  const server = createServer({
    webhooks: { receive: () => 404, takeUp: async () => undefined, onFacts: () => undefined },
    health: () => ({ ready: true, mode: 'rules', pending: 0 }),
    doctor: async () => [],
    brief: async () => 'A briefing.',
    slack: (request) => transport.receive(request),
    logger: silentLogger,
  });
  const origin = await server.listen(0);
  open.push(store, server);
  return { clock, origin, seen, transport };
}

interface Sent {
  body: string;
  type?: string;
  at?: number;
  secret?: string;
  signature?: string;
  headers?: Record<string, string>;
}

async function post(origin: string, path: string, sent: Sent) {
  const timestamp = String(Math.floor((sent.at ?? NOW) / 1000));
  const mac = createHmac('sha256', sent.secret ?? SECRET).update(`v0:${timestamp}:${sent.body}`);
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: {
      'content-type': sent.type ?? 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sent.signature ?? `v0=${mac.digest('hex')}`,
      ...sent.headers,
    },
    body: sent.body,
  });
  return { status: response.status, text: await response.text() };
}

const message = (eventId: string, text = 'hi') =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T1',
    event_id: eventId,
    authorizations: [{ team_id: 'T1', user_id: 'U0BOT', is_bot: true }],
    event: { type: 'message', channel: 'D1', channel_type: 'im', user: 'U1', text, ts: '1.000001' },
  });
const FORM = 'application/x-www-form-urlencoded';
const interaction = (payload: object) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('Slack by HTTP', () => {
  test('answers the challenge that proves the address is ours', async () => {
    const { origin } = await start();
    const body = JSON.stringify({ type: 'url_verification', token: 't', challenge: 'c4a11' });
    expect(await post(origin, '/slack/events', { body })).toEqual({ status: 200, text: 'c4a11' });
  });

  test('acknowledges an event and hands it to the listeners', async () => {
    const { origin, seen } = await start();
    expect((await post(origin, '/slack/events', { body: message('Ev1') })).status).toBe(200);
    await settle();
    expect(seen).toEqual(['message hi']);
  });

  test("Slack's own retries are acknowledged and not handled again", async () => {
    const { origin, seen, clock } = await start();
    await post(origin, '/slack/events', { body: message('Ev1') });
    clock.advance(60_000);
    const headers = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
    const again = { body: message('Ev1'), at: NOW + 60_000, headers };
    expect((await post(origin, '/slack/events', again)).status).toBe(200);
    await settle();
    expect(seen).toEqual(['message hi']);
  });

  test("a form's errors and a command's answer travel in the acknowledgement", async () => {
    const { origin, seen } = await start();
    const submission = {
      type: 'view_submission',
      team: { id: 'T1' },
      user: { id: 'U1' },
      trigger_id: 't1',
      view: { id: 'V1', type: 'modal', callback_id: 'form', hash: 'h', state: { values: {} } },
    };
    const form = await post(origin, '/slack/interactions', { body: interaction(submission), type: FORM });
    expect(JSON.parse(form.text)).toEqual({ response_action: 'errors', errors: { amount: 'Too much.' } });
    const command = { command: '/psi', text: 'help me', trigger_id: 't2', team_id: 'T1', user_id: 'U1' };
    const body = new URLSearchParams({ ...command, channel_id: 'C1' }).toString();
    expect(await post(origin, '/slack/commands', { body, type: FORM })).toEqual({
      status: 200,
      text: 'as you wish',
    });
    expect(seen).toEqual(['form', 'command help me']);
  });

  test('a delivery that comes while Psi is stopping is left for Slack to send again', async () => {
    const { origin, seen, transport } = await start();
    await transport.stop();
    expect((await post(origin, '/slack/events', { body: message('Ev1') })).status).toBe(503);
    expect(seen).toEqual([]);
  });

  const refused: [string, string, Sent][] = [
    ['signed with another secret', '/slack/events', { body: message('Ev1'), secret: 'guess' }],
    ['without a signature', '/slack/events', { body: message('Ev1'), signature: '' }],
    ['six minutes old', '/slack/events', { body: message('Ev1'), at: NOW - 360_000 }],
    ['six minutes early', '/slack/events', { body: message('Ev1'), at: NOW + 360_000 }],
    [
      'with a timestamp that is no number',
      '/slack/events',
      { body: message('Ev1'), headers: { 'x-slack-request-timestamp': 'now' } },
    ],
    ['that is no JSON', '/slack/events', { body: '{"type":' }],
    ['that is a list', '/slack/events', { body: '[]' }],
    ['of another content type', '/slack/events', { body: message('Ev1'), type: 'text/plain' }],
    [
      'that is a click on the path of events',
      '/slack/events',
      { body: interaction({ type: 'block_actions' }), type: FORM },
    ],
    ['with a broken payload', '/slack/interactions', { body: 'payload=%7B', type: FORM }],
    [
      'that is larger than anything Slack sends',
      '/slack/events',
      { body: message('Ev1', 'x'.repeat(3_000_000)) },
    ],
  ];
  test.each(refused)('a request %s is refused and changes nothing', async (_name, path, sent) => {
    const { origin, seen } = await start();
    const { status } = await post(origin, path, sent);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    await settle();
    expect(seen).toEqual([]);
  });

  test('a request replayed by somebody who overheard it is refused', async () => {
    const { origin, seen } = await start();
    const sent = { body: message('Ev1') };
    await post(origin, '/slack/events', sent);
    expect((await post(origin, '/slack/events', sent)).status).toBe(409);
    await settle();
    expect(seen).toEqual(['message hi']);
  });

  test('a body changed by one letter is refused', async () => {
    const { origin, seen } = await start();
    const mac = createHmac('sha256', SECRET).update(`v0:${NOW / 1000}:${message('Ev1', 'hi')}`);
    const forged = { body: message('Ev1', 'ho'), signature: `v0=${mac.digest('hex')}` };
    expect((await post(origin, '/slack/events', forged)).status).toBe(401);
    expect(seen).toEqual([]);
  });
});
