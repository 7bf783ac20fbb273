import type { WebClient } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Schema } from '../../store/schema.ts';
import { asSent, type MessageBlock } from '../views/blocks.ts';
import { isAnswerLost, repeatable, sleep, waitingForRate } from './call-slack.ts';
import { ChannelQueue } from './channel-queue.ts';

export interface OutgoingMessage {
  teamId: string;
  channelId: string;
  threadTs?: string;
  /** What notifications and screen readers get. */
  text: string;
  blocks: MessageBlock[];
}

export interface Posted {
  teamId: string;
  channelId: string;
  ts: string;
}

/** Posts each message once, whatever is lost on the way: the delivery key is written down and travels along. */
export interface Poster {
  post(deliveryKey: string, message: OutgoingMessage): Promise<Posted>;
  update(posted: Posted, message: Pick<OutgoingMessage, 'text' | 'blocks'>): Promise<void>;
  ephemeral(userId: string, message: OutgoingMessage): Promise<void>;
  openDm(teamId: string, userId: string): Promise<string>;
  /** What became of a key: null when it was never begun. */
  delivered(
    deliveryKey: string,
  ): Promise<{ state: string; posted: Pick<Posted, 'channelId' | 'ts'> | null } | null>;
  note(deliveryKey: string, state: string, at: { channelId: string; ts: string | null }): Promise<void>;
  /** True when this message stands in the deliveries. */
  knows(channelId: string, ts: string): Promise<boolean>;
}

const EVENT_TYPE = 'psi_delivery';

export function createPoster(parts: {
  clientFor: (teamId: string) => WebClient;
  db: Kysely<Schema>;
  clock: Clock;
  logger: Logger;
}): Poster {
  const { clientFor, db, clock } = parts;
  const dms = new Map<string, Promise<string>>();
  const queue = new ChannelQueue(clock);

  async function write(deliveryKey: string, state: string, channelId: string, ts: string | null) {
    const row = { channel_id: channelId, message_ts: ts, state, at: clock.now() };
    await db
      .insertInto('deliveries')
      .values({ delivery_key: deliveryKey, ...row })
      .onConflict((conflict) => conflict.column('delivery_key').doUpdateSet(row))
      .execute();
  }

  async function delivered(deliveryKey: string) {
    const row = await db
      .selectFrom('deliveries')
      .selectAll()
      .where('delivery_key', '=', deliveryKey)
      .executeTakeFirst();
    if (!row) return null;
    return {
      state: row.state,
      posted: row.message_ts ? { channelId: row.channel_id, ts: row.message_ts } : null,
    };
  }

  /** Looks for a message of ours that carries the key: what a lost answer leaves behind. */
  async function lookUp(deliveryKey: string, message: OutgoingMessage): Promise<string | null> {
    const { channelId: channel, threadTs } = message;
    const client = clientFor(message.teamId);
    const page = threadTs
      ? await repeatable(() =>
          client.conversations.replies({ channel, ts: threadTs, include_all_metadata: true, limit: 200 }),
        )
      : await repeatable(() =>
          client.conversations.history({ channel, include_all_metadata: true, limit: 100 }),
        );
    const found = (page.messages ?? []).find(
      (candidate) =>
        candidate.metadata?.event_type === EVENT_TYPE &&
        Object.entries(candidate.metadata.event_payload ?? {}).some(
          ([name, value]) => name === 'key' && String(value) === deliveryKey,
        ),
    );
    return found?.ts ?? null;
  }

  async function send(deliveryKey: string, message: OutgoingMessage): Promise<string> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await waitingForRate(() =>
          clientFor(message.teamId).chat.postMessage({
            channel: message.channelId,
            ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
            text: message.text,
            blocks: asSent(message.blocks),
            unfurl_links: false,
            unfurl_media: false,
            metadata: { event_type: EVENT_TYPE, event_payload: { key: deliveryKey } },
          }),
        );
        if (answer.ts) return answer.ts;
        throw new Error('Slack answered a post without a timestamp');
      } catch (error) {
        if (!isAnswerLost(error) || attempt >= 3) throw error;
        const ts = await lookUp(deliveryKey, message);
        if (ts) return ts;
        await sleep(150 * 2 ** attempt);
      }
    }
  }

  return {
    delivered,
    note: (deliveryKey, state, at) => write(deliveryKey, state, at.channelId, at.ts),
    async knows(channelId, ts) {
      const row = await db
        .selectFrom('deliveries')
        .select('delivery_key')
        .where('channel_id', '=', channelId)
        .where('message_ts', '=', ts)
        .executeTakeFirst();
      return row !== undefined;
    },

    async post(deliveryKey, message) {
      const earlier = await delivered(deliveryKey);
      if (earlier?.posted && earlier.state === 'posted') return { teamId: message.teamId, ...earlier.posted };
      const interrupted = earlier?.state === 'sending' ? await lookUp(deliveryKey, message) : null;
      const ts =
        interrupted ??
        (await queue.run(message.channelId, async () => {
          // Written when its turn has come: what still waits when the process ends was never begun.
          await write(deliveryKey, 'sending', message.channelId, null);
          return send(deliveryKey, message);
        }));
      await write(deliveryKey, 'posted', message.channelId, ts);
      return { teamId: message.teamId, channelId: message.channelId, ts };
    },

    async update(posted, message) {
      await repeatable(() =>
        clientFor(posted.teamId).chat.update({
          channel: posted.channelId,
          ts: posted.ts,
          text: message.text,
          blocks: asSent(message.blocks),
        }),
      );
    },

    async ephemeral(userId, message) {
      await repeatable(() =>
        clientFor(message.teamId).chat.postEphemeral({
          channel: message.channelId,
          user: userId,
          ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
          text: message.text,
          blocks: asSent(message.blocks),
        }),
      );
    },

    openDm(teamId, userId) {
      const key = `${teamId} ${userId}`;
      const known = dms.get(key);
      if (known) return known;
      const opening = repeatable(() => clientFor(teamId).conversations.open({ users: userId })).then(
        (answer) => {
          if (!answer.channel?.id) throw new Error('Slack opened a DM without an id');
          return answer.channel.id;
        },
      );
      dms.set(key, opening);
      opening.catch(() => dms.delete(key));
      return opening;
    },
  };
}
