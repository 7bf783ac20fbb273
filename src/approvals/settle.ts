import { mayDecide, roleWords } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { type ApprovalRow, readApproval, updateApproval } from '../store/approvals.ts';
import { effectsOf, moveEffect } from '../store/effects.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { House } from './house.ts';
import { appliedOf, planOf, requesterOf, requirementOf } from './rows.ts';
import { recordOn } from './trail.ts';
import type { DecisionOutcome } from './types.ts';

interface Word {
  approvalId: string;
  wentOut: boolean;
  by: Principal;
}

/**
 * The outside cannot be asked whether it went out, so a person was: whoever may approve the action may say. The
 * trail keeps who said so.
 */
export async function settleByWord(house: House, word: Word): Promise<DecisionOutcome> {
  const { store } = house.deps;
  const outcome = await ledgerTransaction(store, (): DecisionOutcome => {
    const row = readApproval(store, word.approvalId);
    if (row === null || row.team_id !== word.by.teamId) {
      return { status: 'not_found', say: 'There is no such request.', approval: null };
    }
    const answer = (status: DecisionOutcome['status'], say: string): DecisionOutcome => ({
      status,
      say,
      approval: house.approval(readApproval(store, row.id) ?? row),
    });
    if (house.approval(row).canSettle !== true) {
      return answer(
        'already_decided',
        'This is settled, or Psi can still find out by itself. Your click changed nothing.',
      );
    }
    const rule = requirementOf(row);
    // Saying what happened is no approval of one's own request.
    if (!mayDecide({ ...rule, selfApproval: true }, requesterOf(row).userId, word.by, 'approve').ok) {
      const say = `You may not settle this. It takes ${roleWords(rule.approverRoles)}.`;
      recordOn(house, row, word.by.userId, 'settle.refused', { because: say });
      return answer('not_allowed', say);
    }
    if (!write(house, row, word))
      return answer('already_decided', 'Somebody else was quicker. Look at the card.');
    return answer('recorded', 'Noted. The card says who said so.');
  });
  const row = outcome.status === 'recorded' ? readApproval(store, word.approvalId) : null;
  if (row !== null) void house.emit(row);
  return outcome;
}

function write(house: House, row: ApprovalRow, { wentOut, by }: Word): boolean {
  const { store, clock } = house.deps;
  const undoing = appliedOf(row);
  const { title } = planOf(row);
  const said = wentOut ? `${by.name} found that it went out` : `${by.name} found that it did not go out`;
  // What was in doubt came after it was applied: that much stays as it is.
  const later = row.state === 'applied' ? undoing : null;
  const settled = wentOut
    ? undoing === null
      ? 'applied'
      : 'undone'
    : undoing === null
      ? 'failed'
      : 'applied';
  const state = later === null ? settled : 'applied';
  const plain = wentOut ? `${title}: ${said}.` : `${said}. It can be asked for again.`;
  const reason = later === null ? plain : `${later.summary} Of what was sent afterwards: ${said}.`;
  const result =
    wentOut && later === null
      ? { result: JSON.stringify({ summary: reason, result: { saidBy: by.userId } }) }
      : {};
  const patch = { state, reason, settled_at: clock.now(), applying_until: null, ...result };
  if (!updateApproval(store, row.id, row.revision, patch)) return false;
  for (const step of effectsOf(store, row.id)) {
    if (step.key.startsWith(`${row.effect_key}:`)) {
      moveEffect(
        store,
        step.key,
        later === null ? ['sent', 'unknown'] : ['unknown'],
        wentOut ? 'confirmed' : 'refused',
        {
          confirmed_at: wentOut ? clock.now() : null,
        },
      );
    }
  }
  recordOn(house, row, by.userId, 'approval.settled_by_word', { wentOut });
  return true;
}
