import { afterAll, beforeAll, expect, test } from 'vitest';
import { field, type SlackWorld, startSlack } from './world.ts';

const MAYA = 'U0MAYAOKA01';
let world: SlackWorld;

beforeAll(async () => {
  world = await startSlack();
});

afterAll(() => world.close());

const refusals: { name: string; path: string; body: unknown; status: number; code: string }[] = [
  { name: 'a message of nobody', path: 'messages', body: { text: 'x' }, status: 400, code: 'invalid_body' },
  {
    name: 'a message of a stranger',
    path: 'messages',
    body: { user: 'U9', text: 'x' },
    status: 404,
    code: 'no_such_user',
  },
  {
    name: 'a message without text',
    path: 'messages',
    body: { user: MAYA, text: ' ' },
    status: 400,
    code: 'no_text',
  },
  {
    name: 'a message with a number for text',
    path: 'messages',
    body: { user: MAYA, text: 7 },
    status: 400,
    code: 'invalid_body',
  },
  {
    name: 'a message to nowhere',
    path: 'messages',
    body: { user: MAYA, channel: '#moon', text: 'x' },
    status: 404,
    code: 'no_such_channel',
  },
  {
    name: "a message in another's DM",
    path: 'messages',
    body: { user: MAYA, channel: 'D0SAMWHIT07', text: 'x' },
    status: 403,
    code: 'not_in_channel',
  },
  {
    name: 'a reply to nothing',
    path: 'messages',
    body: { user: MAYA, text: 'x', thread_ts: '1.1' },
    status: 404,
    code: 'no_such_thread',
  },
  { name: 'a list for a body', path: 'messages', body: [1], status: 400, code: 'invalid_body' },
  {
    name: 'a click on no message',
    path: 'actions',
    body: { user: MAYA, message_ts: '1.1', action_id: 'a' },
    status: 404,
    code: 'no_such_message',
  },
  {
    name: 'a click on nothing',
    path: 'actions',
    body: { user: MAYA, action_id: 'a' },
    status: 400,
    code: 'invalid_body',
  },
  {
    name: 'a submission of no view',
    path: 'views/submit',
    body: { user: MAYA, view_id: 'V9' },
    status: 404,
    code: 'no_such_view',
  },
  {
    name: 'a command without a slash',
    path: 'commands',
    body: { user: MAYA, command: 'psi' },
    status: 400,
    code: 'invalid_body',
  },
  {
    name: 'a reaction to nothing',
    path: 'reactions',
    body: { user: MAYA, ts: '1.1', name: 'eyes' },
    status: 404,
    code: 'no_such_message',
  },
  { name: 'a stop without a thread', path: 'stop', body: { user: MAYA }, status: 400, code: 'invalid_body' },
];
test.each(refusals)('$name is refused as $code', async ({ path, body, status, code }) => {
  const answer = await world.call('POST', `/sandbox/${path}`, body);
  expect({ status: answer.status, code: field(answer.body, 'error.code') }).toEqual({ status, code });
  expect(field(answer.body, 'error.message')).not.toBe('');
  expect(world.slack.pending()).toBe(0);
});

test('a body that is no JSON is refused with a reason', async () => {
  const response = await fetch(`${world.origin}/sandbox/messages`, { method: 'POST', body: '{"user":' });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: { code: 'invalid_json', message: 'The body is not valid JSON.' },
  });
});

test('the state names every person with role and zone, and the channel shared with the guest', () => {
  const { users, channels } = world.slack.state();
  expect(users.map((user) => user.role).sort()).toEqual([
    'analyst',
    'finance',
    'finance',
    'founder',
    'founder',
    'guest',
    'success',
    'viewer',
  ]);
  expect(new Set(users.map((user) => user.tz)).size).toBeGreaterThanOrEqual(2);
  const guest = users.find((user) => user.is_guest);
  const shared = channels.filter((channel) => channel.is_ext_shared);
  expect(shared.map((channel) => channel.members.includes(guest?.id ?? ''))).toEqual([true]);
});

test('a person may be named by id, handle or address, and a channel by its name', async () => {
  for (const user of [MAYA, 'maya', 'maya@psizero.example']) {
    const posted = await world.post('/sandbox/messages', { user, channel: '#random', text: 'x' });
    expect(posted).toMatchObject({ channel: 'C0RANDOM04' });
  }
});

test('only newer messages are given after an instant, and only those of a thread when one is asked for', async () => {
  const first = await world.post('/sandbox/messages', { user: MAYA, channel: '#random', text: 'first' });
  const thread_ts = first.ts;
  await world.post('/sandbox/messages', { user: MAYA, channel: '#random', text: 'reply', thread_ts });
  await world.post('/sandbox/messages', { user: MAYA, channel: '#random', text: 'other' });
  const seen = async (query: string) => (await world.messages(query)).map((each) => each.plain);
  expect(await seen(`channel=C0RANDOM04&after=${thread_ts}`)).toEqual(['reply', 'other']);
  expect(await seen(`channel=C0RANDOM04&thread_ts=${thread_ts}`)).toEqual(['first', 'reply']);
});

test('a watcher is told of every change it could see', async () => {
  const seen: string[] = [];
  const end = world.slack.feed.subscribe((change) => seen.push(change.type));
  const posted = await world.api('chat.postMessage', { channel: 'C0GENERAL1', text: 'a' });
  await world.api('chat.update', { channel: 'C0GENERAL1', ts: posted.ts, text: 'b' });
  await world.api('chat.postEphemeral', { channel: 'C0GENERAL1', user: MAYA, text: 'c' });
  await world.api('assistant.threads.setStatus', {
    channel_id: 'C0GENERAL1',
    thread_ts: posted.ts,
    status: 'is counting',
  });
  await world.api('views.publish', { user_id: MAYA, view: { type: 'home', blocks: [] } });
  await world.api('chat.delete', { channel: 'C0GENERAL1', ts: posted.ts });
  end();
  expect(seen).toEqual([
    'message_posted',
    'message_changed',
    'ephemeral',
    'thread_state',
    'home_published',
    'message_deleted',
  ]);
});
