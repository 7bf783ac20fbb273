import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SlackWorld, startBolt, startSlack, until } from './world.ts';

let world: SlackWorld;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  world = await startSlack();
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await world.close();
});

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';

async function bolt(prepare: Parameters<typeof startBolt>[1]) {
  const app = await startBolt(world.origin, prepare);
  stops.push(() => app.stop());
  return app;
}

test('an unchanged Bolt app answers a direct message, and the answer is seen', async () => {
  await bolt((app) => {
    app.message('hello', async ({ message, say }) => {
      await say({ text: 'Hello, *Maya*.', thread_ts: message.ts });
    });
  });
  const posted = await world.post('/sandbox/messages', { user: MAYA, dm: true, text: 'hello' });
  expect(posted.channel).toBe(MAYA_DM);
  await until(async () => (await world.messages(`channel=${MAYA_DM}`)).length === 2);
  expect(await world.messages(`channel=${MAYA_DM}&viewer=${MAYA}`)).toMatchObject([
    { user: MAYA, is_bot: false, plain: 'hello' },
    { user: 'U0PSIBOT', is_bot: true, thread_ts: posted.ts, plain: 'Hello, Maya.' },
  ]);
});
