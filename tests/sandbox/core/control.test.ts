import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type BotProcess, unsupervisedBot } from '../../../sandbox/core/bot-process.ts';
import { readStartConfig } from '../../../sandbox/core/config.ts';
import { type RunningSandbox, startSandbox } from '../../../sandbox/start-sandbox.ts';
import { type FakeBot, startFakeBot } from './fake-bot.ts';
import { type FakeStandIns, fakeStandIns } from './fake-stand-ins.ts';

const START = '2026-11-24T09:00:00.000Z';
const START_AT = Date.parse(START);
const HOUR = 3_600_000;

/** The fields these tests look at. */
const answerSchema = z.looseObject({
  now: z.string().default(''),
  error: z.object({ code: z.string(), message: z.string() }).default({ code: '', message: '' }),
  faults: z.array(z.unknown()).optional(),
  failpoints: z.array(z.string()).optional(),
});

let dataDir: string;
let bot: FakeBot;
let standIns: FakeStandIns;
let sandbox: RunningSandbox;

async function start(env: Record<string, string> = {}, process: BotProcess = unsupervisedBot) {
  const config = readStartConfig({ SANDBOX_PORT: '0', SANDBOX_NOW: START, PSI_DATA_DIR: dataDir, ...env });
  config.sandbox.botUrl = bot.url;
  sandbox = await startSandbox({ config, bot: process, standIns, log: () => undefined });
}

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
  return { status: response.status, body: answerSchema.parse(await response.json()) };
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-core-'));
  bot = await startFakeBot();
  standIns = fakeStandIns();
  await start();
});

afterEach(async () => {
  await sandbox.close();
  await bot.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the clock', () => {
  it('moves the world where no bot is connected', async () => {
    const { body } = await call('POST', '/sandbox/clock', { advance: 'PT26H' });
    expect(Date.parse(body.now) - START_AT).toBeGreaterThanOrEqual(26 * HOUR);
    expect(standIns.advances.some((at) => at >= START_AT + 26 * HOUR)).toBe(true);
  });

  it('runs every schedule at its own instant, in order, after the world has come to it', async () => {
    bot.due = [START_AT + 20 * HOUR, START_AT + 3 * HOUR, START_AT + 40 * HOUR];
    await bot.connect(sandbox.url);
    await wait(30);
    await call('POST', '/sandbox/clock', { now: '2026-11-25T09:00:00Z' });
    const steps = bot.received
      .filter((each) => each.type === 'step')
      .map((each) => Date.parse(each.now ?? ''));
    expect(steps.slice(1)).toEqual([START_AT + 3 * HOUR, START_AT + 20 * HOUR, START_AT + 24 * HOUR]);
    expect(bot.due).toEqual([START_AT + 40 * HOUR]);
    expect(standIns.advances).toContain(START_AT + 3 * HOUR);
  });

  it('waits for a bot that dies midway and goes on with it', async () => {
    bot.due = [START_AT + HOUR];
    await bot.connect(sandbox.url);
    await wait(30);
    bot.dieOnNextStep = true;
    const { status } = await call('POST', '/sandbox/clock', { advance: 'PT2H' });
    expect(status).toBe(200);
    expect(bot.due).toEqual([]);
  });

  it('does not stay at an instant the bot never gets done with', async () => {
    bot.due = [START_AT - HOUR];
    await bot.connect(sandbox.url);
    await wait(30);
    bot.due = [START_AT - HOUR];
    const { status } = await call('POST', '/sandbox/clock', { advance: 'PT5M' });
    expect(status).toBe(200);
  });

  it.each([
    ['backwards', { now: '2026-11-24T08:00:00Z' }, 409, /only moves forward/],
    ['no duration', { advance: 'soon' }, 400, /"soon" is not a duration/],
    ['no instant', { now: 'tomorrow' }, 400, /ISO instant/],
    ['both', { now: START, advance: 'PT1H' }, 400, /either now .* or advance/],
    ['neither', {}, 400, /either now .* or advance/],
    ['years', { advance: 'P900D' }, 400, /550 days/],
  ])('refuses %s and stays where it was', async (_name, body, status, message) => {
    const before = Date.parse((await call('GET', '/sandbox/state')).body.now);
    const answer = await call('POST', '/sandbox/clock', body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(message);
    const after = Date.parse((await call('GET', '/sandbox/state')).body.now);
    expect(after - before).toBeLessThan(5_000);
  });

  it('goes on from the same time after a restart', async () => {
    await call('POST', '/sandbox/clock', { advance: 'P3D' });
    await sandbox.close();
    await start();
    const { body } = await call('GET', '/sandbox/state');
    expect(Date.parse(body.now) - START_AT).toBeGreaterThanOrEqual(72 * HOUR);
    expect(Date.parse(body.now) - START_AT).toBeLessThan(73 * HOUR);
  });
});

describe('the saved world', () => {
  it.each([
    ['SANDBOX_SEED', '8'],
    ['SANDBOX_SCALE', '2'],
    ['SANDBOX_NOW', '2026-11-25T09:00:00Z'],
  ])('refuses another %s and says how to make a new one', async (name, value) => {
    await sandbox.close();
    await expect(start({ [name]: value })).rejects.toThrow(new RegExp(`^${name} .*npm run reset`));
    await start();
  });

  it('begins anew with a reset, faults and effects gone', async () => {
    await call('POST', '/sandbox/faults', { system: 'slack', kind: 'slow' });
    await call('POST', '/sandbox/clock', { advance: 'P2D' });
    const { status, body } = await call('POST', '/sandbox/reset', { seed: 9 });
    expect(status).toBe(200);
    expect(Date.parse(body.now) - START_AT).toBeLessThan(10_000);
    expect((await call('GET', '/sandbox/faults')).body.faults).toEqual([]);
    await sandbox.close();
    await expect(start({ SANDBOX_SEED: '7' })).rejects.toThrow(/SANDBOX_SEED asks for 7/);
    await start({ SANDBOX_SEED: '9' });
  });
});

describe('waiting', () => {
  it('answers when Slack and the bot have nothing under way', async () => {
    expect((await call('GET', '/sandbox/wait?timeout_ms=2000')).body).toMatchObject({ idle: true });
  });

  it('says what is under way when time is up', async () => {
    bot.pending = 2;
    const busy = await call('GET', '/sandbox/wait?timeout_ms=80');
    expect(busy.status).toBe(408);
    expect(busy.body.error.message).toMatch(/the bot has 2 things under way/);
    bot.pending = 0;
    standIns.slackPending = 1;
    const talking = await call('GET', '/sandbox/wait?timeout_ms=80');
    expect(talking.body.error.message).toMatch(/1 Slack/);
  });
});

describe('killing', () => {
  it('arms a failpoint the bot named and refuses any other', async () => {
    await bot.connect(sandbox.url);
    await wait(30);
    expect((await call('GET', '/sandbox/failpoints')).body.failpoints).toEqual([
      'effect.sent',
      'card.settled',
    ]);
    expect((await call('POST', '/sandbox/kill', { at: 'effect.sent' })).status).toBe(200);
    expect(bot.received.at(-1)).toEqual({ type: 'arm', failpoint: 'effect.sent' });
    const unknown = await call('POST', '/sandbox/kill', { at: 'nowhere' });
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.message).toMatch(/effect\.sent, card\.settled/);
  });

  it('disarms when the bot comes back', async () => {
    await bot.connect(sandbox.url);
    await wait(30);
    await call('POST', '/sandbox/kill', { at: 'effect.sent' });
    await bot.connect(sandbox.url);
    await wait(30);
    expect(bot.received.filter((each) => each.type === 'arm').at(-1)).toEqual({
      type: 'arm',
      failpoint: null,
    });
  });

  it('says so when there is no bot', async () => {
    expect((await call('POST', '/sandbox/kill', {})).status).toBe(409);
  });
});

describe('the model switch', () => {
  it('tells the bot, also one that connects later, until it is off', async () => {
    await call('POST', '/sandbox/model', { adversary: 'liar' });
    await bot.connect(sandbox.url);
    await wait(30);
    expect(bot.received.at(-1)).toEqual({ type: 'model', base_url: `${sandbox.url}/v1` });
    await call('POST', '/sandbox/model', { off: true });
    expect(bot.received.at(-1)).toEqual({ type: 'model', base_url: null });
  });
});

describe('requests that make no sense', () => {
  it.each([
    ['GET', '/sandbox/nothing', undefined, 404, /nothing at GET \/sandbox\/nothing/],
    ['POST', '/sandbox/clock', '{"advance": PT1H}', 400, /position 12 \(line 1, column 13\)/],
    ['POST', '/sandbox/clock', '{"advance":', 400, /position 11/],
    ['POST', '/sandbox/faults', { system: 'moon', kind: 'slow' }, 400, /system/],
    ['POST', '/sandbox/faults', { system: 'slack', kind: 'slow', count: 0 }, 400, /count/],
    ['POST', '/sandbox/model', { adversary: 'liar', off: true }, 400, /exactly one/],
    ['POST', '/sandbox/model', { script: [{}] }, 400, /script/],
    ['POST', '/sandbox/reset', { seed: 'x' }, 400, /seed/],
    ['GET', '/sandbox/wait?timeout_ms=soon', undefined, 400, /timeout_ms/],
    ['GET', '/sandbox/effects?since=-1', undefined, 400, /since/],
  ])('%s %s is answered with a plain error', async (method, path, body, status, message) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(message);
  });

  it('from pages of other sites are refused', async () => {
    const response = await fetch(`${sandbox.url}/sandbox/state`, {
      headers: { origin: 'http://elsewhere.example' },
    });
    expect(response.status).toBe(403);
  });
});
