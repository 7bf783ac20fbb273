import type { Kysely } from 'kysely';
import type { Approval, Door, NudgeListener } from '../approvals/types.ts';
import { failpoint } from '../lib/failpoints.ts';
import type { Logger } from '../lib/logger.ts';
import type { Schema } from '../store/schema.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { approvalCard, nudgeMessage, settledMessage } from './views/approval-card.ts';

const RECONCILE_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/** Keeps every copy of an approval's card true to its row: in the asker's thread and in each decider's DM. */
export interface Cards {
  show(approval: Approval): Promise<void>;
  /** A reminder to those who may decide, or word to those above that nobody has: once each. */
  remind(nudge: Parameters<NudgeListener>[0]): Promise<void>;
  /** After a start: whatever a crash left unposted, out of date or untold. */
  reconcile(nowAt: number): Promise<void>;
}

export function createCards(parts: {
  db: Kysely<Schema>;
  door: Door;
  poster: Poster;
  directory: SlackDirectory;
  logger: Logger;
}): Cards {
  const { db, door, poster, directory, logger } = parts;
  const running = new Map<string, Promise<void>>();

  /** One at a time an approval, always with the row as it is when its turn comes. */
  async function show(approval: Approval): Promise<void> {
    const before = running.get(approval.id) ?? Promise.resolve();
    const mine = before.then(async () => {
      const current = await door.get(approval.id);
      if (current) await bringUpToDate(current);
    });
    running.set(
      approval.id,
      mine.catch((error: unknown) => {
        logger.error({ err: error, approval: approval.id }, 'a card could not be brought up to date');
      }),
    );
    await running.get(approval.id);
  }

  async function bringUpToDate(approval: Approval): Promise<void> {
    await refreshPosted(approval);
    if (approval.state === 'pending') await postMissing(approval);
    else await tellThread(approval);
  }

  async function postMissing(approval: Approval): Promise<void> {
    const { channelId, threadTs } = approval.place;
    await postCopy(approval, channelId, isTimestamp(threadTs) ? threadTs : undefined, 'thread');
    for (const decider of door.deciders(approval, await directory.members(approval.place.teamId))) {
      const dm = await poster.openDm(approval.place.teamId, decider.userId);
      if (dm !== channelId) await postCopy(approval, dm, undefined, `dm:${decider.userId}`);
    }
  }

  async function postCopy(
    approval: Approval,
    channelId: string,
    threadTs: string | undefined,
    kind: string,
  ): Promise<void> {
    const { teamId } = approval.place;
    const message = { teamId, channelId, ...(threadTs ? { threadTs } : {}), ...approvalCard(approval) };
    const posted = await poster.post(`card:${approval.id}:${kind}`, message);
    await db
      .insertInto('approval_cards')
      .values({
        approval_id: approval.id,
        channel_id: posted.channelId,
        message_ts: posted.ts,
        kind,
        rendered_revision: approval.revision,
      })
      .onConflict((conflict) => conflict.columns(['channel_id', 'message_ts']).doNothing())
      .execute();
  }

  async function refreshPosted(approval: Approval): Promise<void> {
    const stale = await db
      .selectFrom('approval_cards')
      .selectAll()
      .where('approval_id', '=', approval.id)
      .where('rendered_revision', '<', approval.revision)
      .execute();
    for (const card of stale) {
      const posted = { teamId: approval.place.teamId, channelId: card.channel_id, ts: card.message_ts };
      await poster.update(posted, approvalCard(approval));
      await db
        .updateTable('approval_cards')
        .set({ rendered_revision: approval.revision })
        .where('channel_id', '=', card.channel_id)
        .where('message_ts', '=', card.message_ts)
        .execute();
    }
  }

  async function tellThread(approval: Approval): Promise<void> {
    const message = settledMessage(approval);
    if (!message) return;
    const { teamId, channelId, threadTs } = approval.place;
    await poster.post(`settled:${approval.id}:${approval.state}`, {
      teamId,
      channelId,
      ...(isTimestamp(threadTs) ? { threadTs } : {}),
      ...message,
    });
    failpoint('card.settled');
  }

  return {
    show,
    async remind({ approval, kind, people }) {
      const message = nudgeMessage(approval, kind);
      for (const person of people) {
        const { teamId } = approval.place;
        const channelId = await poster.openDm(teamId, person.userId);
        await poster.post(`${kind}:${approval.id}:${person.userId}`, { teamId, channelId, ...message });
      }
    },
    async reconcile(nowAt) {
      const rows = await db
        .selectFrom('approvals')
        .select('id')
        .where('created_at', '>=', nowAt - RECONCILE_WITHIN_MS)
        .execute();
      for (const { id } of rows) {
        const approval = await door.get(id);
        if (approval) await show(approval);
      }
    },
  };
}

/** A place may stand outside any Slack thread (a slash command): then cards are top-level messages. */
export function isTimestamp(threadTs: string): boolean {
  return /^\d+\.\d+$/.test(threadTs);
}
