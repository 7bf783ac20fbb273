import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SystemError } from '../lib/errors.ts';
import type { ApprovalRow } from '../store/approvals.ts';
import { approvalsOfBatch, type BatchRow } from '../store/batches.ts';
import type { House } from './house.ts';
import { principalSchema } from './rows.ts';
import type { Approval, Batch } from './types.ts';

const refusedSchema = z.array(z.object({ row: z.number().int(), what: z.string(), why: z.string() }));
const toolsSchema = z.array(z.string());
const inputsSchema = z.array(z.record(z.string(), z.json()));

export type Refused = z.output<typeof refusedSchema>[number];

/** `batch` as the ledger has it now. */
export function batchFrom(house: House, batch: BatchRow): Batch {
  const all = approvalsOfBatch(house.deps.store, batch.id);
  return {
    id: batch.id,
    title: batch.title,
    intro: batch.intro,
    requester: read(batch, 'requester', principalSchema),
    place: { teamId: batch.team_id, channelId: batch.channel_id, threadTs: batch.thread_ts },
    rows: inPlace(all).map((row) => ({ row: row.batch_row ?? 0, approval: house.approval(row) })),
    refused: refusedIn(batch).map(({ what, why }) => ({ what, why })),
    createdAt: batch.created_at,
    revision: all.reduce((sum, row) => sum + row.revision, 0),
  };
}

export const refusedIn = (batch: BatchRow): Refused[] => read(batch, 'refused', refusedSchema);
export const inputsOf = (batch: BatchRow) => read(batch, 'inputs', inputsSchema);
/** The tool of each row; empty where all are of the batch's own. */
export const toolsOf = (batch: BatchRow): string[] =>
  batch.row_tools === null ? [] : read(batch, 'row_tools', toolsSchema);
export const requesterOfBatch = (batch: BatchRow) => read(batch, 'requester', principalSchema);

/** The one approval that stands in each place: the one nothing else of the same place has replaced. */
function inPlace(all: readonly ApprovalRow[]): ApprovalRow[] {
  const ids = new Set(all.map((row) => row.id));
  const standing = new Map<number, ApprovalRow>();
  for (const row of all) {
    if (row.superseded_by !== null && ids.has(row.superseded_by)) continue;
    const other = standing.get(row.batch_row ?? 0);
    // A crash may leave a voided row beside the one that stands in for it: the open one counts.
    if (other === undefined || other.state !== 'pending') standing.set(row.batch_row ?? 0, row);
  }
  return [...standing.values()];
}

/** A short name for what stands in the rows: another one as soon as any row is replaced by another proposal. */
export function contentsOf(batch: { rows: readonly { approval: Pick<Approval, 'id'> }[] }): string {
  const ids = batch.rows.map(({ approval }) => approval.id).join(' ');
  return createHash('sha256').update(ids).digest('hex').slice(0, 12);
}

/** Batches and single proposals share buttons; their ids tell them apart. */
export function isBatchId(id: string): boolean {
  return id.startsWith('bat_');
}

function read<T>(row: BatchRow, column: keyof BatchRow, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(String(row[column])));
  } catch (cause) {
    throw new SystemError('store_failed', `batch ${row.id} has an unreadable ${column}`, { cause });
  }
}
