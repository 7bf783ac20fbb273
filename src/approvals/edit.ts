import { mayDecide, roleWords } from '../domain/policy/rights.ts';
import type { Json, Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { readApproval } from '../store/approvals.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { alreadyDecided, expire } from './decide.ts';
import { type House, placeOf } from './house.ts';
import { propose } from './propose.ts';
import { requesterOf, requirementOf } from './rows.ts';
import { recordOn } from './trail.ts';
import type { DecisionOutcome } from './types.ts';

/** A pending proposal with other arguments: planned and checked anew, the editor being who asks. */
export async function edit(
  house: House,
  change: { approvalId: string; input: { [key: string]: Json }; by: Principal },
): Promise<DecisionOutcome> {
  const { store, clock } = house.deps;
  const row = readApproval(store, change.approvalId);
  if (row === null || row.team_id !== change.by.teamId) {
    return { status: 'not_found', say: 'There is no such request.', approval: null };
  }
  if (row.state !== 'pending') {
    const { status, say } = alreadyDecided(row, change.by);
    return { status, say, approval: house.approval(row) };
  }
  if (clock.now() >= row.expires_at) {
    const expired = (await ledgerTransaction(store, () => expire(house, row))) ?? row;
    void house.emit(expired);
    return {
      status: 'expired',
      say: 'This request has expired. Ask again if it is still wanted.',
      approval: house.approval(expired),
    };
  }
  const rule = requirementOf(row);
  const own = requesterOf(row).userId === change.by.userId;
  if (!own && !mayDecide(rule, requesterOf(row).userId, change.by, 'approve').ok) {
    const say = `You may not change this. Whoever asked may, and ${roleWords(rule.approverRoles)}.`;
    await ledgerTransaction(store, () =>
      recordOn(house, row, change.by.userId, 'edit.refused', { because: say }),
    );
    return { status: 'not_allowed', say, approval: house.approval(row) };
  }
  try {
    const next = await propose(house, {
      tool: row.tool,
      input: change.input,
      requester: change.by,
      place: placeOf(row),
      insteadOf: row.id,
      editing: true,
    });
    return {
      status: 'recorded',
      say: 'Changed. It waits for approval as edited.',
      approval: house.approval(next),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const say = [error.message, error.hint].filter((part) => part !== undefined).join(' ');
    return { status: 'not_allowed', say, approval: house.approval(row) };
  }
}
