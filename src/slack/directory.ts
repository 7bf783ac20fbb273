import type { WebClient } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { Place, Principal, Role } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Schema } from '../store/schema.ts';
import { repeatable } from './delivery/call-slack.ts';

/** Who people are and who can read where. Identity comes from Slack alone; roles from user groups by policy. */
export interface SlackDirectory {
  principal(teamId: string, userId: string): Promise<Principal>;
  /** Everybody in the workspace, bots and strangers left out. */
  members(teamId: string): Promise<Principal[]>;
  place(where: { teamId: string; channelId: string; threadTs: string }): Promise<Place>;
  /** Reads people and groups from Slack again. */
  refresh(teamId: string): Promise<void>;
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

interface Row {
  userId: string;
  name: string;
  email: string | null;
  tz: string;
  isGuest: boolean;
  isStranger: boolean;
  isBot: boolean;
  handles: string[];
}

export function createSlackDirectory(parts: {
  client: WebClient;
  db: Kysely<Schema>;
  clock: Clock;
  rolesFor: (person: Person) => Role[];
  fallbackTz: string;
}): SlackDirectory {
  const { client, db, clock, rolesFor } = parts;
  const people = new Map<string, { fetchedAt: number; rows: Map<string, Row> }>();
  const places = new Map<string, { fetchedAt: number; kind: Place['kind']; internalOnly: boolean }>();
  const refreshing = new Map<string, Promise<void>>();

  async function fetchPeople(teamId: string): Promise<void> {
    const [rows, groups] = await Promise.all([listUsers(client, parts.fallbackTz), listGroups(client)]);
    for (const [handle, userIds] of groups) for (const id of userIds) rows.get(id)?.handles.push(handle);
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

  async function rowsOf(teamId: string): Promise<Map<string, Row>> {
    const known = people.get(teamId);
    if (!known || clock.now() - known.fetchedAt > PEOPLE_FRESH_MS) await refresh(teamId);
    return people.get(teamId)?.rows ?? new Map();
  }

  function toPrincipal(teamId: string, row: Row): Principal {
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

  return {
    refresh,
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
      const known = places.get(channelId);
      if (known && clock.now() - known.fetchedAt < PLACE_FRESH_MS) {
        return { teamId, channelId, threadTs, kind: known.kind, internalOnly: known.internalOnly };
      }
      const fresh = await isInternal(teamId, channelId);
      places.set(channelId, { fetchedAt: clock.now(), ...fresh });
      return { teamId, channelId, threadTs, ...fresh };
    },
  };
}

async function listUsers(client: WebClient, fallbackTz: string): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  let cursor: string | undefined;
  do {
    const page = await repeatable(() => client.users.list({ limit: 200, ...(cursor ? { cursor } : {}) }));
    for (const user of page.members ?? []) {
      if (!user.id || user.deleted) continue;
      rows.set(user.id, {
        userId: user.id,
        name: user.profile?.real_name || user.real_name || user.name || user.id,
        email: user.profile?.email ?? null,
        tz: user.tz ?? fallbackTz,
        isGuest: Boolean(user.is_restricted || user.is_ultra_restricted),
        isStranger: Boolean((user as { is_stranger?: boolean }).is_stranger),
        isBot: Boolean(user.is_bot) || user.id === 'USLACKBOT',
        handles: [],
      });
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return rows;
}

async function listGroups(client: WebClient): Promise<Map<string, string[]>> {
  const answer = await repeatable(() => client.usergroups.list({ include_users: true }));
  return new Map(
    (answer.usergroups ?? []).flatMap((group) =>
      group.handle ? [[group.handle, group.users ?? []] as const] : [],
    ),
  );
}

async function listMembers(client: WebClient, channel: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await repeatable(() =>
      client.conversations.members({ channel, limit: 200, ...(cursor ? { cursor } : {}) }),
    );
    ids.push(...(page.members ?? []));
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return ids;
}

async function keepPeople(
  db: Kysely<Schema>,
  teamId: string,
  rows: Map<string, Row>,
  fetchedAt: number,
): Promise<void> {
  const values = [...rows.values()].map((row) => ({
    team_id: teamId,
    user_id: row.userId,
    name: row.name,
    email: row.email,
    tz: row.tz,
    is_guest: Number(row.isGuest),
    is_stranger: Number(row.isStranger),
    is_bot: Number(row.isBot),
    groups: JSON.stringify(row.handles),
    fetched_at: fetchedAt,
  }));
  if (values.length === 0) return;
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('slack_users').where('team_id', '=', teamId).execute();
    for (let start = 0; start < values.length; start += 50) {
      await trx
        .insertInto('slack_users')
        .values(values.slice(start, start + 50))
        .execute();
    }
  });
}
