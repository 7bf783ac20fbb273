import { App, LogLevel } from '@slack/bolt';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { DurableReceiver } from '../../src/slack/durable-receiver.ts';
import { createInbox } from '../../src/slack/inbox.ts';
import { SocketTransport } from '../../src/slack/socket-transport.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type SlackWorld, startSlack, until } from '../sandbox/slack/world.ts';

const MAYA = 'U0MAYAOKA01';
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Heard {
  text: string;
  at: number;
}

/** A bot over two connections to a simulated Slack; `heard` is what its one listener was called with. */
async function start() {
  const world = await startSlack();
  const store = openStore(':memory:');
  const heard: Heard[] = [];
  const logger = pino({ level: 'silent' });
  const transport = new SocketTransport({ appToken: 'xapp-test', apiUrl: `${world.origin}/api/` }, logger);
  const receiver = new DurableReceiver(transport, {
    inbox: createInbox(store.db, systemClock),
    pending: new PendingWork(),
    logger,
  });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: 'xoxb-test', botUserId: 'U0PSIBOT', botId: 'B0PSIBOT' }),
    logLevel: LogLevel.ERROR,
  });
  app.message(async ({ message }) => {
    if ('text' in message) heard.push({ text: message.text ?? '', at: performance.now() });
  });
  open.push(world, store, { close: () => receiver.stop() });
  await app.start();
  await until(() => world.slack.connections() === 2);
  return { world, heard };
}

/** Says `count` things with pauses, and gives when each was said. */
async function sayAll(world: SlackWorld, count: number, between: (n: number) => void | Promise<void>) {
  const saidAt = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    saidAt.set(`m${n}`, performance.now());
    await world.post('/sandbox/messages', { user: MAYA, text: `m${n}` });
    await between(n);
  }
  return saidAt;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('300 events while connections are refreshed at random are each handled once, none later than 3 s', async () => {
  const { world, heard } = await start();
  // A fixed sequence that looks random: the same run every time.
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let refreshes = 0;
  const saidAt = await sayAll(world, 300, async () => {
    if (random() < 0.08) {
      refreshes += 1;
      world.faults.add({ system: 'slack', kind: 'disconnect', match: 'events_api', ms: 0, count: 1 });
    }
    if (random() < 0.3) await pause(random() * 20);
  });
  await until(() => heard.length >= 300 && world.slack.pending() === 0);
  expect(refreshes).toBeGreaterThan(10);
  expect(heard.map((each) => each.text).sort()).toEqual([...saidAt.keys()].sort());
  const delays = heard.map((each) => each.at - (saidAt.get(each.text) ?? 0));
  expect(Math.max(...delays)).toBeLessThan(3000);
}, 40_000);

test('when one connection is refreshed the other carries on, and there are two again at once', async () => {
  const { world, heard } = await start();
  world.faults.add({ system: 'slack', kind: 'disconnect', match: 'warning', ms: 0, count: 1 });
  await until(() => world.faults.list().length === 0);
  const saidAt = performance.now();
  await world.post('/sandbox/messages', { user: MAYA, text: 'meanwhile' });
  await until(() => heard.length === 1);
  expect((heard[0]?.at ?? Number.POSITIVE_INFINITY) - saidAt).toBeLessThan(1000);
  await until(() => world.slack.connections() === 2, 2000);
});

test('a message that waits for a connection is handled when Slack can be reached again', async () => {
  const { world, heard } = await start();
  world.faults.add({
    system: 'slack',
    kind: 'http_500',
    match: 'apps.connections.open',
    ms: 0,
    count: 4,
  });
  for (let n = 0; n < 2; n += 1)
    world.faults.add({ system: 'slack', kind: 'disconnect', match: null, ms: 0, count: 1 });
  await until(() => world.slack.connections() === 0);
  await world.post('/sandbox/messages', { user: MAYA, text: 'patience' });
  await until(() => heard.length === 1);
  expect(heard.map((each) => each.text)).toEqual(['patience']);
});
