import type { Approval, Door } from '../approvals/types.ts';

/** How long a run waits for an outcome nobody knows before it reports just that. */
export const UNKNOWN_WAIT_MS = 30 * 60_000;

/** How far the approvals a run waits for have come. */
export interface Awaited {
  open: number;
  /** True when an outcome nobody knows is not waited for any longer. */
  doubtful: boolean;
  /** The next instant at which an outcome nobody knows counts as settled; null when there is none. */
  lookAt: number | null;
}

/** A row that was edited or made anew is followed to its successor. */
export async function awaited(
  door: Pick<Door, 'get'>,
  approvalIds: readonly string[],
  nowAt: number,
): Promise<Awaited> {
  const rows = await Promise.all(approvalIds.map((id) => newest(door, id)));
  const until = rows.flatMap((row) =>
    row?.state === 'unknown' ? (row.decidedAt ?? row.createdAt) + UNKNOWN_WAIT_MS : [],
  );
  const waiting = until.filter((at) => at > nowAt);
  const undecided = rows.filter((row) => row !== null && UNSETTLED.has(row.state));
  return {
    open: undecided.length + waiting.length,
    doubtful: waiting.length < until.length,
    lookAt: waiting.length === 0 ? null : Math.min(...waiting),
  };
}

const UNSETTLED = new Set<Approval['state']>(['pending', 'approved', 'applying']);

/** The row, or what stands in its place by now. */
export async function newest(door: Pick<Door, 'get'>, id: string): Promise<Approval | null> {
  const seen = new Set<string>();
  let row = await door.get(id);
  while (row?.state === 'superseded' && row.supersededBy !== null && !seen.has(row.id)) {
    seen.add(row.id);
    row = await door.get(row.supersededBy);
  }
  return row;
}
