import type { Plan } from '../domain/approvals/plan.ts';
import { changedMeanwhile } from '../domain/approvals/stale-plan.ts';
import { mayMove } from '../domain/approvals/state-machine.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { type ApprovalPatch, type ApprovalRow, readApproval, updateApproval } from '../store/approvals.ts';
import { type EffectRow, effectsOf } from '../store/effects.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { Applied, ConsequentialTool } from '../tools/define-tool.ts';
import { EffectUnknown, effectRunner, LeaseLost } from './effect-ledger.ts';
import { type House, placeOf } from './house.ts';
import { planHash } from './plan-hash.ts';
import { parseInput, propose } from './propose.ts';
import { appliedOf, argumentsOf, planOf, requesterOf, stateOf } from './rows.ts';
import { PSI, recordOn } from './trail.ts';
import type { ApprovalState } from './types.ts';

/** How long a process may be silent before another takes its row over. */
export const LEASE_MS = 120_000;
/** How often an outcome nobody knows is asked for again. */
export const LOOK_EVERY_MS = 60_000;

/**
 * Carries out what was approved (or the undo of it) and settles the row. Takes the row by a lease, so that two
 * processes never both do; never rejects.
 */
export async function applyRow(house: House, id: string, takeOver = false): Promise<void> {
  if (house.inFlight.has(id)) return;
  house.inFlight.add(id);
  try {
    await house.deps.pending.track(() =>
      house.bench.seated(async () => {
        const row = await claim(house, id, takeOver);
        if (row !== null) await carryOut(house, row);
      }),
    );
  } catch (error) {
    house.deps.logger.error({ err: error, approval: id }, 'applying an approval stopped');
  } finally {
    house.inFlight.delete(id);
  }
}

/** Null when there is nothing to take: not approved, or in another process's hands. */
function claim(house: House, id: string, takeOver: boolean): Promise<ApprovalRow | null> {
  const { store, clock } = house.deps;
  return ledgerTransaction(store, () => {
    const row = readApproval(store, id);
    if (row === null || row.effect_key === null) return null;
    const lapsed = takeOver || (row.applying_until ?? 0) <= clock.now();
    const state = stateOf(row);
    const free = state === 'approved' || ((state === 'applying' || state === 'unknown') && lapsed);
    if (!free) return null;
    const applying_until = clock.now() + LEASE_MS;
    const patch = state === 'unknown' ? { applying_until } : { state: 'applying', applying_until };
    if (!updateApproval(store, id, row.revision, patch)) return null;
    return readApproval(store, id);
  });
}

async function carryOut(house: House, row: ApprovalRow): Promise<void> {
  const tool = house.deps.tool(row.tool);
  if (tool === undefined) return fail(house, row, 'This action no longer exists.');
  const steps = stepsOf(house, row);
  const undoing = appliedOf(row) !== null;
  if (steps.every((step) => step.state === 'intent')) {
    const { policy } = house.deps.policy.current();
    if (policy.stopped) return fail(house, row, 'Everything consequential is stopped by the policy.');
    if (!undoing && !(await stillAsApproved(house, row, tool))) return;
  }
  try {
    const ctx = house.deps.contextFor(requesterOf(row), placeOf(row));
    const effects = effectRunner(house, row);
    const before = appliedOf(row);
    if (before === null) {
      await succeed(house, row, 'applied', await tool.apply(planOf(row), ctx, effects));
    } else if (tool.undo === undefined) {
      await fail(house, row, 'It cannot be undone.');
    } else {
      await succeed(house, row, 'undone', await tool.undo(before, planOf(row), ctx, effects));
    }
  } catch (error) {
    await settleError(house, row, error);
  }
}

/** The steps of this run: an undo has a key of its own. */
function stepsOf(house: House, row: ApprovalRow): EffectRow[] {
  return effectsOf(house.deps.store, row.id).filter((step) => step.key.startsWith(`${row.effect_key}:`));
}

/** Plans again from fresh facts. Where the plan differs, the row is voided and the request made anew. */
async function stillAsApproved(house: House, row: ApprovalRow, tool: ConsequentialTool): Promise<boolean> {
  let fresh: Plan;
  try {
    const { input, values } = parseInput(tool, argumentsOf(row));
    fresh = await tool.plan(values, house.deps.contextFor(requesterOf(row), placeOf(row)));
    if (planHash(tool.name, input, fresh) === row.plan_hash) return true;
  } catch (error) {
    await unreadable(house, row, error);
    return false;
  }
  const changes = changedMeanwhile(planOf(row), fresh).join('; ');
  const anew = await proposeAnew(house, row);
  await settle(
    house,
    row,
    'superseded',
    {
      reason: `Not done, because ${changes}. Nothing went out. ${anew.say}`,
      superseded_by: anew.id,
    },
    'approval.voided',
  );
  return false;
}

async function proposeAnew(house: House, row: ApprovalRow): Promise<{ id: string | null; say: string }> {
  try {
    const next = await propose(house, {
      tool: row.tool,
      input: argumentsOf(row),
      requester: requesterOf(row),
      place: placeOf(row),
      insteadOf: row.id,
    });
    return { id: next.id, say: 'It was asked for anew with the facts as they are now.' };
  } catch (error) {
    if (error instanceof UserError) return { id: null, say: `It was not asked for anew: ${error.message}` };
    throw error;
  }
}

/** Facts that are gone say so in words; facts that could not be read count as different all the same. */
async function unreadable(house: House, row: ApprovalRow, error: unknown): Promise<void> {
  if (error instanceof UserError) {
    const reason = `Not done, because things changed: ${error.message} Nothing went out.`;
    return settle(house, row, 'superseded', { reason }, 'approval.voided');
  }
  house.deps.logger.warn(
    { err: error, approval: row.id },
    'the facts behind an approval could not be read again',
  );
  await fail(
    house,
    row,
    `The facts behind it could not be checked again${reference(error)}. Ask again in a while.`,
  );
}

async function succeed(
  house: House,
  row: ApprovalRow,
  state: 'applied' | 'undone',
  applied: Applied,
): Promise<void> {
  const patch = { result: JSON.stringify(applied), reason: applied.summary };
  await settle(house, row, state, patch, `approval.${state}`);
}

async function settleError(house: House, row: ApprovalRow, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) throw error;
  const steps = stepsOf(house, row);
  const open = steps.some((step) => step.state === 'sent' || step.state === 'unknown');
  const gone = steps.filter((step) => step.state === 'confirmed').length;
  if (open) return doubt(house, row, steps, !(error instanceof EffectUnknown) || error.askable);
  if (!(error instanceof UserError)) {
    house.deps.logger.error({ err: error, approval: row.id }, 'an approved action failed');
  }
  const why =
    error instanceof UserError ? error.message : `Something went wrong on our side${reference(error)}.`;
  if (gone === 0) return fail(house, row, why);
  const reason = `Stopped after ${gone} of its steps had been done: ${why}`;
  await settle(house, row, 'failed', { reason }, 'approval.failed');
}

/** Nothing went out. An undo that did nothing leaves the row applied. */
async function fail(house: House, row: ApprovalRow, why: string): Promise<void> {
  if (appliedOf(row) === null) {
    return settle(house, row, 'failed', { reason: `${why} Nothing went out.` }, 'approval.failed');
  }
  const reason = `${appliedOf(row)?.summary ?? ''} Undoing it did not work: ${why}`.trim();
  await settle(house, row, 'applied', { reason }, 'undo.failed');
}

/** Nobody can tell. Where the outside can be asked it will be; where not, a person is. */
async function doubt(
  house: House,
  row: ApprovalRow,
  steps: readonly EffectRow[],
  askable: boolean,
): Promise<void> {
  const open = steps.filter((step) => step.state !== 'confirmed').map((step) => step.system);
  const silent = `${[...new Set(open)].join(' and ')} did not answer`;
  const reason = askable
    ? `Nobody can tell yet whether it went out: ${silent}. Psi keeps looking and will not send it twice; please do not repeat it by hand.`
    : `Nobody can tell whether it went out: ${silent}, and cannot be asked. Please check with whom it was meant for before doing it again; Psi will not send it again.`;
  const applying_until = askable ? house.deps.clock.now() + LOOK_EVERY_MS : null;
  if (row.state === 'unknown') {
    await ledgerTransaction(house.deps.store, () =>
      updateApproval(house.deps.store, row.id, row.revision, { applying_until }),
    );
    return;
  }
  await settle(house, row, 'unknown', { reason, applying_until, settled_at: null }, 'approval.unknown');
}

async function settle(
  house: House,
  row: ApprovalRow,
  to: ApprovalState,
  patch: ApprovalPatch,
  action: string,
): Promise<void> {
  const { store, clock } = house.deps;
  if (!mayMove(stateOf(row), to)) {
    throw new SystemError('internal', `approval ${row.id} cannot go from ${row.state} to ${to}`);
  }
  const next = await ledgerTransaction(store, () => {
    const all = { applying_until: null, settled_at: clock.now(), ...patch, state: to };
    if (!updateApproval(store, row.id, row.revision, all)) return null;
    recordOn(house, row, PSI, action, {});
    return readApproval(store, row.id);
  });
  if (next === null) throw new LeaseLost(`approval ${row.id} was settled elsewhere`);
  if (to === 'applied') house.deps.failpoint('approval.applied');
  // Not waited for: drawing cards must not keep the next row of a batch from its turn.
  void house.emit(next);
}

const reference = (error: unknown): string => (error instanceof SystemError ? ` (${error.referenceId})` : '');
