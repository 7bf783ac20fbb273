import { mayDecide } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
import { approvalsIn, readApproval } from '../store/approvals.ts';
import { applyRow } from './apply.ts';
import { decide } from './decide.ts';
import { edit } from './edit.ts';
import { type DoorDeps, House } from './house.ts';
import { propose } from './propose.ts';
import { nextDueAt, sweep } from './sweep.ts';
import type { Approval, Door } from './types.ts';
import { startUndo } from './undo.ts';

export type { DoorDeps } from './house.ts';

/**
 * The one door. Call `sweep` once before the first turn: it takes up what the process before left half done.
 * `propose` throws UserError; a click is always answered by its outcome.
 */
export function createDoor(deps: DoorDeps): Door {
  const house = new House(deps);
  let first = true;

  return {
    propose: async (proposal) => house.approval(await propose(house, proposal)),
    decide: async (click) => {
      const outcome = await decide(house, click);
      if (outcome.status === 'approved') void applyRow(house, click.approvalId);
      return outcome;
    },
    edit: (change) => edit(house, change),
    proposeBatch: async () => {
      throw new SystemError('internal', 'batches are not built yet');
    },
    getBatch: async () => null,
    decideBatch: async () => ({ status: 'not_found', say: 'There is no such batch.', batch: null }),
    undo: async (undo) => {
      const outcome = await startUndo(house, undo);
      if (outcome.status === 'approved') void applyRow(house, undo.approvalId, true);
      return outcome;
    },
    get: async (id) => {
      const row = readApproval(deps.store, id);
      return row === null ? null : house.approval(row);
    },
    waitingFor: async (principal) =>
      approvalsIn(deps.store, ['pending'])
        .filter((row) => row.expires_at > deps.clock.now() && row.team_id === principal.teamId)
        .map((row) => house.approval(row))
        .filter((approval) => waitsFor(approval, principal)),
    deciders: (approval, members) =>
      members.filter(
        (member) => mayDecide(approval.requirement, approval.requester.userId, member, 'approve').ok,
      ),
    sweep: () =>
      deps.pending.track(async () => {
        const takeOver = first;
        first = false;
        await sweep(house, takeOver);
      }),
    nextDueAt: async () => nextDueAt(house),
    onChange: (listener) => house.onChange(listener),
    onNudge: (listener) => house.onNudge(listener),
  };
}

/** May decide it and has not yet. */
export function waitsFor(
  approval: Approval,
  principal: Pick<Principal, 'kind' | 'userId' | 'roles'>,
): boolean {
  const right = mayDecide(approval.requirement, approval.requester.userId, principal, 'approve');
  return right.ok && !approval.decisions.some((decision) => decision.userId === principal.userId);
}
