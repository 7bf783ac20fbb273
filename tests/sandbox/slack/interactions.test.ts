import type { App } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import { field, startSlack, startWithBolt, until } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const MAYA_DM = 'D0MAYAOKA01';
const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function worldWith(prepare: (app: App) => void) {
  const world = await startWithBolt(prepare);
  open.push(world);
  return world;
}

const button = (actionId: string, value: string, label = actionId) => ({
  type: 'button',
  action_id: actionId,
  value,
  text: { type: 'plain_text', text: label },
});
const card = (...elements: object[]) => [
  { type: 'section', block_id: 'what', text: { type: 'mrkdwn', text: 'Refund *$40*?' } },
  { type: 'actions', block_id: 'decide', elements },
];

const reasonModal = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: { type: 'plain_text' as const, text: 'Why?' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: { type: 'plain_text' as const, text: 'Reason' },
      element: { type: 'plain_text_input' as const, action_id: 'text', max_length: 20 },
    },
  ],
};

test('a click is acknowledged and the card changes; the button it had is then gone', async () => {
  const world = await worldWith((app) => {
    app.action('approval.approve', async ({ ack, action, body, client }) => {
      await ack();
      if (action.type !== 'button' || body.type !== 'block_actions' || !body.message || !body.channel) return;
      await client.chat.update({
        channel: body.channel.id,
        ts: body.message.ts,
        text: `Approved ${action.value} by ${body.user.id}`,
      });
    });
  });
  const posted = await world.api('chat.postMessage', {
    channel: MAYA_DM,
    text: 'Refund?',
    blocks: card(button('approval.approve', 'ap_1', 'Approve'), button('approval.reject', 'ap_1', 'Reject')),
  });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'approval.approve' };
  expect((await world.messages(`channel=${MAYA_DM}`))[0]?.plain).toBe('Refund $40?\nApprove\nReject');
  expect(await world.post('/sandbox/actions', click)).toEqual({ ok: true });
  await until(async () => (await world.messages(`channel=${MAYA_DM}`))[0]?.edited_ts !== null);
  expect((await world.messages(`channel=${MAYA_DM}`))[0]?.plain).toBe(`Approved ap_1 by ${MAYA}`);
  const late = await world.call('POST', '/sandbox/actions', click);
  expect(late.status).toBe(404);
  expect(field(late.body, 'error.code')).toBe('no_such_action');
});

test('a click on a button that is not there says which are', async () => {
  const world = await startSlack();
  open.push(world);
  const posted = await world.api('chat.postMessage', {
    channel: MAYA_DM,
    text: 'x',
    blocks: card(button('a', '1')),
  });
  const answer = await world.call('POST', '/sandbox/actions', {
    user: MAYA,
    channel: MAYA_DM,
    message_ts: posted.ts,
    action_id: 'b',
  });
  expect(answer.status).toBe(404);
  expect(field(answer.body, 'error.message')).toContain('a=1');
});

test('of buttons that share an action id, the value picks the one', async () => {
  const values: unknown[] = [];
  const world = await worldWith((app) => {
    app.action('row', async ({ ack, action }) => {
      await ack();
      if (action.type === 'button' && 'block_id' in action) values.push(`${action.block_id} ${action.value}`);
    });
  });
  const rows = ['r1', 'r2'].map((row) => ({
    type: 'section',
    block_id: row,
    text: { type: 'mrkdwn', text: row },
    accessory: button('row', `ap:${row}`),
  }));
  const posted = await world.api('chat.postMessage', { channel: MAYA_DM, text: 'rows', blocks: rows });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'row' };
  expect(await world.post('/sandbox/actions', { ...click, value: 'ap:r2' })).toEqual({ ok: true });
  expect(values).toEqual(['r2 ap:r2']);
});

test('a click that no app acknowledges is reported as failed', async () => {
  const world = await startSlack();
  open.push(world);
  const posted = await world.api('chat.postMessage', {
    channel: MAYA_DM,
    text: 'x',
    blocks: card(button('a', '1')),
  });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'a' };
  expect(await world.post('/sandbox/actions', click)).toMatchObject({ ok: false });
});

test('a choice in a message reaches the app with its option; one that is not offered is refused', async () => {
  const chosen: unknown[] = [];
  const world = await worldWith((app) => {
    app.action('pick', async ({ ack, body }) => {
      await ack();
      if (body.type === 'block_actions') chosen.push(body.actions[0], body.state?.values.decide?.pick);
    });
  });
  const option = { text: { type: 'plain_text', text: 'October' }, value: '2026-10' };
  const blocks = card({ type: 'static_select', action_id: 'pick', options: [option] });
  const posted = await world.api('chat.postMessage', { channel: MAYA_DM, text: 'x', blocks });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'pick' };
  expect(await world.post('/sandbox/actions', { ...click, selected: '2026-10' })).toEqual({ ok: true });
  expect(chosen).toMatchObject([
    { type: 'static_select', selected_option: option },
    { selected_option: option },
  ]);
  const refused = await world.call('POST', '/sandbox/actions', { ...click, selected: '2026-11' });
  expect(field(refused.body, 'error.code')).toBe('no_such_option');
});

test('feedback buttons give the value of the side that was pressed', async () => {
  const rated: unknown[] = [];
  const world = await worldWith((app) => {
    app.action('feedback.rate', async ({ ack, action }) => {
      await ack();
      rated.push(action);
    });
  });
  const side = (text: string, value: string) => ({ text: { type: 'plain_text', text }, value });
  const element = {
    type: 'feedback_buttons',
    action_id: 'feedback.rate',
    positive_button: side('Good', 'up'),
    negative_button: side('Bad', 'down'),
  };
  const blocks = [{ type: 'context_actions', elements: [element] }];
  const posted = await world.api('chat.postMessage', { channel: MAYA_DM, text: 'x', blocks });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'feedback.rate' };
  await world.post('/sandbox/actions', { ...click, value: 'down' });
  expect(rated).toMatchObject([{ type: 'feedback_buttons', value: 'down' }]);
});

test('a modal opened by a click is filled in, refused with reasons, and then accepted', async () => {
  const reasons: unknown[] = [];
  const world = await worldWith((app) => {
    app.action('ask', async ({ ack, body, client }) => {
      await ack();
      if (body.type === 'block_actions')
        await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
    });
    app.view('reason', async ({ ack, view }) => {
      const reason = view.state.values.why?.text?.value;
      if (reason === 'no') return ack({ response_action: 'errors', errors: { why: 'Say more.' } });
      reasons.push(reason);
      await ack();
    });
  });
  const posted = await world.api('chat.postMessage', {
    channel: MAYA_DM,
    text: 'x',
    blocks: card(button('ask', '1')),
  });
  const click = { user: MAYA, channel: MAYA_DM, message_ts: posted.ts, action_id: 'ask' };
  const { opened_view_id: view_id } = await world.post('/sandbox/actions', click);
  const looked = await world.get(`/sandbox/views?user=${MAYA}`);
  expect(looked.modals).toMatchObject([{ id: view_id, callback_id: 'reason', plain: 'Why?\nReason' }]);
  const submit = (values: object) => world.post('/sandbox/views/submit', { user: MAYA, view_id, values });
  expect(await submit({})).toEqual({ ok: false, errors: { why: 'Please complete this required field.' } });
  expect(await submit({ why: { text: 'x'.repeat(21) } })).toMatchObject({
    ok: false,
    errors: { why: expect.any(String) },
  });
  expect(await submit({ why: { text: 'no' } })).toEqual({ ok: false, errors: { why: 'Say more.' } });
  expect(await submit({ why: { text: 'a duplicate' } })).toEqual({ ok: true });
  expect(reasons).toEqual(['a duplicate']);
  expect((await world.get(`/sandbox/views?user=${MAYA}`)).modals).toEqual([]);
});

test('a submission may replace the modal, and clearing closes it', async () => {
  const world = await worldWith((app) => {
    app.command('/psi', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
    });
    app.view('reason', async ({ ack, view }) => {
      const again = { ...reasonModal, title: { type: 'plain_text' as const, text: 'Sure?' } };
      if (view.title.text === 'Why?') await ack({ response_action: 'update', view: again });
      else await ack({ response_action: 'clear' });
    });
  });
  expect(await world.post('/sandbox/commands', { user: MAYA, command: '/psi' })).toEqual({
    ok: true,
    response: '',
  });
  const before = await world.get(`/sandbox/views?user=${MAYA}`);
  const view_id = /"id":"(V[^"]+)"/.exec(JSON.stringify(before.modals))?.[1];
  const submit = { user: MAYA, view_id, values: { why: { text: 'because' } } };
  expect(await world.post('/sandbox/views/submit', submit)).toEqual({ ok: true });
  expect((await world.get(`/sandbox/views?user=${MAYA}`)).modals).toMatchObject([
    { title: { text: 'Sure?' } },
  ]);
  expect(await world.post('/sandbox/views/submit', submit)).toEqual({ ok: true });
  expect((await world.get(`/sandbox/views?user=${MAYA}`)).modals).toEqual([]);
});

test('a trigger opens one modal, and none after three seconds', async () => {
  const triggers: string[] = [];
  const world = await worldWith((app) => {
    app.command('/psi', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack('noted');
    });
  });
  for (const text of ['one', 'two'])
    await world.post('/sandbox/commands', { user: MAYA, command: '/psi', text });
  const [first, second] = triggers;
  expect(await world.api('views.open', { trigger_id: first, view: reasonModal })).toMatchObject({ ok: true });
  expect(await world.api('views.open', { trigger_id: first, view: reasonModal })).toMatchObject({
    error: 'exchanged_trigger_id',
  });
  expect(await world.api('views.open', { trigger_id: 'none', view: reasonModal })).toMatchObject({
    error: 'invalid_trigger_id',
  });
  await new Promise((resolve) => setTimeout(resolve, 3050));
  expect(await world.api('views.open', { trigger_id: second, view: reasonModal })).toMatchObject({
    error: 'expired_trigger_id',
  });
});

const commandAnswers = [
  { name: 'in its acknowledgement', text: 'ack', response: 'You said ack' },
  { name: 'through the response URL', text: 'later', response: 'Later: $1,200' },
  { name: 'as a message to the person alone', text: 'whisper', response: 'Between us' },
];
test.each(commandAnswers)(
  'the answer of a command given $name is the response',
  async ({ text, response }) => {
    const world = await worldWith((app) => {
      app.command('/psi', async ({ ack, client, command, respond }) => {
        if (command.text === 'ack') return ack(`You said *${command.text}*`);
        await ack();
        if (command.text === 'whisper') {
          const to = { channel: command.channel_id, user: command.user_id };
          await client.chat.postEphemeral({ ...to, text: 'Between us' });
          return;
        }
        await respond({ blocks: [{ type: 'markdown', text: '**Later**: $1,200' }], text: 'fallback' });
      });
    });
    const command = { user: MAYA, channel: '#general', command: '/psi', text };
    expect(await world.post('/sandbox/commands', command)).toEqual({ ok: true, response });
    expect(await world.messages(`channel=C0GENERAL1&viewer=${MAYA}`)).toMatchObject([
      { ephemeral_to: MAYA, plain: response },
    ]);
  },
);

test('a response URL replaces the message whose button was pressed', async () => {
  const world = await worldWith((app) => {
    app.action('a', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'Done', replace_original: true });
    });
  });
  const posted = await world.api('chat.postMessage', {
    channel: MAYA_DM,
    text: 'x',
    blocks: card(button('a', '1')),
  });
  await world.post('/sandbox/actions', {
    user: MAYA,
    channel: MAYA_DM,
    message_ts: posted.ts,
    action_id: 'a',
  });
  await until(async () => (await world.messages(`channel=${MAYA_DM}`))[0]?.plain === 'Done');
});

test('opening the Home tab lets the app publish it, and a stale hash is refused', async () => {
  const world = await worldWith((app) => {
    app.event('app_home_opened', async ({ event, client }) => {
      if (event.tab !== 'home') return;
      const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'Your day' } }];
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
    });
  });
  await world.get(`/sandbox/views?user=${MAYA}&open=home`);
  await until(async () => (await world.get(`/sandbox/views?user=${MAYA}`)).home !== null);
  expect((await world.get(`/sandbox/views?user=${MAYA}`)).home).toMatchObject({
    type: 'home',
    plain: 'Your day',
  });
  const stale = { user_id: MAYA, hash: 'old', view: { type: 'home', blocks: [] } };
  expect(await world.api('views.publish', stale)).toMatchObject({ ok: false, error: 'hash_conflict' });
});

test('reactions, the Stop button and shortcuts reach the app', async () => {
  const seen: string[] = [];
  const world = await worldWith((app) => {
    app.event('reaction_added', async ({ event }) => {
      seen.push(`${event.reaction} ${event.item.ts}`);
    });
    app.event('agent_session_stopped', async ({ event }) => {
      seen.push(`stopped ${event.thread_ts}`);
    });
    app.shortcut('ask_psi', async ({ ack, shortcut }) => {
      await ack();
      seen.push(shortcut.type);
    });
  });
  const { ts } = await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  await world.post('/sandbox/reactions', { user: MAYA, channel: MAYA_DM, ts, name: 'eyes' });
  await world.post('/sandbox/stop', { user: MAYA, channel: MAYA_DM, thread_ts: ts });
  await world.post('/sandbox/shortcuts', { user: MAYA, callback_id: 'ask_psi' });
  await world.post('/sandbox/shortcuts', {
    user: MAYA,
    callback_id: 'ask_psi',
    channel: MAYA_DM,
    message_ts: ts,
  });
  await until(() => seen.length === 4);
  expect(seen).toEqual([`eyes ${ts}`, `stopped ${ts}`, 'shortcut', 'message_action']);
});
