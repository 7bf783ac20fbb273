import type { WebClient } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { Place, Principal, Role } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Schema } from '../store/schema.ts';
import { keepPeople, keepPerson, type SlackUser } from '../store/slack-users.ts';
import { repeatable } from './delivery/call-slack.ts';
import { applyGroups, listGroups, listMembers, listUsers, rowOf, userSchema } from './slack-people.ts';

/** Who people are and who can read where. Identity comes from Slack alone; roles from user groups by policy. */
export interface SlackDirectory {
  principal(teamId: string, userId: string): Promise<Principal>;
  /** Everybody in the workspace, bots and strangers left out. */
  members(teamId: string): Promise<Principal[]>;
  place(where: { teamId: string; channelId: string; threadTs: string }): Promise<Place>;
  /** Reads people and groups from Slack again. */
  refresh(teamId: string): Promise<void>;
  /** Slack says that this person has joined or changed; true of them from now on. */
  userChanged(teamId: string, user: unknown): Promise<void>;
  /** Slack says that user groups have changed: they are read again. */
  groupsChanged(teamId: string): Promise<void>;
  /** Slack says that somebody has joined or left: who reads there is found out anew. */
  membersChanged(teamId: string, channelId: string): void;
}

/** A member as Slack describes them, for the policy to give roles to. */
export interface Person {
  /** User-group handles. */
  groups: string[];
  email: string | null;
  isGuest: boolean;
  isStranger: boolean;
}

const PEOPLE_FRESH_MS = 5 * 60 * 1000;
const PLACE_FRESH_MS = 30 * 1000;

export function createSlackDirectory(parts: {
  clientFor: (teamId: string) => WebClient;
  db: Kysely<Schema>;
  clock: Clock;
  rolesFor: (person: Person) => Role[];
  fallbackTz: string;
}): SlackDirectory {
  const { clientFor, db, clock, rolesFor } = parts;
  const people = new Map<string, { fetchedAt: number; rows: Map<string, SlackUser> }>();
  const places = new Map<string, { fetchedAt: number; kind: Place['kind']; internalOnly: boolean }>();
  const refreshing = new Map<string, Promise<void>>();

  async function fetchPeople(teamId: string): Promise<void> {
    const [rows, groups] = await Promise.all([
      listUsers(clientFor(teamId), parts.fallbackTz),
      listGroups(clientFor(teamId)),
    ]);
    applyGroups(rows, groups);
    people.set(teamId, { fetchedAt: clock.now(), rows });
    await keepPeople(db, teamId, rows, clock.now());
  }

  function refresh(teamId: string): Promise<void> {
    const running = refreshing.get(teamId);
    if (running) return running;
    const started = fetchPeople(teamId).finally(() => refreshing.delete(teamId));
    refreshing.set(teamId, started);
    return started;
  }

  async function rowsOf(teamId: string): Promise<Map<string, SlackUser>> {
    const known = people.get(teamId);
    if (!known || clock.now() - known.fetchedAt > PEOPLE_FRESH_MS) await refresh(teamId);
    return people.get(teamId)?.rows ?? new Map();
  }

  function toPrincipal(teamId: string, row: SlackUser): Principal {
    return {
      kind: 'user',
      teamId,
      userId: row.userId,
      name: row.name,
      email: row.email,
      roles: rolesFor({ ...row, groups: row.handles }),
      tz: row.tz,
    };
  }

  async function isInternal(
    teamId: string,
    channelId: string,
  ): Promise<Pick<Place, 'kind' | 'internalOnly'>> {
    const client = clientFor(teamId);
    const info = await repeatable(() => client.conversations.info({ channel: channelId }));
    if (info.channel?.is_im) return { kind: 'dm', internalOnly: true };
    if (info.channel?.is_ext_shared || info.channel?.is_shared)
      return { kind: 'channel', internalOnly: false };
    const rows = await rowsOf(teamId);
    const members = await listMembers(client, channelId);
    const internalOnly = members.every((id) => {
      const row = rows.get(id);
      return row !== undefined && !row.isGuest && !row.isStranger;
    });
    return { kind: 'channel', internalOnly };
  }

  const regrouping = createCoalescer(async (teamId) => {
    const known = people.get(teamId);
    if (!known) return;
    applyGroups(known.rows, await listGroups(clientFor(teamId)));
    await keepPeople(db, teamId, known.rows, clock.now());
  });

  return {
    refresh,

    async userChanged(teamId, given) {
      const user = userSchema.parse(given);
      const rows = people.get(teamId)?.rows;
      const before = rows?.get(user.id);
      // Deliveries come in any order: an older record does not undo a newer one.
      if (!rows || (before && before.updated > (user.updated ?? 0))) return;
      const row = { ...rowOf(user, parts.fallbackTz), handles: before?.handles ?? [] };
      if (user.deleted) rows.delete(user.id);
      else rows.set(user.id, row);
      // Who reads along in a channel may be another matter now.
      if (user.deleted || before?.isGuest !== row.isGuest) places.clear();
      await keepPerson(db, teamId, user.deleted ? null : row, user.id, clock.now());
    },

    groupsChanged: (teamId) => regrouping(teamId),

    membersChanged(teamId, channelId) {
      places.delete(`${teamId} ${channelId}`);
    },

    async principal(teamId, userId) {
      let row = (await rowsOf(teamId)).get(userId);
      if (!row) {
        await refresh(teamId);
        row = (await rowsOf(teamId)).get(userId);
      }
      // Somebody Slack lists nowhere is a stranger: shown nothing internal.
      return toPrincipal(
        teamId,
        row ?? {
          userId,
          updated: 0,
          name: 'somebody',
          email: null,
          tz: parts.fallbackTz,
          isGuest: true,
          isStranger: true,
          isBot: false,
          handles: [],
        },
      );
    },
    async members(teamId) {
      return [...(await rowsOf(teamId)).values()]
        .filter((row) => !row.isBot && !row.isStranger)
        .map((row) => toPrincipal(teamId, row));
    },
    async place({ teamId, channelId, threadTs }) {
      const known = places.get(`${teamId} ${channelId}`);
      if (known && clock.now() - known.fetchedAt < PLACE_FRESH_MS) {
        return { teamId, channelId, threadTs, kind: known.kind, internalOnly: known.internalOnly };
      }
      const fresh = await isInternal(teamId, channelId);
      places.set(`${teamId} ${channelId}`, { fetchedAt: clock.now(), ...fresh });
      return { teamId, channelId, threadTs, ...fresh };
    },
  };
}

/** Runs `work` for a team; what is asked for while it runs is done by one more run after it. */
function createCoalescer(work: (teamId: string) => Promise<void>): (teamId: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  function begin(teamId: string): Promise<void> {
    const run = work(teamId).finally(() => running.delete(teamId));
    running.set(teamId, run);
    return run;
  }
  return (teamId) => {
    const current = running.get(teamId);
    if (!current) return begin(teamId);
    const waiting = next.get(teamId);
    if (waiting) return waiting;
    const after = current
      .catch(() => undefined)
      .then(() => {
        next.delete(teamId);
        return begin(teamId);
      });
    next.set(teamId, after);
    return after;
  };
}
