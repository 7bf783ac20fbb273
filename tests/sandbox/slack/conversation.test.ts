import { afterEach, expect, test } from 'vitest';
import { field, startBolt, startSlack, startWithBolt, until } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';
const DANA = 'U0DANAKOW08';
const SAM = 'U0SAMWHIT07';
const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function kept<T extends { close: () => Promise<void> }>(world: T): T {
  open.push(world);
  return world;
}

test('an unchanged Bolt app answers a direct message, and the answer is seen', async () => {
  const world = kept(
    await startWithBolt((app) => {
      app.message('hello', async ({ message, say }) => {
        await say({ text: 'Hello, *Maya*.', thread_ts: message.ts });
      });
    }),
  );
  const posted = await world.post('/sandbox/messages', { user: MAYA, dm: true, text: 'hello' });
  expect(posted.channel).toBe(MAYA_DM);
  await until(async () => (await world.messages(`channel=${MAYA_DM}`)).length === 2);
  expect(await world.messages(`channel=${MAYA_DM}&viewer=${MAYA}`)).toMatchObject([
    { user: MAYA, is_bot: false, plain: 'hello' },
    { user: 'U0PSIBOT', is_bot: true, thread_ts: posted.ts, plain: 'Hello, Maya.' },
  ]);
});

test('a mention in a channel reaches the app both as a mention and as a message', async () => {
  const seen: string[] = [];
  const world = kept(
    await startWithBolt((app) => {
      app.event('app_mention', async ({ event, body }) => {
        seen.push(`${event.type} ${event.text} ${event.ts} ${body.team_id}`);
      });
      app.message(async ({ message }) => {
        seen.push(`${message.type} ${message.channel_type} ${message.ts}`);
      });
    }),
  );
  const { ts } = await world.post('/sandbox/messages', {
    user: MAYA,
    channel: '#general',
    text: '@Psi mrr?',
  });
  await until(() => seen.length === 2);
  expect(seen.sort()).toEqual([`app_mention <@U0PSIBOT> mrr? ${ts} T0PSIZERO`, `message channel ${ts}`]);
});

test('a mention where the bot is no member reaches nobody', async () => {
  let heard = 0;
  const world = kept(
    await startWithBolt((app) => {
      app.event('app_mention', async () => {
        heard += 1;
      });
    }),
  );
  await world.post('/sandbox/messages', { user: MAYA, channel: '#random', text: '@Psi are you here' });
  await world.post('/sandbox/messages', { user: MAYA, channel: '#general', text: '@Psi and here' });
  await until(() => heard > 0 && world.slack.pending() === 0);
  expect(heard).toBe(1);
});

test('a bot that is invited hears of it, hears what is said from then on, and may answer', async () => {
  const heard: string[] = [];
  const world = kept(
    await startWithBolt((app) => {
      app.event('member_joined_channel', async ({ event }) => {
        heard.push(`${event.user} joined`);
      });
      app.event('app_mention', async ({ event }) => {
        heard.push(event.text);
      });
    }),
  );
  const random = { channel: 'C0RANDOM04', text: 'x' };
  expect(await world.api('chat.postMessage', random)).toMatchObject({ error: 'not_in_channel' });
  expect(await world.post('/sandbox/members', { user: MAYA, channel: '#random', invite: '@Psi' })).toEqual({
    ok: true,
  });
  await world.post('/sandbox/messages', { user: MAYA, channel: '#random', text: '@Psi hi' });
  await until(() => heard.length === 2);
  expect(heard.sort()).toEqual(['<@U0PSIBOT> hi', 'U0PSIBOT joined']);
  expect(await world.api('chat.postMessage', random)).toMatchObject({ ok: true });
});

test('what a guest writes says from which company it comes', async () => {
  const teams: unknown[] = [];
  const world = kept(
    await startWithBolt((app) => {
      app.message(async ({ message, body }) => {
        teams.push('user_team' in message ? message.user_team : null, body.is_ext_shared_channel);
      });
    }),
  );
  await world.post('/sandbox/messages', { user: DANA, channel: '#ext-brightpath', text: 'hello' });
  await until(() => teams.length === 2);
  expect(teams).toEqual(['T0BRIGHTP', true]);
});

test('a guest sees and writes only where they are a member', async () => {
  const world = kept(await startSlack());
  await world.post('/sandbox/messages', { user: MAYA, channel: '#finance', text: 'for finance' });
  await world.post('/sandbox/messages', { user: MAYA, channel: '#ext-brightpath', text: 'for both' });
  expect((await world.messages(`viewer=${DANA}`)).map((each) => each.plain)).toEqual(['for both']);
  expect(await world.messages(`channel=%23finance&viewer=${DANA}`)).toEqual([]);
  const refused = await world.call('POST', '/sandbox/messages', {
    user: DANA,
    channel: '#finance',
    text: 'hi',
  });
  expect(refused.status).toBe(403);
  expect(field(refused.body, 'error.code')).toBe('not_in_channel');
});

test('an ephemeral message is seen by the one it is for, and by nobody else', async () => {
  const world = kept(await startSlack());
  await world.api('chat.postEphemeral', { channel: 'C0GENERAL1', user: SAM, text: 'only you' });
  expect(await world.messages(`channel=C0GENERAL1&viewer=${SAM}`)).toMatchObject([
    { plain: 'only you', ephemeral_to: SAM },
  ]);
  expect(await world.messages(`channel=C0GENERAL1&viewer=${MAYA}`)).toEqual([]);
});

test('what was said is still there after a restart, and new messages come after it', async () => {
  const before = await startSlack();
  const first = await before.post('/sandbox/messages', { user: MAYA, text: 'before' });
  await before.close();
  const after = kept(await startSlack(before.keep));
  const second = await after.post('/sandbox/messages', { user: MAYA, text: 'after' });
  expect((await after.messages(`channel=${MAYA_DM}`)).map((each) => each.plain)).toEqual(['before', 'after']);
  expect(Number(second.ts)).toBeGreaterThan(Number(first.ts));
});

test('an event that found no app before a restart is delivered after it', async () => {
  const before = await startSlack();
  await before.post('/sandbox/messages', { user: MAYA, text: 'anyone?' });
  await before.close();
  const after = kept(await startSlack(before.keep));
  const heard: string[] = [];
  const app = await startBolt(after.origin, (bolt) => {
    bolt.message(async ({ message }) => {
      if ('text' in message) heard.push(message.text ?? '');
    });
  });
  await until(() => heard.length > 0);
  expect(heard).toEqual(['anyone?']);
  await app.stop();
  await until(() => after.slack.connections() === 0);
});

test('a reset leaves the workspace without a message', async () => {
  const world = kept(await startSlack());
  await world.post('/sandbox/messages', { user: MAYA, text: 'gone soon' });
  expect(world.slack.pending()).toBe(1);
  world.reset();
  expect(await world.messages(`channel=${MAYA_DM}`)).toEqual([]);
  expect(world.slack.pending()).toBe(0);
});

test('a file that a person sends can be fetched by the app with its token, and not with another', async () => {
  const world = kept(await startSlack());
  const files = [{ name: 'list.csv', text: 'a,b' }];
  await world.post('/sandbox/messages', { user: MAYA, text: 'see this', files });
  const [message] = await world.messages(`channel=${MAYA_DM}`);
  expect(message).toMatchObject({ files: [{ name: 'list.csv', mimetype: 'text/csv', size: 3 }] });
  const history = await world.api('conversations.history', { channel: MAYA_DM });
  const url = /"url_private":"([^"]+)"/.exec(JSON.stringify(history))?.[1] ?? '';
  const fetched = await fetch(url, { headers: { authorization: 'Bearer xoxb-test' } });
  expect(await fetched.text()).toBe('a,b');
  const refused = await fetch(url, { headers: { authorization: 'Bearer wrong' } });
  expect(await refused.text()).toContain('Sign in');
});

test('a file the app uploads appears in the thread', async () => {
  const world = kept(
    await startWithBolt((app) => {
      app.message('chart', async ({ message, client }) => {
        await client.files.uploadV2({
          channel_id: message.channel,
          thread_ts: message.ts,
          filename: 'chart.png',
          file: Buffer.from('not really a picture'),
          initial_comment: 'Here it is',
        });
      });
    }),
  );
  const { ts } = await world.post('/sandbox/messages', { user: MAYA, text: 'chart' });
  await until(async () => (await world.messages(`channel=${MAYA_DM}`)).length === 2);
  expect((await world.messages(`channel=${MAYA_DM}`))[1]).toMatchObject({
    thread_ts: ts,
    plain: 'Here it is',
    files: [{ name: 'chart.png', mimetype: 'image/png', size: 20 }],
  });
});
