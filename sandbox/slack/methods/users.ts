import { z } from 'zod';
import { defineMethod, flag, whole } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { page } from '../paging.ts';
import { wireBotUser, wireUser } from '../wire.ts';
import { BOT, TEAM, type UserGroup } from '../workspace.ts';

function wireGroup(group: UserGroup, withUsers: boolean) {
  return {
    id: group.id,
    team_id: TEAM.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_delete: 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}

export const USER_METHODS = [
  defineMethod({
    name: 'users.info',
    tier: 'tier4',
    input: z.object({ user: z.string() }),
    run(args, slack) {
      if (args.user === BOT.userId) return { user: wireBotUser() };
      const person = slack.store.people.find(args.user);
      if (!person) throw new SlackError('user_not_found');
      return { user: wireUser(person, slack.sandbox.world.now()) };
    },
  }),
  defineMethod({
    name: 'users.list',
    tier: 'tier2',
    input: z.object({ cursor: z.string().optional(), limit: whole.default(200) }),
    run(args, slack) {
      const now = slack.sandbox.world.now();
      const everyone = [...slack.store.people.all().map((person) => wireUser(person, now)), wireBotUser()];
      const { items, ...rest } = page(everyone, args.limit, args.cursor);
      return { members: items, cache_ts: Math.floor(now / 1000), ...rest };
    },
  }),
  defineMethod({
    name: 'users.lookupByEmail',
    tier: 'tier3',
    input: z.object({ email: z.string() }),
    run(args, slack) {
      const person = slack.store.people.all().find((each) => each.email === args.email.toLowerCase());
      if (!person) throw new SlackError('users_not_found');
      return { user: wireUser(person, slack.sandbox.world.now()) };
    },
  }),
  defineMethod({
    name: 'users.profile.get',
    tier: 'tier4',
    input: z.object({ user: z.string().default(BOT.userId) }),
    run(args, slack) {
      if (args.user === BOT.userId) return { profile: wireBotUser().profile };
      const person = slack.store.people.find(args.user);
      if (!person) throw new SlackError('user_not_found');
      return { profile: wireUser(person, slack.sandbox.world.now()).profile };
    },
  }),
  defineMethod({
    name: 'usergroups.list',
    tier: 'tier2',
    input: z.object({ include_users: flag.default(false) }),
    run: (args, slack) => ({
      usergroups: slack.store.people.groups().map((group) => wireGroup(group, args.include_users)),
    }),
  }),
  defineMethod({
    name: 'usergroups.users.list',
    tier: 'tier2',
    input: z.object({ usergroup: z.string() }),
    run(args, slack) {
      const group = slack.store.people.groups().find((each) => each.id === args.usergroup);
      if (!group) throw new SlackError('no_such_subteam');
      return { users: group.users };
    },
  }),
];
