import type { Kysely } from 'kysely';
import type { Approval, Door, NudgeListener } from '../approvals/types.ts';
import { failpoint } from '../lib/failpoints.ts';
import type { Logger } from '../lib/logger.ts';
import type { Schema } from '../store/schema.ts';
import { createBatchCards } from './batch-cards.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { isTimestamp } from './place.ts';
import { approvalCard, nudgeMessage, settledMessage } from './views/approval-card.ts';

const RECONCILE_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/** Keeps every copy of an approval's card true to its row: in the asker's thread and in each decider's DM. */
export interface Cards {
  /** A row of a batch shows on the batch's card. */
  show(approval: Approval): Promise<void>;
  showBatch(batchId: string): Promise<void>;
  /** Renders this copy again even where it should be up to date: somebody clicked what was no longer there. */
  renew(approval: Approval, copy: { channelId: string; ts: string }): Promise<void>;
  /** Turns one copy of a batch's card to a page. */
  turn(batchId: string, copy: { channelId: string; ts: string }, page: number): Promise<void>;
  /** Word to those who may decide, stand in or should know that nobody has: once each. */
  remind(nudge: Parameters<NudgeListener>[0]): Promise<void>;
  /** After a start: whatever a crash left unposted, out of date or untold. */
  reconcile(nowAt: number): Promise<void>;
}

export function createCards(parts: {
  db: Kysely<Schema>;
  door: Door;
  poster: Poster;
  directory: Pick<SlackDirectory, 'members'>;
  logger: Logger;
  /** Real milliseconds between two renderings of a batch. */
  gapMs?: number;
}): Cards {
  const { db, door, poster, directory, logger } = parts;
  const running = new Map<string, Promise<void>>();
  const batches = createBatchCards(parts);

  function show(approval: Approval): Promise<void> {
    return approval.batch === null ? showSingle(approval) : batches.show(approval.batch.id);
  }

  /** One at a time an approval, always with the row as it is when its turn comes. */
  async function showSingle(approval: Approval): Promise<void> {
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
    if (approval.state === 'pending') await postMissing(approval);
    await refreshPosted(approval);
    if (approval.state !== 'pending') await tellThread(approval);
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
    const key = `card:${approval.id}:${kind}`;
    // Begun before a crash: what stands there may show the row as it was then.
    const begunBefore = (await poster.delivered(key)) !== null;
    const posted = await poster.post(key, message);
    await db
      .insertInto('approval_cards')
      .values({
        approval_id: approval.id,
        channel_id: posted.channelId,
        message_ts: posted.ts,
        kind,
        rendered_revision: begunBefore ? 0 : approval.revision,
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
    showBatch: (batchId) => batches.show(batchId),
    turn: (batchId, copy, page) => batches.turn(batchId, copy, page),
    async renew(approval, copy) {
      for (const table of ['approval_cards', 'batch_cards'] as const) {
        await db
          .updateTable(table)
          .set({ rendered_revision: 0 })
          .where('channel_id', '=', copy.channelId)
          .where('message_ts', '=', copy.ts)
          .execute();
      }
      await show(approval);
    },
    async remind(nudge) {
      const { approval, batch, kind, people } = nudge;
      const message = nudgeMessage(nudge);
      for (const person of people) {
        const { teamId } = approval.place;
        const channelId = await poster.openDm(teamId, person.userId);
        const key = `${kind}:${batch?.id ?? approval.id}:${person.userId}`;
        await poster.post(key, { teamId, channelId, ...message });
      }
    },
    async reconcile(nowAt) {
      const sinceAt = nowAt - RECONCILE_WITHIN_MS;
      const rows = await db
        .selectFrom('approvals')
        .select('id')
        .where('created_at', '>=', sinceAt)
        .where('batch_id', 'is', null)
        .execute();
      for (const { id } of rows) {
        const approval = await door.get(id);
        if (approval) await show(approval);
      }
      const open = await db.selectFrom('batches').select('id').where('created_at', '>=', sinceAt).execute();
      for (const { id } of open) await batches.show(id);
    },
  };
}
