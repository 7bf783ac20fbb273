import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../../src/lib/logger.ts';
import { createDeliveryClient } from '../../src/slack/delivery/call-slack.ts';
import { ChannelQueue } from '../../src/slack/delivery/channel-queue.ts';
import { createPoster } from '../../src/slack/delivery/poster.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startSlack } from '../sandbox/slack/world.ts';

const DM = 'D0MAYAOKA01';
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function start() {
  const world = await startSlack();
  const store = openStore(':memory:');
  open.push(world, store);
  const client = createDeliveryClient('xoxb-test', `${world.origin}/api/`);
  const poster = createPoster({
    clientFor: () => client,
    db: store.db,
    clock: { now: () => world.world.now() },
    logger: silentLogger,
  });
  const post = (key: string, channelId = DM) =>
    poster.post(key, { teamId: 'T0PSIZERO', channelId, text: key, blocks: [] });
  return { world, poster, post };
}

const keys = Array.from({ length: 6 }, (_, n) => `card ${n}`);

test('a burst of messages keeps its order, three at once and then one a second', async () => {
  const { world, post } = await start();
  const startedAt = performance.now();
  await Promise.all(keys.map((key) => post(key)));
  expect((await world.messages(`channel=${DM}`)).map((each) => each.plain)).toEqual(keys);
  // Three at once, then one a second.
  expect(performance.now() - startedAt).toBeGreaterThan(2500);
});

test('a refusal with Retry-After is waited out, and what comes behind it stays behind it', async () => {
  const { world, post } = await start();
  world.faults.add({ system: 'slack', kind: 'rate_limit', match: 'chat.postMessage', ms: 0, count: 1 });
  await Promise.all([post('first'), post('second')]);
  expect((await world.messages(`channel=${DM}`)).map((each) => each.plain)).toEqual(['first', 'second']);
});

test('channels do not wait for each other', async () => {
  const queue = new ChannelQueue({ now: () => 0 });
  let release: () => void = () => undefined;
  const held = queue.run('C1', () => new Promise<void>((resolve) => (release = resolve)));
  await queue.run('C2', async () => undefined);
  release();
  await held;
});

test('a message that cannot be posted does not hold up those behind it', async () => {
  const { world, poster, post } = await start();
  const lost = post('nowhere', 'C0RANDOM04');
  await expect(lost).rejects.toThrow();
  await post('here');
  expect((await world.messages(`channel=${DM}`)).map((each) => each.plain)).toEqual(['here']);
  expect(await poster.delivered('here')).toMatchObject({ state: 'posted' });
});

test('what waits in line when the process ends was never begun', async () => {
  const { poster, post } = await start();
  const all = keys.map((key) => post(key));
  await all[2];
  expect(await poster.delivered('card 5')).toBeNull();
  await Promise.all(all);
  expect(await poster.delivered('card 5')).toMatchObject({ state: 'posted' });
});

test('a leap of the clock counts as the time it stands for', async () => {
  let now = 0;
  const queue = new ChannelQueue({ now: () => now });
  for (let n = 0; n < 3; n += 1) await queue.run('C1', async () => undefined);
  now += 60_000;
  const startedAt = performance.now();
  await queue.run('C1', async () => undefined);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test('no link in any message unfolds, so that showing one fetches nothing', async () => {
  const sent: object[] = [];
  const store = openStore(':memory:');
  open.push(store);
  const client = {
    chat: { postMessage: async (message: object) => ({ ok: true, ts: `${sent.push(message)}.0` }) },
  };
  const poster = createPoster({
    clientFor: () => Object.assign(createDeliveryClient('xoxb-test', 'http://127.0.0.1:9/api/'), client),
    db: store.db,
    clock: { now: () => 0 },
    logger: silentLogger,
  });
  await poster.post('k', {
    teamId: 'T0PSIZERO',
    channelId: DM,
    text: 'see https://psizero.example',
    blocks: [],
  });
  expect(sent).toMatchObject([{ unfurl_links: false, unfurl_media: false }]);
});
