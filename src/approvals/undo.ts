import { mayDecide, roleWords } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { readApproval, updateApproval } from '../store/approvals.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { LEASE_MS } from './apply.ts';
import type { House } from './house.ts';
import { requesterOf, requirementOf } from './rows.ts';
import { recordOn } from './trail.ts';
import type { DecisionOutcome } from './types.ts';

/**
 * Takes the decision to undo: whoever may approve the action may undo it, under a key of its own. The undoing
 * itself is carried out like an application.
 */
export async function startUndo(
  house: House,
  undo: { approvalId: string; by: Principal },
): Promise<DecisionOutcome> {
  const { store, clock } = house.deps;
  const started = await ledgerTransaction(store, (): DecisionOutcome => {
    const row = readApproval(store, undo.approvalId);
    if (row === null || row.team_id !== undo.by.teamId) {
      return { status: 'not_found', say: 'There is no such request.', approval: null };
    }
    const refuse = (status: DecisionOutcome['status'], say: string): DecisionOutcome => {
      if (status === 'not_allowed') recordOn(house, row, undo.by.userId, 'undo.refused', { because: say });
      return { status, say, approval: house.approval(row) };
    };
    if (row.state === 'undone') return refuse('already_decided', 'This has been undone already.');
    if (!house.approval(row).canUndo)
      return refuse('already_decided', 'There is nothing here that can be undone.');
    const { policy } = house.deps.policy.current();
    if (policy.stopped) return refuse('not_allowed', 'Everything consequential is stopped by the policy.');
    const rule = requirementOf(row);
    if (!mayDecide(rule, requesterOf(row).userId, undo.by, 'approve').ok) {
      return refuse(
        'not_allowed',
        `You may not undo this. It takes ${roleWords(rule.approverRoles)}${rule.selfApproval ? '' : ', not the one who asked'}.`,
      );
    }
    const done = updateApproval(store, row.id, row.revision, {
      state: 'applying',
      effect_key: house.deps.newId('eff'),
      applying_until: clock.now() + LEASE_MS,
    });
    const next = readApproval(store, row.id);
    if (!done || next === null)
      return refuse('already_decided', 'Somebody else was quicker. Look at the card.');
    recordOn(house, next, undo.by.userId, 'undo.decided');
    return {
      status: 'approved',
      say: 'Undoing it. The outcome will stand on the card.',
      approval: house.approval(next),
    };
  });
  const row = started.status === 'approved' ? readApproval(store, undo.approvalId) : null;
  if (row !== null) void house.emit(row);
  return started;
}
