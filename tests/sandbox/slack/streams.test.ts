import { afterEach, expect, test } from 'vitest';
import { type SlackWorld, startSlack, startWithBolt, until } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';
const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function freshWorld() {
  const world = await startSlack();
  open.push(world);
  return world;
}

async function startStream(world: SlackWorld, extra: Record<string, unknown> = {}) {
  const asked = await world.post('/sandbox/messages', { user: MAYA, text: 'go' });
  const started = await world.api('chat.startStream', { channel: MAYA_DM, thread_ts: asked.ts, ...extra });
  return { at: { channel: MAYA_DM, ts: started.ts } };
}

test('a Bolt app streams its steps and its text, and stops with blocks', async () => {
  const world = await startWithBolt((app) => {
    app.message('go', async ({ message, client }) => {
      const streamer = client.chatStream({ channel: message.channel, thread_ts: message.ts });
      const task = { type: 'task_update' as const, id: 't1', title: 'Counting invoices' };
      await streamer.append({ chunks: [{ ...task, status: 'in_progress' as const }] });
      await streamer.append({ chunks: [{ ...task, status: 'complete' as const, output: '12 found' }] });
      await streamer.append({ markdown_text: 'There are **12**.' });
      await streamer.stop({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'As of today' } }] });
    });
  });
  open.push(world);
  await world.post('/sandbox/messages', { user: MAYA, text: 'go' });
  await until(async () => (await world.messages(`channel=${MAYA_DM}`))[1]?.streaming === false);
  const [, answer] = await world.messages(`channel=${MAYA_DM}`);
  expect(answer).toMatchObject({
    text: 'There are **12**.',
    plain: 'Counting invoices\n12 found\nThere are 12.\nAs of today',
    blocks: [
      { type: 'task_card', task_id: 't1', status: 'complete' },
      { type: 'markdown' },
      { type: 'section' },
    ],
  });
});

test('while a stream is open it is pending and shows what has come so far', async () => {
  const world = await freshWorld();
  const { at } = await startStream(world, { markdown_text: 'so ' });
  const before = world.slack.pending();
  await world.api('chat.appendStream', { ...at, markdown_text: 'far' });
  const [, message] = await world.messages(`channel=${MAYA_DM}`);
  expect(message).toMatchObject({ streaming: true, plain: 'so far' });
  expect(await world.api('chat.update', { ...at, text: 'x' })).toMatchObject({
    error: 'streaming_state_conflict',
  });
  await world.api('chat.stopStream', at);
  expect((await world.messages(`channel=${MAYA_DM}`))[1]).toMatchObject({ streaming: false, text: 'so far' });
  expect(await world.api('chat.appendStream', { ...at, markdown_text: 'x' })).toMatchObject({
    error: 'message_not_in_streaming_state',
  });
  // The stop adds a message_changed event that no app is there to take.
  expect(world.slack.pending()).toBe(before);
});

test('a stream closes five minutes after it began', async () => {
  const world = await freshWorld();
  const { at } = await startStream(world, { markdown_text: 'early' });
  world.world.advanceTo(world.world.now() + 5 * 60_000 + 1);
  expect(await world.api('chat.appendStream', { ...at, markdown_text: 'late' })).toMatchObject({
    error: 'message_not_in_streaming_state',
  });
  expect((await world.messages(`channel=${MAYA_DM}`))[1]).toMatchObject({ streaming: false, plain: 'early' });
  expect(await world.api('chat.update', { ...at, text: 'in full' })).toMatchObject({ ok: true });
});

test('with stream_expired planned, the stream closes at the next chunk', async () => {
  const world = await freshWorld();
  const { at } = await startStream(world);
  world.faults.add({ system: 'slack', kind: 'stream_expired', match: null, ms: 0, count: 1 });
  expect(await world.api('chat.appendStream', { ...at, markdown_text: 'x' })).toMatchObject({
    error: 'message_not_in_streaming_state',
  });
});

const refusals = [
  {
    name: 'outside a DM without a recipient',
    args: { channel: 'C0GENERAL1' },
    error: 'missing_recipient_user_id',
  },
  {
    name: 'outside a DM without a team',
    args: { channel: 'C0GENERAL1', recipient_user_id: MAYA },
    error: 'missing_recipient_team_id',
  },
  { name: 'with a chunk of an unknown type', args: { chunks: [{ type: 'song' }] }, error: 'invalid_chunks' },
  {
    name: 'with a task of an unknown status',
    args: { chunks: [{ type: 'task_update', id: '1', title: 'a', status: 'done' }] },
    error: 'invalid_chunks',
  },
  {
    name: 'with more than 12,000 characters',
    args: { markdown_text: 'x'.repeat(12_001) },
    error: 'msg_too_long',
  },
];
test.each(refusals)('a stream $name is refused as $error', async ({ args, error }) => {
  const world = await freshWorld();
  const channel = 'channel' in args ? '#general' : undefined;
  const asked = await world.post('/sandbox/messages', { user: MAYA, channel, text: 'go' });
  const answer = await world.api('chat.startStream', { channel: MAYA_DM, thread_ts: asked.ts, ...args });
  expect(answer).toMatchObject({ ok: false, error });
});

test('the 21st stream of a minute is refused with 429', async () => {
  const world = await freshWorld();
  const asked = await world.post('/sandbox/messages', { user: MAYA, text: 'go' });
  const start = () => world.api('chat.startStream', { channel: MAYA_DM, thread_ts: asked.ts });
  for (let at = 0; at < 20; at += 1) expect(await start()).toMatchObject({ ok: true });
  expect(await start()).toMatchObject({ ok: false, error: 'ratelimited' });
});

test('a stream whose app has died is no longer waited for', async () => {
  const world = await startWithBolt(() => undefined);
  const asked = await world.post('/sandbox/messages', { user: MAYA, text: 'go' });
  await world.api('chat.startStream', { channel: MAYA_DM, thread_ts: asked.ts });
  await until(() => world.slack.pending() === 1);
  await world.app.stop();
  await until(() => world.slack.pending() === 0);
  expect((await world.messages(`channel=${MAYA_DM}`))[1]).toMatchObject({ streaming: true });
  await world.close();
});

test('a stream left open when everything stopped is not waited for after the restart', async () => {
  const before = await startSlack();
  const { at } = await startStream(before, { markdown_text: 'half' });
  await before.close();
  const after = await startSlack(before.keep);
  open.push(after);
  const [, message] = await after.messages(`channel=${MAYA_DM}`);
  expect(message).toMatchObject({ ts: at.ts, streaming: true, plain: 'half' });
  // The two events of the conversation still wait for an app; the stream does not count.
  expect(after.slack.pending()).toBe(2);
});
