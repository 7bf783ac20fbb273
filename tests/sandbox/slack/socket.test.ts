import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isObject, type JsonObject, parseJson } from '../../../sandbox/slack/json.ts';
import { field, type SlackWorld, startSlack, startWithBolt, until } from './world.ts';

const MAYA = 'U0MAYAOKA01';
const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function kept<T extends { close: () => Promise<void> }>(world: T): T {
  open.push(world);
  return world;
}

/** A bare Socket Mode client that acknowledges only when told to. */
async function connect(world: SlackWorld) {
  const { url } = await world.api('apps.connections.open', {}, 'xapp-test');
  const socket = new WebSocket(String(url));
  const received: JsonObject[] = [];
  const broken: string[] = [];
  socket.on('message', (data) => {
    const parsed = parseJson(data.toString());
    if (isObject(parsed)) received.push(parsed);
    else broken.push(data.toString());
  });
  await until(() => received.some((each) => each.type === 'hello'));
  return {
    url: String(url),
    socket,
    broken,
    envelopes: () => received.filter((each) => typeof each.envelope_id === 'string'),
    others: () => received.filter((each) => each.envelope_id === undefined),
    ack: (envelope: JsonObject | undefined) =>
      socket.send(JSON.stringify({ envelope_id: envelope?.envelope_id, payload: {} })),
  };
}

const texts = (envelopes: JsonObject[]) => envelopes.map((each) => field(each, 'payload.event.text'));

test('an event carries what an app needs to know where and for whom it is', async () => {
  const world = kept(await startSlack());
  const client = await connect(world);
  const { ts } = await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  await until(() => client.envelopes().length === 1);
  expect(client.envelopes()[0]).toMatchObject({
    type: 'events_api',
    accepts_response_payload: false,
    retry_attempt: 0,
    payload: {
      type: 'event_callback',
      team_id: 'T0PSIZERO',
      api_app_id: 'A0PSIAPP',
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      event_context: expect.any(String),
      authorizations: [{ team_id: 'T0PSIZERO', user_id: 'U0PSIBOT', is_bot: true }],
      event: {
        type: 'message',
        channel_type: 'im',
        user: MAYA,
        text: 'hi',
        ts,
        client_msg_id: expect.any(String),
      },
    },
  });
});

test('an event nobody acknowledges comes again with its number of retry, and counts as pending until then', async () => {
  const world = kept(await startSlack());
  const client = await connect(world);
  await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  await until(() => client.envelopes().length === 2, 4500);
  expect(client.envelopes()[1]).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout' });
  expect(field(client.envelopes()[1] ?? {}, 'payload.event_id')).toBe(
    field(client.envelopes()[0] ?? {}, 'payload.event_id'),
  );
  expect(world.slack.pending()).toBe(1);
  client.ack(client.envelopes()[1]);
  await until(() => world.slack.pending() === 0);
});

test('an event in flight on a connection that breaks is delivered on the other one', async () => {
  const world = kept(await startSlack());
  const [a, b] = [await connect(world), await connect(world)];
  await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  await until(() => a.envelopes().length + b.envelopes().length === 1);
  const [holder, other] = a.envelopes().length === 1 ? [a, b] : [b, a];
  holder.socket.terminate();
  await until(() => other.envelopes().length === 1);
  expect(texts(other.envelopes())).toEqual(['hi']);
});

test('every event goes to one of the connections only', async () => {
  const world = kept(await startSlack());
  const [a, b] = [await connect(world), await connect(world)];
  for (const text of ['1', '2', '3', '4']) await world.post('/sandbox/messages', { user: MAYA, text });
  await until(() => a.envelopes().length + b.envelopes().length === 4);
  expect([...texts(a.envelopes()), ...texts(b.envelopes())].sort()).toEqual(['1', '2', '3', '4']);
  expect(a.envelopes().length).toBe(2);
});

test('a ticket opens one connection and no second', async () => {
  const world = kept(await startSlack());
  const { url } = await connect(world);
  const again = new WebSocket(url);
  const refused = await new Promise<string>((resolve) =>
    again.on('error', (error) => resolve(error.message)),
  );
  expect(refused).toContain('403');
});

test('a planned duplicate reaches the app twice with one event id', async () => {
  const ids: string[] = [];
  const world = kept(
    await startWithBolt((app) => {
      app.message(async ({ body }) => {
        ids.push(body.event_id);
      });
    }),
  );
  world.faults.add({ system: 'slack', kind: 'duplicate', match: null, ms: 0, count: 1 });
  await world.post('/sandbox/messages', { user: MAYA, text: 'once' });
  await until(() => ids.length === 2 && world.slack.pending() === 0);
  expect(ids[0]).toBe(ids[1]);
});

test('with out_of_order planned, a later event overtakes an earlier one', async () => {
  const world = kept(await startSlack());
  const client = await connect(world);
  world.faults.add({ system: 'slack', kind: 'out_of_order', match: null, ms: 0, count: 1 });
  await world.post('/sandbox/messages', { user: MAYA, text: 'first' });
  await world.post('/sandbox/messages', { user: MAYA, text: 'second' });
  await until(() => client.envelopes().length === 2);
  expect(texts(client.envelopes())).toEqual(['second', 'first']);
});

test('a planned disconnect asks the app to reconnect, and the event comes on the new connection', async () => {
  const world = kept(await startSlack());
  const old = await connect(world);
  world.faults.add({ system: 'slack', kind: 'disconnect', match: null, ms: 0, count: 1 });
  await until(() => old.others().some((each) => each.type === 'disconnect'));
  expect(old.others().at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  await world.post('/sandbox/messages', { user: MAYA, text: 'meanwhile' });
  expect(world.slack.pending()).toBe(1);
  const fresh = await connect(world);
  await until(() => fresh.envelopes().length === 1);
  expect(texts(fresh.envelopes())).toEqual(['meanwhile']);
});

test('a broken envelope is followed by a whole one', async () => {
  const world = kept(await startSlack());
  const client = await connect(world);
  world.faults.add({ system: 'slack', kind: 'malformed', match: 'events_api', ms: 0, count: 1 });
  await world.post('/sandbox/messages', { user: MAYA, text: 'hi' });
  await until(() => client.broken.length === 1 && client.envelopes().length === 1, 4500);
  expect(texts(client.envelopes())).toEqual(['hi']);
});

test('an acknowledgement of nothing known is ignored', async () => {
  const world = kept(await startSlack());
  const client = await connect(world);
  for (const text of ['{', '[]', '{"envelope_id":7}', '{"envelope_id":"x"}']) client.socket.send(text);
  await world.post('/sandbox/messages', { user: MAYA, text: 'still there?' });
  await until(() => client.envelopes().length === 1);
  expect(world.slack.pending()).toBe(1);
});
