import type { Effect } from '../domain/approvals/plan.ts';
import type { Json } from '../domain/types.ts';
import { type ApprovalRow, readApproval, updateApproval } from '../store/approvals.ts';
import { readEffect } from '../store/effects.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { EffectUnknown, performStep } from './effect-ledger.ts';
import type { House } from './house.ts';
import { PSI, recordOn } from './trail.ts';
import type { LaterOutcome, LaterStep } from './types.ts';

/**
 * A further step of what was approved and applied, taken when its time has come: an invoice that was issued goes out
 * at nine. It stands in the ledger beside the others of its approval, under a key of its own, and happens at most once.
 */
export async function laterStep<T extends Json>(
  house: House,
  { of, key, effect }: LaterStep<T>,
): Promise<LaterOutcome<T>> {
  const { store, policy } = house.deps;
  const begun = readEffect(store, of);
  const row = begun === null ? null : readApproval(store, begun.approval_id);
  if (row === null || row.state !== 'applied' || policy.current().policy.stopped) return { state: 'held' };
  try {
    return { state: 'done', result: await performStep(house, row, key, effect) };
  } catch (error) {
    const ledger = readEffect(store, key);
    if (ledger?.state === 'refused') return { state: 'refused', error };
    if (ledger?.state !== 'unknown') {
      // Another process has it, or the store failed: nothing is known to have begun here.
      house.deps.logger.warn({ err: error, step: key }, 'a later step was not taken');
      return { state: 'held' };
    }
    const askable = error instanceof EffectUnknown && error.askable;
    await say(house, row, effect);
    return { state: 'unknown', askable };
  }
}

/** The card says that a person has to tell. */
async function say<T extends Json>(house: House, row: ApprovalRow, effect: Effect<T>): Promise<void> {
  const { store } = house.deps;
  const next = await ledgerTransaction(store, () => {
    const now = readApproval(store, row.id);
    if (now === null) return null;
    const doubt = 'Nobody can tell whether what was sent afterwards arrived; look before you send it again.';
    const reason = now.reason?.includes(doubt) ? now.reason : `${now.reason ?? ''} ${doubt}`.trim();
    if (!updateApproval(store, now.id, now.revision, { reason })) return null;
    recordOn(house, now, PSI, 'approval.later_step_unknown', { kind: effect.kind });
    return readApproval(store, now.id);
  });
  if (next !== null) void house.emit(next);
}
