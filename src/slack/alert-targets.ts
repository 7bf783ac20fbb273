import type { WebClient } from '@slack/web-api';
import type { AlertKind } from '../domain/alerts/alert.ts';
import type { AlertRule } from '../domain/policy/alert-rules.ts';
import type { Clock } from '../lib/clock.ts';
import { repeatable } from './delivery/call-slack.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';

export interface AlertTarget {
  /** 'channel:finance' or 'dm:U123'. */
  target: string;
  channelId: string;
}

/** Where the alerts of a kind are told. */
export interface AlertTargets {
  /** The policy's channel where Psi is a member and no guest reads along, else a DM to each person entitled. */
  of(kind: AlertKind): Promise<AlertTarget[]>;
  /** Something could not be posted: channels are looked up anew. */
  forget(): void;
}

const FRESH_MS = 5 * 60_000;

export function createAlertTargets(parts: {
  client: WebClient;
  teamId: string;
  directory: SlackDirectory;
  poster: Pick<Poster, 'openDm'>;
  clock: Clock;
  rules(): Record<AlertKind, AlertRule>;
}): AlertTargets {
  const { client, teamId, directory, poster, clock } = parts;
  let known: { at: number; ids: Map<string, string> } | null = null;

  async function channelIds(): Promise<Map<string, string>> {
    if (known === null || clock.now() - known.at > FRESH_MS) {
      known = { at: clock.now(), ids: await listJoined(client) };
    }
    return known.ids;
  }

  return {
    async of(kind) {
      const rule = parts.rules()[kind];
      const channelId = rule.channel === null ? undefined : (await channelIds()).get(rule.channel);
      if (channelId !== undefined) {
        const place = await directory.place({ teamId, channelId, threadTs: '' });
        if (place.internalOnly) return [{ target: `channel:${rule.channel}`, channelId }];
      }
      const entitled = (await directory.members(teamId)).filter((member) =>
        rule.roles.some((role) => member.roles.includes(role)),
      );
      return Promise.all(
        entitled.map(async ({ userId }) => ({
          target: `dm:${userId}`,
          channelId: await poster.openDm(teamId, userId),
        })),
      );
    },
    forget() {
      known = null;
    },
  };
}

/** Channels Psi is a member of, by name. */
export async function listJoined(client: WebClient): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const page = await repeatable(() =>
      client.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: 200,
        ...(cursor ? { cursor } : {}),
      }),
    );
    for (const channel of page.channels ?? [])
      if (channel.id && channel.name && channel.is_member) ids.set(channel.name, channel.id);
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return ids;
}
