import { LogLevel, retryPolicies, WebClient } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import type { FaultKind } from '../../../sandbox/core/types.ts';
import { type SlackWorld, startSlack } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';
const open: SlackWorld[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function freshWorld() {
  const world = await startSlack();
  open.push(world);
  return world;
}

function clientOf(world: SlackWorld) {
  return new WebClient('xoxb-test', {
    slackApiUrl: `${world.origin}/api/`,
    logLevel: LogLevel.ERROR,
    retryConfig: { ...retryPolicies.rapidRetryPolicy, retries: 3 },
  });
}

function fault(world: SlackWorld, kind: FaultKind, match: string | null = null, ms = 0) {
  world.faults.add({ system: 'slack', kind, match, ms, count: 1 });
}

const refusals: {
  name: string;
  method: string;
  args: Record<string, unknown>;
  error: string;
  token?: string;
}[] = [
  { name: 'no token', method: 'auth.test', args: {}, token: '', error: 'not_authed' },
  { name: 'a wrong token', method: 'auth.test', args: {}, token: 'xoxb-other', error: 'invalid_auth' },
  {
    name: 'the app token where the bot is asked',
    method: 'auth.test',
    args: {},
    token: 'xapp-test',
    error: 'not_allowed_token_type',
  },
  {
    name: 'the bot token for a connection',
    method: 'apps.connections.open',
    args: {},
    error: 'not_allowed_token_type',
  },
  { name: 'a method Slack does not have', method: 'chat.shout', args: {}, error: 'unknown_method' },
  { name: 'a missing argument', method: 'chat.postMessage', args: { text: 'x' }, error: 'invalid_arguments' },
  {
    name: 'an unknown channel',
    method: 'chat.postMessage',
    args: { channel: 'C9', text: 'x' },
    error: 'channel_not_found',
  },
  {
    name: 'a channel the bot is not in',
    method: 'chat.postMessage',
    args: { channel: 'C0RANDOM04', text: 'x' },
    error: 'not_in_channel',
  },
  { name: 'a message of nothing', method: 'chat.postMessage', args: { channel: MAYA_DM }, error: 'no_text' },
  {
    name: 'a message of more than 40,000 characters',
    method: 'chat.postMessage',
    args: { channel: MAYA_DM, text: 'x'.repeat(40_001) },
    error: 'msg_too_long',
  },
  {
    name: 'markdown of more than 12,000 characters',
    method: 'chat.postMessage',
    args: { channel: MAYA_DM, markdown_text: 'x'.repeat(12_001) },
    error: 'msg_too_long',
  },
  {
    name: 'a reply to no thread',
    method: 'chat.postMessage',
    args: { channel: MAYA_DM, text: 'x', thread_ts: '1.000001' },
    error: 'thread_not_found',
  },
  {
    name: 'a change of no message',
    method: 'chat.update',
    args: { channel: MAYA_DM, ts: '1.000001', text: 'x' },
    error: 'message_not_found',
  },
  {
    name: 'a whisper to somebody outside',
    method: 'chat.postEphemeral',
    args: { channel: 'C0FINANCE2', user: 'U0SAMWHIT07', text: 'x' },
    error: 'user_not_in_channel',
  },
  { name: 'an unknown user', method: 'users.info', args: { user: 'U9' }, error: 'user_not_found' },
  {
    name: 'an unknown address',
    method: 'users.lookupByEmail',
    args: { email: 'a@b.example' },
    error: 'users_not_found',
  },
  { name: 'a DM with nobody', method: 'conversations.open', args: { users: 'U9' }, error: 'user_not_found' },
  {
    name: 'the thread of no message',
    method: 'conversations.replies',
    args: { channel: MAYA_DM, ts: '1.000001' },
    error: 'thread_not_found',
  },
  { name: 'a broken cursor', method: 'users.list', args: { cursor: '%' }, error: 'invalid_cursor' },
  {
    name: 'a Home for nobody',
    method: 'views.publish',
    args: { user_id: 'U9', view: { type: 'home', blocks: [] } },
    error: 'user_not_found',
  },
  {
    name: 'a change of no view',
    method: 'views.update',
    args: { view_id: 'V9', view: { type: 'modal' } },
    error: 'not_found',
  },
  {
    name: 'five suggested prompts',
    method: 'assistant.threads.setSuggestedPrompts',
    args: { channel_id: MAYA_DM, prompts: Array(5).fill({ title: 'a', message: 'b' }) },
    error: 'invalid_arguments',
  },
  {
    name: 'an unknown session status',
    method: 'agents.sessions.setStatus',
    args: { channel_id: MAYA_DM, status: 'napping' },
    error: 'invalid_arguments',
  },
  {
    name: 'a file never uploaded',
    method: 'files.completeUploadExternal',
    args: { files: [{ id: 'F9' }] },
    error: 'file_not_found',
  },
];
test.each(refusals)('$name is refused as $error', async ({ method, args, error, token }) => {
  const world = await freshWorld();
  expect(await world.api(method, args, token)).toMatchObject({ ok: false, error });
});

test('a message of a person cannot be changed or deleted by the app', async () => {
  const world = await freshWorld();
  const { ts } = await world.post('/sandbox/messages', { user: MAYA, text: 'mine' });
  const at = { channel: MAYA_DM, ts };
  expect(await world.api('chat.update', { ...at, text: 'x' })).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await world.api('chat.delete', at)).toMatchObject({ error: 'cant_delete_message' });
});

const broken = [
  { name: 'JSON that is cut off', type: 'application/json', body: '{"channel":', error: 'invalid_json' },
  { name: 'JSON that is a list', type: 'application/json', body: '[1]', error: 'json_not_object' },
  {
    name: 'blocks that are no JSON',
    type: 'application/x-www-form-urlencoded',
    body: 'channel=D&blocks=%5B',
    error: 'invalid_blocks_format',
  },
  { name: 'another content type', type: 'text/csv', body: 'a,b', error: 'invalid_post_type' },
];
test.each(broken)('a body of $name is refused as $error', async ({ type, body, error }) => {
  const world = await freshWorld();
  const headers = { 'content-type': type, authorization: 'Bearer xoxb-test' };
  const response = await fetch(`${world.origin}/api/chat.postMessage`, { method: 'POST', headers, body });
  expect(await response.json()).toMatchObject({ ok: false, error });
});

test('an update with new text alone removes the blocks', async () => {
  const client = clientOf(await freshWorld());
  const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Old' } }];
  const posted = await client.chat.postMessage({ channel: MAYA_DM, text: 'old', blocks });
  const updated = await client.chat.update({ channel: MAYA_DM, ts: posted.ts ?? '', text: 'new' });
  expect(updated.message).toMatchObject({ text: 'new', blocks: [] });
});

test('a thread loses its status as soon as the app answers in it', async () => {
  const world = await freshWorld();
  const { ts: thread_ts } = await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  const place = { channel_id: MAYA_DM, thread_ts };
  await world.api('assistant.threads.setStatus', { ...place, status: 'is counting' });
  expect(await world.get('/sandbox/threads')).toMatchObject({
    threads: [{ thread_ts, status: 'is counting' }],
  });
  await world.api('chat.postMessage', { channel: MAYA_DM, thread_ts, text: 'done' });
  expect(await world.get('/sandbox/threads')).toMatchObject({ threads: [{ thread_ts, status: '' }] });
});

test('roles can be learned from user groups, and nobody else is in them', async () => {
  const client = clientOf(await freshWorld());
  const { usergroups = [] } = await client.usergroups.list({ include_users: true });
  const members = Object.fromEntries(usergroups.map((group) => [group.handle, group.users?.length]));
  expect(members).toEqual({ founders: 2, finance: 2, success: 1, analysts: 1 });
  const { users = [] } = await client.usergroups.users.list({ usergroup: usergroups[0]?.id ?? '' });
  expect(users).toEqual(usergroups[0]?.users);
});

test('a guest is marked as one, and the channel shared with them as shared', async () => {
  const client = clientOf(await freshWorld());
  const { user } = await client.users.info({ user: 'U0DANAKOW08' });
  expect(user).toMatchObject({ is_restricted: true, is_ultra_restricted: true, is_stranger: true });
  const { channel } = await client.conversations.info({ channel: 'C0BRIGHTP6' });
  expect(channel).toMatchObject({ is_ext_shared: true, is_private: false });
});

test('lists are paged to their end', async () => {
  const client = clientOf(await freshWorld());
  const names: (string | undefined)[] = [];
  for await (const page of client.paginate('users.list', { limit: 3 })) {
    if ('members' in page && Array.isArray(page.members))
      names.push(...page.members.map((each) => each.name));
  }
  expect(names).toHaveLength(9);
  expect(new Set(names).size).toBe(9);
});

test('a fifth message within the second gets 429 and Retry-After; other channels are not affected', async () => {
  const world = await freshWorld();
  const post = (channel: string) =>
    fetch(`${world.origin}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-test' },
      body: new URLSearchParams({ channel, text: 'x' }),
    });
  for (let sent = 0; sent < 4; sent += 1) expect((await post(MAYA_DM)).status).toBe(200);
  const fifth = await post(MAYA_DM);
  expect(fifth.status).toBe(429);
  expect(fifth.headers.get('retry-after')).toBe('1');
  expect(await fifth.json()).toMatchObject({ ok: false, error: 'ratelimited' });
  expect((await post('C0GENERAL1')).status).toBe(200);
});

test('the client survives 429 by waiting, and nothing is posted twice', async () => {
  const world = await freshWorld();
  const client = clientOf(world);
  for (const text of ['1', '2', '3', '4', '5']) await client.chat.postMessage({ channel: MAYA_DM, text });
  expect((await world.messages(`channel=${MAYA_DM}`)).map((each) => each.plain)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

test.each(['http_500', 'rate_limit', 'slow'] as const)(
  'with %s planned, a retried call still happens once',
  async (kind) => {
    const world = await freshWorld();
    fault(world, kind, 'chat.postMessage', 50);
    await clientOf(world).chat.postMessage({ channel: MAYA_DM, text: 'once' });
    expect(await world.messages(`channel=${MAYA_DM}`)).toHaveLength(1);
  },
);

test('with drop_response planned, the message is posted and the answer lost', async () => {
  const world = await freshWorld();
  fault(world, 'drop_response', 'chat.postMessage');
  await expect(world.api('chat.postMessage', { channel: MAYA_DM, text: 'lost' })).rejects.toThrow();
  expect(await world.messages(`channel=${MAYA_DM}`)).toHaveLength(1);
  expect(world.slack.pending()).toBe(1);
});

test('with malformed planned, the answer is no JSON and nothing is posted', async () => {
  const world = await freshWorld();
  fault(world, 'malformed', 'chat.postMessage');
  await expect(world.api('chat.postMessage', { channel: MAYA_DM, text: 'x' })).rejects.toThrow();
  expect(await world.messages(`channel=${MAYA_DM}`)).toEqual([]);
});
