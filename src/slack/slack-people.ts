import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackUser } from '../store/slack-users.ts';
import { repeatable } from './delivery/call-slack.ts';

/** What is read of a user record, from lists and events alike. */
export const userSchema = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  tz: z.string().nullish(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  /** Epoch seconds. */
  updated: z.number().optional(),
  profile: z.looseObject({ real_name: z.string().optional(), email: z.string().nullish() }).optional(),
});

/** A user record as it is kept. */
export function rowOf(user: z.infer<typeof userSchema>, fallbackTz: string): SlackUser {
  return {
    userId: user.id,
    updated: user.updated ?? 0,
    name: user.profile?.real_name || user.real_name || user.name || user.id,
    email: user.profile?.email ?? null,
    tz: user.tz ?? fallbackTz,
    isGuest: Boolean(user.is_restricted || user.is_ultra_restricted),
    isStranger: Boolean(user.is_stranger),
    isBot: Boolean(user.is_bot) || user.id === 'USLACKBOT',
    handles: [],
  };
}

/** Gives everybody the handles of their groups, and nobody any other. */
export function applyGroups(rows: Map<string, SlackUser>, groups: Map<string, string[]>): void {
  for (const row of rows.values()) row.handles = [];
  for (const [handle, userIds] of groups) for (const id of userIds) rows.get(id)?.handles.push(handle);
}

export async function listUsers(client: WebClient, fallbackTz: string): Promise<Map<string, SlackUser>> {
  const rows = new Map<string, SlackUser>();
  let cursor: string | undefined;
  do {
    const page = await repeatable(() => client.users.list({ limit: 200, ...(cursor ? { cursor } : {}) }));
    for (const member of page.members ?? []) {
      const user = userSchema.safeParse(member);
      if (!user.success || user.data.deleted) continue;
      rows.set(user.data.id, rowOf(user.data, fallbackTz));
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return rows;
}

export async function listGroups(client: WebClient): Promise<Map<string, string[]>> {
  const answer = await repeatable(() => client.usergroups.list({ include_users: true }));
  return new Map(
    (answer.usergroups ?? []).flatMap((group) =>
      group.handle ? [[group.handle, group.users ?? []] as const] : [],
    ),
  );
}

export async function listMembers(client: WebClient, channel: string): Promise<string[]> {
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
