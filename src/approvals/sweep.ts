import {
  type ApprovalRow,
  approvalsIn,
  approvalsWithStaleCards,
  readApproval,
  updateApproval,
} from '../store/approvals.ts';
import { effectsOf } from '../store/effects.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { applyRow } from './apply.ts';
import { continueBatches } from './batches.ts';
import { expire } from './decide.ts';
import type { House } from './house.ts';
import { nextNudgeAt, sendNudges } from './nudges.ts';
import { PSI, recordOn } from './trail.ts';

/**
 * Expiry, reminders, escalation, and whatever a crash left half done. With `takeOver` (the first sweep of a
 * process, which owns its data folder alone) leases of the process before are not waited for.
 */
export async function sweep(house: House, takeOver: boolean): Promise<void> {
  const { store, logger } = house.deps;
  if (takeOver) await continueBatches(house);
  for (const row of approvalsIn(store, ['pending'])) {
    // One row that cannot be read must not keep the others from expiring.
    await sweepPending(house, row).catch((error: unknown) =>
      logger.error({ err: error, approval: row.id }, 'a pending approval could not be swept'),
    );
  }
  await sendNudges(house).catch((error: unknown) => logger.error({ err: error }, 'nobody could be reminded'));
  const begun = approvalsIn(store, ['approved', 'applying']);
  await Promise.all(begun.map((row) => applyRow(house, row.id, takeOver)));
  for (const row of approvalsIn(store, ['unknown'])) {
    if (row.applying_until !== null || isKnownByNow(house, row)) await applyRow(house, row.id);
  }
  if (!takeOver) return;
  for (const row of approvalsWithStaleCards(store)) await house.emit(row);
}

/** The answer came after all, to a process that had lost the row meanwhile. */
function isKnownByNow(house: House, row: ApprovalRow): boolean {
  const steps = effectsOf(house.deps.store, row.id);
  return steps.every((step) => step.state !== 'sent' && step.state !== 'unknown');
}

/** When something falls due for the rows as they are; null when nothing ever will. */
export async function nextDueAt(house: House): Promise<number | null> {
  const { store, clock } = house.deps;
  const { stopped } = house.deps.policy.current().policy;
  const due = approvalsIn(store, ['pending', 'approved', 'applying', 'unknown']).flatMap((row) => {
    if (house.inFlight.has(row.id)) return [];
    if (row.state === 'pending') return [isOutOfStep(row, stopped) ? clock.now() : row.expires_at];
    return [row.state === 'approved' ? clock.now() : row.applying_until];
  });
  const instants = [...due, await nextNudgeAt(house)].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

async function sweepPending(house: House, row: ApprovalRow): Promise<void> {
  const { store, clock } = house.deps;
  if (clock.now() >= row.expires_at) {
    const expired = await ledgerTransaction(store, () => expire(house, row));
    if (expired !== null) await house.emit(expired);
    return;
  }
  await keepInStep(house, row.id);
}

/** A proposal is paused while the policy has stopped everything: written on the row, so that its cards show it. */
export async function keepInStep(house: House, id: string): Promise<void> {
  const { store, clock, policy } = house.deps;
  const { stopped } = policy.current().policy;
  const changed = await ledgerTransaction(store, () => {
    const row = readApproval(store, id);
    if (row?.state !== 'pending' || !isOutOfStep(row, stopped)) return null;
    if (!updateApproval(store, id, row.revision, { paused_at: stopped ? clock.now() : null })) return null;
    recordOn(house, row, PSI, stopped ? 'approval.paused' : 'approval.resumed');
    return readApproval(store, id);
  });
  if (changed !== null) await house.emit(changed);
}

function isOutOfStep(row: ApprovalRow, stopped: boolean): boolean {
  return (row.paused_at !== null) !== stopped;
}
