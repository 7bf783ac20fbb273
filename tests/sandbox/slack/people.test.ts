import { afterEach, expect, test } from 'vitest';
import { isObject, type JsonObject, objectsAt } from '../../../sandbox/slack/json.ts';
import { field, type SlackWorld, startSlack, startWithBolt, until } from './world.ts';

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function kept<T extends { close: () => Promise<void> }>(world: T): T {
  open.push(world);
  return world;
}

const SAM = 'U0SAMWHIT07';
const YUKI = { id: 'U0YUKISAT9', name: 'Yuki Sato', role: 'finance', tz: 'Asia/Tokyo' };

async function withEars(events: JsonObject[]) {
  return kept(
    await startWithBolt((app) => {
      app.use(async ({ body, next }) => {
        if (isObject(body) && isObject(body.event)) events.push(body.event);
        await next();
      });
    }),
  );
}

async function groupMembers(world: SlackWorld, handle: string): Promise<unknown> {
  const body = await world.api('usergroups.list', { include_users: true });
  return objectsAt(body, 'usergroups').find((group) => group.handle === handle)?.users;
}

test('somebody who joins has a DM, the all-hands channels and the user group of their role', async () => {
  const events: JsonObject[] = [];
  const world = await withEars(events);
  const { user } = await world.post('/sandbox/users', YUKI);
  expect(user).toMatchObject({ ...YUKI, is_guest: false, dm: 'D0YUKISAT9', email: 'yuki@psizero.example' });

  const opened = await world.api('conversations.open', { users: YUKI.id });
  expect(field(opened, 'channel.id')).toBe('D0YUKISAT9');
  expect(await groupMembers(world, 'finance')).toContain(YUKI.id);
  const general = await world.api('conversations.members', { channel: 'C0GENERAL1' });
  expect(general.members).toContain(YUKI.id);
  expect(world.slack.state().users.map((each) => each.id)).toContain(YUKI.id);

  await until(() => events.length === 3);
  const told = (type: string) => events.find((event) => event.type === type);
  expect(told('member_joined_channel')).toMatchObject({ channel: 'C0GENERAL1', user: YUKI.id });
  expect(told('team_join')).toMatchObject({ user: { id: YUKI.id, tz: 'Asia/Tokyo', tz_offset: 32400 } });
  expect(told('subteam_members_changed')).toMatchObject({ subteam_id: 'S0FINANCE2', added_users: [YUKI.id] });
});

test('a newcomer can write to the bot and is mentioned by name', async () => {
  const world = kept(await startSlack());
  await world.post('/sandbox/users', YUKI);
  const said = await world.post('/sandbox/messages', { user: YUKI.id, text: 'hi' });
  expect(said.channel).toBe('D0YUKISAT9');
  await world.api('chat.postMessage', { channel: 'C0GENERAL1', text: `welcome <@${YUKI.id}>` });
  const [message] = await world.messages('channel=C0GENERAL1');
  expect(message?.plain).toBe('welcome @Yuki Sato');
});

test('a change of role moves a member from one user group to the other, and a change of zone is told', async () => {
  const events: JsonObject[] = [];
  const world = await withEars(events);
  await world.post('/sandbox/users', { id: SAM, role: 'success' });
  await world.post('/sandbox/users', { id: SAM, role: 'analyst', tz: 'Australia/Sydney' });
  expect(await groupMembers(world, 'success')).not.toContain(SAM);
  expect(await groupMembers(world, 'analysts')).toContain(SAM);
  await until(() => events.length === 5);
  expect(events.at(-3)).toMatchObject({ type: 'user_change', user: { tz: 'Australia/Sydney' } });
  expect(events.slice(-2)).toMatchObject([
    { subteam_id: 'S0SUCCESS3', removed_users: [SAM] },
    { subteam_id: 'S0ANALYST4', added_users: [SAM] },
  ]);
});

test('who joined is still there after a restart, and gone after a reset', async () => {
  const first = await startSlack();
  await first.post('/sandbox/users', YUKI);
  await first.close();
  const second = kept(await startSlack(first.keep));
  const known = () => second.slack.state().users.some((each) => each.id === YUKI.id);
  expect(known()).toBe(true);
  expect((await second.api('conversations.open', { users: YUKI.id })).ok).toBe(true);
  second.reset();
  expect(known()).toBe(false);
});

const refusals = [
  { name: 'somebody new without a name', body: { role: 'viewer' }, code: 'name_needed' },
  { name: 'an unknown role', body: { name: 'A', role: 'king' }, code: 'invalid_body' },
  { name: 'an unknown time zone', body: { name: 'A', tz: 'Mars/Base' }, code: 'invalid_body' },
  { name: 'an id that is no user id', body: { id: 'nobody', name: 'A' }, code: 'invalid_body' },
  { name: "the bot's id", body: { id: 'U0PSIBOT', name: 'A' }, code: 'id_taken' },
  {
    name: "another person's address",
    body: { name: 'A', email: 'maya@psizero.example' },
    code: 'email_taken',
  },
];
test.each(refusals)('$name is refused and nobody joins', async ({ body, code }) => {
  const world = kept(await startSlack());
  const before = world.slack.state().users.length;
  const answer = await world.call('POST', '/sandbox/users', body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(field(answer.body, 'error.code')).toBe(code);
  expect(world.slack.state().users.length).toBe(before);
});
