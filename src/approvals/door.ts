import { mayDecide } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { approvalsIn, readApproval } from '../store/approvals.ts';
import { applyRow } from './apply.ts';
import { proposeBatch } from './batches.ts';
import { type Click, decide } from './decide.ts';
import { currentBatch, decideBatch } from './decide-batch.ts';
import { edit } from './edit.ts';
import { type DoorDeps, House } from './house.ts';
import { laterStep } from './later-step.ts';
import { propose } from './propose.ts';
import { settleByWord } from './settle.ts';
import { keepInStep, nextDueAt, sweep } from './sweep.ts';
import type { Approval, DecisionOutcome, Door } from './types.ts';
import { startUndo } from './undo.ts';

export type { DoorDeps } from './house.ts';

/**
 * The one door. Call `sweep` once before the first turn: it takes up what the process before left half done.
 * `propose` throws UserError; a click is always answered by its outcome.
 */
export function createDoor(deps: DoorDeps): Door {
  const house = new House(deps);
  let first = true;

  async function decideRow(click: Click): Promise<DecisionOutcome> {
    const outcome = await decide(house, click);
    if (outcome.status === 'approved') void applyRow(house, click.approvalId);
    // A card may look alive though the policy has stopped everything since.
    if (outcome.status === 'not_allowed') await keepInStep(house, click.approvalId);
    return outcome;
  }

  return {
    propose: async (proposal) => house.approval(await propose(house, proposal)),
    decide: decideRow,
    edit: (change) => edit(house, change),
    proposeBatch: (batch) => proposeBatch(house, batch),
    getBatch: async (id) => currentBatch(house, id),
    decideBatch: ({ batchId, verdict, by, seen }) =>
      decideBatch(house, { batchId, verdict, by, ...(seen === undefined ? {} : { seen }) }, (approvalId) =>
        decideRow({ approvalId, verdict, by }),
      ),
    settle: (word) => settleByWord(house, word),
    undo: async (undo) => {
      const outcome = await startUndo(house, undo);
      if (outcome.status === 'approved') void applyRow(house, undo.approvalId, true);
      return outcome;
    },
    later: (step) => deps.pending.track(() => laterStep(house, step)),
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
    nextDueAt: () => nextDueAt(house),
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
