import type { Json, Place, Principal } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import {
  approvalsOfBatch,
  type BatchRow,
  batchWithKey,
  deleteBatch,
  insertBatch,
  readBatch,
  unfinishedBatches,
  updateBatch,
} from '../store/batches.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { batchFrom, inputsOf, type Refused, refusedIn, requesterOfBatch, toolsOf } from './batch-rows.ts';
import type { House } from './house.ts';
import { type Drafted, drafted, type Proposal, placeDraft, refuseOutsiders } from './propose.ts';
import type { Batch } from './types.ts';

export interface BatchProposal {
  key: string;
  title: string;
  intro: string;
  tool: string;
  rows: readonly { [key: string]: Json }[];
  /** The tool of each row, where they are not all of `tool`. */
  tools?: readonly string[];
  requester: Principal;
  place: Place;
}

/** Plans made at the same time; each asks the outside for its facts. */
const PLAN_AT_ONCE = 4;

/**
 * Proposes each row as an approval of its own, in order, so that the day's limits count row by row. What a crash
 * leaves half proposed is continued by the same key, or by the next start. Throws UserError when nothing could be
 * proposed; the key is free again then.
 */
export async function proposeBatch(house: House, wanted: BatchProposal): Promise<Batch> {
  if (wanted.rows.length === 0) throw new UserError('invalid_input', 'There is nothing to propose.');
  const { store } = house.deps;
  const known = batchWithKey(store, wanted.place.teamId, wanted.key);
  if (known === null) refuseOutsiders(wanted.place);
  const batch = known ?? (await ledgerTransaction(store, () => opened(house, wanted)));
  return batchFrom(house, await finished(house, batch.id));
}

/** Takes up what the process before was proposing when it ended. */
export async function continueBatches(house: House): Promise<void> {
  for (const batch of unfinishedBatches(house.deps.store)) {
    await finished(house, batch.id).catch((error: unknown) =>
      house.deps.logger.warn({ err: error, batch: batch.id }, 'a batch could not be continued'),
    );
  }
}

function opened(house: House, wanted: BatchProposal): BatchRow {
  const { store, clock, newId } = house.deps;
  const there = batchWithKey(store, wanted.place.teamId, wanted.key);
  if (there !== null) return there;
  const row: BatchRow = {
    id: newId('bat'),
    batch_key: wanted.key,
    title: wanted.title,
    intro: wanted.intro,
    tool: wanted.tool,
    inputs: JSON.stringify(wanted.rows),
    requester: JSON.stringify(wanted.requester),
    team_id: wanted.place.teamId,
    channel_id: wanted.place.channelId,
    thread_ts: wanted.place.threadTs,
    refused: '[]',
    created_at: clock.now(),
    proposed_at: null,
    row_tools: wanted.tools === undefined ? null : JSON.stringify(wanted.tools),
  };
  insertBatch(store, row);
  return row;
}

/** One at a time a batch; who comes second gets what the first made. */
function finished(house: House, id: string): Promise<BatchRow> {
  const running = house.batching.get(id);
  if (running !== undefined) return running;
  const work = house.deps.pending.track(() => finish(house, id)).finally(() => house.batching.delete(id));
  house.batching.set(id, work);
  return work;
}

async function finish(house: House, id: string): Promise<BatchRow> {
  const { store, clock } = house.deps;
  const batch = mustRead(house, id);
  if (batch.proposed_at !== null) return batch;
  const places = new Set(approvalsOfBatch(store, id).map((row) => row.batch_row));
  for (const refused of refusedIn(batch)) places.add(refused.row);
  const open = inputsOf(batch)
    .map((input, index) => ({ row: index + 1, input }))
    .filter(({ row }) => !places.has(row));
  for (let start = 0; start < open.length; start += PLAN_AT_ONCE) {
    const slice = open.slice(start, start + PLAN_AT_ONCE).map((one) => proposalOf(batch, one.row, one.input));
    const drafts = await Promise.all(slice.map((proposal) => attempt(() => drafted(house, proposal))));
    for (const [index, proposal] of slice.entries()) {
      const draft = drafts[index];
      if (draft !== undefined) await placeRow(house, batch, proposal, draft);
    }
  }
  const rows = approvalsOfBatch(store, id);
  if (rows.length === 0) {
    const refused = refusedIn(mustRead(house, id));
    await ledgerTransaction(store, () => deleteBatch(store, id));
    throw nothingProposed(refused);
  }
  await ledgerTransaction(store, () => updateBatch(store, id, { proposed_at: clock.now() }));
  for (const row of rows) void house.emit(row);
  return mustRead(house, id);
}

function proposalOf(batch: BatchRow, row: number, input: { [key: string]: Json }): RowProposal {
  return {
    tool: toolsOf(batch)[row - 1] ?? batch.tool,
    input,
    requester: requesterOfBatch(batch),
    place: {
      teamId: batch.team_id,
      channelId: batch.channel_id,
      threadTs: batch.thread_ts,
      kind: batch.channel_id.startsWith('D') ? 'dm' : 'channel',
      // Checked before the batch was opened.
      internalOnly: true,
    },
    batch: { id: batch.id, row },
  };
}

type RowProposal = Proposal & { batch: { id: string; row: number } };

async function placeRow(
  house: House,
  batch: BatchRow,
  proposal: RowProposal,
  draft: Attempt<Drafted>,
): Promise<void> {
  const { store } = house.deps;
  const placed = draft.ok
    ? await attempt(async () =>
        placeDraft(house, proposal, draft.value, await house.deps.members(proposal.place.teamId)),
      )
    : draft;
  if (placed.ok) return;
  const what = draft.ok ? draft.value.plan.title : inWords(proposal.input);
  await ledgerTransaction(store, () => {
    const before = refusedIn(mustRead(house, batch.id));
    const refused: Refused[] = [...before, { row: proposal.batch.row, what, why: placed.why }];
    updateBatch(store, batch.id, { refused: JSON.stringify(refused) });
  });
}

type Attempt<T> = { ok: true; value: T } | { ok: false; why: string };

/** One row that cannot be proposed must not keep the others from it; what is our own fault stops them all. */
async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof UserError) {
      return { ok: false, why: [error.message, error.hint].filter((part) => part !== undefined).join(' ') };
    }
    const outside =
      error instanceof SystemError &&
      ['source_unavailable', 'source_malformed', 'timeout'].includes(error.code);
    if (!outside) throw error;
    return { ok: false, why: `The facts behind it could not be read (${error.referenceId}).` };
  }
}

/** What a row was about when not even its plan could be made: the values it was asked for with. */
function inWords(input: { [key: string]: Json }): string {
  const words = Object.values(input).filter(
    (value) => typeof value === 'string' || typeof value === 'number',
  );
  return words.join(', ').slice(0, 120) || 'a row';
}

function nothingProposed(refused: readonly Refused[]): UserError {
  const first = refused[0];
  if (refused.length === 1) return new UserError('not_allowed', first?.why ?? 'It could not be proposed.');
  return new UserError(
    'not_allowed',
    `None of the ${refused.length} could be proposed. ${first?.what ?? ''}: ${first?.why ?? ''}`,
  );
}

function mustRead(house: House, id: string): BatchRow {
  const batch = readBatch(house.deps.store, id);
  if (batch === null) throw new SystemError('store_failed', `there is no batch ${id}`);
  return batch;
}
