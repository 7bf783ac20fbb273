import { afterEach, expect, test } from 'vitest';
import { objectAt } from '../../sandbox/slack/json.ts';
import type { Role } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { createDeliveryClient } from '../../src/slack/delivery/call-slack.ts';
import { createSlackDirectory } from '../../src/slack/directory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startSlack } from '../sandbox/slack/world.ts';

const TEAM = 'T0PSIZERO';
const SAM = 'U0SAMWHIT07';
const GENERAL = { teamId: TEAM, channelId: 'C0GENERAL1', threadTs: '1' };
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function start() {
  const world = await startSlack();
  const store = openStore(':memory:');
  open.push(world, store);
  const client = createDeliveryClient('xoxb-test', `${world.origin}/api/`);
  const directory = createSlackDirectory({
    clientFor: () => client,
    db: store.db,
    clock: fixedClock(world.world.now()),
    rolesFor: (person): Role[] => (person.groups.includes('finance') ? ['finance'] : ['viewer']),
    fallbackTz: 'America/Los_Angeles',
  });
  await directory.refresh(TEAM);
  /** The user record that Slack sends with its events. */
  const record = async (user: string) => objectAt(await world.api('users.info', { user }), 'user');
  return { world, directory, record };
}

test('somebody who moves to another time zone has it at once', async () => {
  const { world, directory, record } = await start();
  expect((await directory.principal(TEAM, SAM)).tz).toBe('America/New_York');
  await world.post('/sandbox/users', { id: SAM, tz: 'Asia/Tokyo' });
  await directory.userChanged(TEAM, await record(SAM));
  expect((await directory.principal(TEAM, SAM)).tz).toBe('Asia/Tokyo');
});

test('an older record that arrives late does not undo a newer one', async () => {
  const { directory, record } = await start();
  const now = { ...(await record(SAM)), updated: 200, tz: 'Asia/Tokyo' };
  await directory.userChanged(TEAM, now);
  await directory.userChanged(TEAM, { ...now, updated: 100, tz: 'Europe/Berlin' });
  expect((await directory.principal(TEAM, SAM)).tz).toBe('Asia/Tokyo');
});

test('a role given or taken by a user group counts at once', async () => {
  const { world, directory } = await start();
  const roles = async () => (await directory.principal(TEAM, SAM)).roles;
  expect(await roles()).toEqual(['viewer']);
  await world.post('/sandbox/users', { id: SAM, role: 'finance' });
  await Promise.all([directory.groupsChanged(TEAM), directory.groupsChanged(TEAM)]);
  expect(await roles()).toEqual(['finance']);
  await world.post('/sandbox/users', { id: SAM, role: 'viewer' });
  await directory.groupsChanged(TEAM);
  expect(await roles()).toEqual(['viewer']);
});

test('a channel that a guest enters is not internal from that moment', async () => {
  const { world, directory, record } = await start();
  expect((await directory.place(GENERAL)).internalOnly).toBe(true);
  await world.post('/sandbox/users', { id: 'U0GUEST99', name: 'Gus Guest', role: 'guest' });
  await world.post('/sandbox/members', { user: SAM, channel: 'general', invite: 'U0GUEST99' });
  await directory.userChanged(TEAM, await record('U0GUEST99'));
  directory.membersChanged(TEAM, GENERAL.channelId);
  expect((await directory.place(GENERAL)).internalOnly).toBe(false);
});

test('a member who becomes a guest makes their channels not internal', async () => {
  const { world, directory, record } = await start();
  expect((await directory.place(GENERAL)).internalOnly).toBe(true);
  await world.post('/sandbox/users', { id: SAM, role: 'guest' });
  await directory.userChanged(TEAM, await record(SAM));
  expect((await directory.place(GENERAL)).internalOnly).toBe(false);
});

test('whoever has left is nobody any more', async () => {
  const { directory, record } = await start();
  await directory.userChanged(TEAM, { ...(await record(SAM)), updated: 200, deleted: true });
  expect((await directory.members(TEAM)).map((member) => member.userId)).not.toContain(SAM);
});
