import { loudFrom } from '../domain/policy/quiet-hours.ts';
import { mayDecide } from '../domain/policy/rights.ts';
import type { ToolRule } from '../domain/policy/schema.ts';
import type { Principal } from '../domain/types.ts';
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
import { expire } from './decide.ts';
import type { House } from './house.ts';
import { requesterOf, requirementOf } from './rows.ts';
import { PSI, recordOn } from './trail.ts';

/**
 * Expiry, reminders, escalation, and whatever a crash left half done. With `takeOver` (the first sweep of a
 * process, which owns its data folder alone) leases of the process before are not waited for.
 */
export async function sweep(house: House, takeOver: boolean): Promise<void> {
  for (const row of approvalsIn(house.deps.store, ['pending'])) {
    // One row that cannot be read must not keep the others from expiring.
    await sweepPending(house, row).catch((error: unknown) =>
      house.deps.logger.error({ err: error, approval: row.id }, 'a pending approval could not be swept'),
    );
  }
  for (const row of approvalsIn(house.deps.store, ['approved', 'applying'])) {
    await applyRow(house, row.id, takeOver);
  }
  for (const row of approvalsIn(house.deps.store, ['unknown'])) {
    if (row.applying_until !== null || isKnownByNow(house, row)) await applyRow(house, row.id);
  }
  if (!takeOver) return;
  for (const row of approvalsWithStaleCards(house.deps.store)) await house.emit(row);
}

/** The answer came after all, to a process that had lost the row meanwhile. */
function isKnownByNow(house: House, row: ApprovalRow): boolean {
  const steps = effectsOf(house.deps.store, row.id);
  return steps.every((step) => step.state !== 'sent' && step.state !== 'unknown');
}

/** When something falls due for the rows as they are; null when nothing ever will. */
export function nextDueAt(house: House): number | null {
  const due = approvalsIn(house.deps.store, ['pending', 'approved', 'applying', 'unknown']).flatMap((row) => {
    if (house.inFlight.has(row.id)) return [];
    if (row.state === 'pending') {
      const { remindAt, escalateAt } = nudgesOf(house, row);
      return [row.expires_at, remindAt, escalateAt];
    }
    return [row.state === 'approved' ? house.deps.clock.now() : row.applying_until];
  });
  const instants = due.filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

async function sweepPending(house: House, row: ApprovalRow): Promise<void> {
  const { store, clock } = house.deps;
  const now = clock.now();
  if (now >= row.expires_at) {
    const expired = await ledgerTransaction(store, () => expire(house, row));
    if (expired !== null) await house.emit(expired);
    return;
  }
  const { remindAt, escalateAt, escalateTo } = nudgesOf(house, row);
  const members = await house.deps.members(row.team_id);
  if (remindAt !== null && now >= remindAt) {
    const rule = requirementOf(row);
    const people = members.filter((one) => mayDecide(rule, requesterOf(row).userId, one, 'approve').ok);
    await nudge(house, row.id, 'reminder', people);
  }
  if (escalateAt !== null && now >= escalateAt) {
    const people = members.filter((one) => one.roles.some((role) => escalateTo.includes(role)));
    await nudge(house, row.id, 'escalation', people);
  }
}

async function nudge(
  house: House,
  id: string,
  kind: 'reminder' | 'escalation',
  people: Principal[],
): Promise<void> {
  const { store, clock } = house.deps;
  const marked = await ledgerTransaction(store, () => {
    const row = readApproval(store, id);
    if (row?.state !== 'pending') return null;
    const patch = kind === 'reminder' ? { reminded_at: clock.now() } : { escalated_at: clock.now() };
    if (!updateApproval(store, id, row.revision, patch)) return null;
    recordOn(house, row, PSI, `approval.${kind}`, { people: people.map((one) => one.userId) });
    return readApproval(store, id);
  });
  if (marked !== null) await house.nudge(marked, kind, people);
}

/** Both wait for the end of quiet hours, and neither comes after the expiry. */
function nudgesOf(house: House, row: ApprovalRow) {
  const { policy } = house.deps.policy.current();
  const timing: ToolRule['timing'] = policy.tools[row.tool]?.timing ?? policy.timing;
  const at = (delay: number): number | null => {
    const due = loudFrom(row.created_at + delay, policy.quiet_hours, house.deps.company.tz);
    return due < row.expires_at ? due : null;
  };
  return {
    remindAt: row.reminded_at === null ? at(timing.remind_after) : null,
    escalateAt: row.escalated_at === null ? at(timing.escalate_after) : null,
    escalateTo: timing.escalate_to,
  };
}
