import type { Principal } from '../domain/types.ts';
import { readBatch } from '../store/batches.ts';
import { batchFrom, contentsOf } from './batch-rows.ts';
import type { House } from './house.ts';
import type { Approval, Batch, BatchOutcome, DecisionOutcome } from './types.ts';

export interface BatchClick {
  batchId: string;
  verdict: 'approve' | 'reject';
  by: Principal;
  seen?: string;
}

/** Every open row is put through `decideRow`, one after the other; each counts or stays as its own rule says. */
export async function decideBatch(
  house: House,
  click: BatchClick,
  decideRow: (approvalId: string) => Promise<DecisionOutcome>,
): Promise<BatchOutcome> {
  const batch = currentBatch(house, click.batchId);
  if (batch === null || batch.place.teamId !== click.by.teamId) {
    return { status: 'not_found', say: 'There is no such batch.', batch: null };
  }
  if (click.seen !== undefined && click.seen !== contentsOf(batch)) {
    const say =
      'A row was changed after this card was drawn, so nothing was decided. Please look at it again.';
    return { status: 'not_allowed', say, batch };
  }
  const open = openRows(batch, house.deps.clock.now());
  if (open.length === 0) {
    const say = 'Every row has been decided or has expired. Your click changed nothing.';
    return { status: 'nothing_open', say, batch };
  }
  const outcomes: DecisionOutcome[] = [];
  for (const { approval } of open) outcomes.push(await decideRow(approval.id));
  const counted = outcomes.some((one) => ['approved', 'rejected', 'recorded'].includes(one.status));
  return {
    status: counted ? 'recorded' : 'not_allowed',
    say: inSentences(outcomes),
    batch: currentBatch(house, click.batchId),
  };
}

/** Null where there is none, or as long as its rows are being proposed. */
export function currentBatch(house: House, id: string): Batch | null {
  const row = readBatch(house.deps.store, id);
  return row === null || row.proposed_at === null ? null : batchFrom(house, row);
}

/** Rows that nobody has decided and whose time has not run out. */
export function openRows(batch: Batch, nowAt: number): { row: number; approval: Approval }[] {
  return batch.rows.filter(({ approval }) => approval.state === 'pending' && approval.expiresAt > nowAt);
}

function inSentences(outcomes: readonly DecisionOutcome[]): string {
  const of = (...statuses: DecisionOutcome['status'][]) =>
    outcomes.filter((one) => statuses.includes(one.status));
  const approved = of('approved').length;
  const rejected = of('rejected').length;
  const recorded = of('recorded').length;
  const typed = of('needs_typed_amount').length;
  const refused = of('not_allowed');
  const late = outcomes.length - approved - rejected - recorded - typed - refused.length;
  const parts = [
    approved > 0 ? `Approved ${rows(approved)}.` : '',
    rejected > 0 ? `Rejected ${rows(rejected)}. Nothing of them went out.` : '',
    recorded > 0 ? `Your approval counts for ${rows(recorded)}; one more person has to approve.` : '',
    typed > 0
      ? `${rows(typed)} stay open as your own request: approve each by itself, by typing its amount.`
      : '',
    refused.length > 0 ? `${rows(refused.length)} stay open. ${refused[0]?.say ?? ''}` : '',
    late > 0 ? `${rows(late)} had been decided or replaced meanwhile.` : '',
  ];
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replace(/\b1 row stay\b/g, '1 row stays');
}

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
