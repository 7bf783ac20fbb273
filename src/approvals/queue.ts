import type { Principal } from '../domain/types.ts';
import type { Approval, Batch, Door } from './types.ts';

/** What waits for one person: proposals by themselves, and batches with those rows they may decide. */
export type QueueItem =
  | { kind: 'single'; approval: Approval; expiresAt: number }
  | { kind: 'batch'; batch: Batch; mine: Approval[]; expiresAt: number };

/** What expires first comes first. */
export async function queueFor(
  door: Pick<Door, 'waitingFor' | 'getBatch'>,
  person: Principal,
): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  const batches = new Map<string, Approval[]>();
  for (const approval of await door.waitingFor(person)) {
    if (approval.batch === null) items.push({ kind: 'single', approval, expiresAt: approval.expiresAt });
    else batches.set(approval.batch.id, [...(batches.get(approval.batch.id) ?? []), approval]);
  }
  for (const [id, mine] of batches) {
    const batch = await door.getBatch(id);
    const expiresAt = Math.min(...mine.map((approval) => approval.expiresAt));
    if (batch !== null) items.push({ kind: 'batch', batch, mine, expiresAt });
  }
  return items.sort((left, right) => left.expiresAt - right.expiresAt);
}
