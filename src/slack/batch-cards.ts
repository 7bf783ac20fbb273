import type { Kysely } from 'kysely';
import type { Batch, Door } from '../approvals/types.ts';
import type { Logger } from '../lib/logger.ts';
import type { Schema } from '../store/schema.ts';
import { createCoalescer } from './delivery/coalesce.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { isTimestamp } from './place.ts';
import { batchCard, batchSummary } from './views/batch-card.ts';

/** Every row that changes asks for a rendering; Slack takes about one update a second. */
const GAP_MS = 1_000;

/** One card a batch in the asker's thread and in each decider's DM, and one message when all rows have settled. */
export interface BatchCards {
  show(batchId: string): Promise<void>;
  /** Turns one copy to a page; the others stay where their readers are. */
  turn(batchId: string, copy: { channelId: string; ts: string }, page: number): Promise<void>;
}

type Card = Schema['batch_cards'];

export function createBatchCards(parts: {
  db: Kysely<Schema>;
  door: Pick<Door, 'getBatch' | 'deciders'>;
  poster: Poster;
  directory: Pick<SlackDirectory, 'members'>;
  logger: Logger;
  /** Real milliseconds between two renderings. */
  gapMs?: number;
}): BatchCards {
  const { db, door, poster, directory, logger } = parts;
  const coalesced = createCoalescer(parts.gapMs ?? GAP_MS, (batchId, error) =>
    logger.error({ err: error, batch: batchId }, 'a batch card could not be brought up to date'),
  );

  const show = (batchId: string): Promise<void> =>
    coalesced(batchId, async () => {
      const batch = await door.getBatch(batchId);
      if (batch !== null) await bringUpToDate(batch);
    });

  async function bringUpToDate(batch: Batch): Promise<void> {
    const cards = await db.selectFrom('batch_cards').selectAll().where('batch_id', '=', batch.id).execute();
    for (const card of cards) {
      if (card.rendered_revision < batch.revision) await refresh(batch, card);
    }
    const known = new Set(cards.map((card) => card.kind));
    if (batch.rows.some(({ approval }) => approval.state === 'pending')) await postMissing(batch, known);
    const summary = known.has('summary') ? null : batchSummary(batch);
    if (summary !== null) await post(batch, batch.place.channelId, 'summary', summary);
  }

  async function refresh(batch: Batch, card: Card): Promise<void> {
    const message = card.kind === 'summary' ? batchSummary(batch) : batchCard(batch, card.page);
    // While an undo is under way the sentence that was told stays.
    if (message === null) return;
    const { teamId } = batch.place;
    await poster.update({ teamId, channelId: card.channel_id, ts: card.message_ts }, message);
    await db
      .updateTable('batch_cards')
      .set({ rendered_revision: batch.revision })
      .where('channel_id', '=', card.channel_id)
      .where('message_ts', '=', card.message_ts)
      // Turned to another page meanwhile: that rendering is still to come.
      .where('page', '=', card.page)
      .execute();
  }

  async function postMissing(batch: Batch, known: ReadonlySet<string>): Promise<void> {
    const { teamId, channelId } = batch.place;
    if (!known.has('thread')) await post(batch, channelId, 'thread', batchCard(batch, 0));
    const members = await directory.members(teamId);
    const open = batch.rows.filter(({ approval }) => approval.state === 'pending');
    const deciders = new Set(
      open.flatMap(({ approval }) => door.deciders(approval, members)).map((one) => one.userId),
    );
    for (const userId of deciders) {
      if (known.has(`dm:${userId}`)) continue;
      const dm = await poster.openDm(teamId, userId);
      if (dm !== channelId) await post(batch, dm, `dm:${userId}`, batchCard(batch, 0));
    }
  }

  async function post(
    batch: Batch,
    channelId: string,
    kind: string,
    message: ReturnType<typeof batchCard>,
  ): Promise<void> {
    const { teamId, threadTs, channelId: home } = batch.place;
    const inThread = channelId === home && isTimestamp(threadTs) ? { threadTs } : {};
    const outgoing = { teamId, channelId, ...inThread, ...message };
    const key = `batch:${batch.id}:${kind}`;
    // Begun before a crash: what stands there may show the rows as they were then.
    const begunBefore = (await poster.delivered(key)) !== null;
    const posted = await poster.post(key, outgoing);
    const card: Card = {
      batch_id: batch.id,
      channel_id: posted.channelId,
      message_ts: posted.ts,
      kind,
      page: 0,
      rendered_revision: begunBefore ? 0 : batch.revision,
    };
    await db
      .insertInto('batch_cards')
      .values(card)
      .onConflict((conflict) => conflict.columns(['channel_id', 'message_ts']).doNothing())
      .execute();
    if (begunBefore) await refresh(batch, card);
  }

  return {
    show,
    async turn(batchId, copy, page) {
      await db
        .updateTable('batch_cards')
        .set({ page, rendered_revision: 0 })
        .where('batch_id', '=', batchId)
        .where('channel_id', '=', copy.channelId)
        .where('message_ts', '=', copy.ts)
        .execute();
      await show(batchId);
    },
  };
}
