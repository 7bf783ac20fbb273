import { ledgerTransaction } from '../store/ledger.ts';
import {
  readSkillRun,
  type SkillRunPatch,
  type SkillRunRow,
  takeSkillRun,
  updateSkillRun,
} from '../store/skill-runs.ts';
import type { EngineDeps } from './engine.ts';
import { LeaseLost } from './step-context.ts';

/** How long a process may be silent before another takes its run over, where it cannot be seen to be gone. */
export const LEASE_MS = 60_000;

/**
 * Takes a run to work on: one that nobody works on any more, or that is in one of `from`. Null when there is
 * nothing to take, or it is in another's hands.
 */
export function claim(
  deps: EngineDeps,
  id: string,
  from: readonly ('parked' | 'failed' | 'stopped')[],
): Promise<SkillRunRow | null> {
  const { store, clock, identity } = deps;
  return ledgerTransaction(store, () => {
    const row = readSkillRun(store, id);
    if (row === null) return null;
    const free = row.state === 'running' ? !isHeld(deps, row) : from.some((state) => state === row.state);
    if (!free || row.stopped_by !== null) return null;
    return takeSkillRun(store, id, row.fence, {
      state: 'running',
      owner: identity.name,
      leased_until: clock.now() + LEASE_MS,
      ended_at: null,
      told_at: null,
      reference_id: null,
    });
  });
}

/** In the hands of a process that may still be there. */
export function isHeld(
  { clock, identity }: Pick<EngineDeps, 'clock' | 'identity'>,
  row: SkillRunRow,
): boolean {
  if (row.owner === null || row.leased_until === null) return false;
  return row.leased_until > clock.now() && !identity.isGone(row.owner);
}

/** Writes as the holder. Throws LeaseLost when another has taken the run over. */
export async function writeAsHolder(deps: EngineDeps, run: SkillRunRow, patch: SkillRunPatch): Promise<void> {
  const written = await ledgerTransaction(deps.store, () =>
    updateSkillRun(deps.store, run.id, run.fence, patch),
  );
  if (!written) throw new LeaseLost(`skill run ${run.id} was taken over`);
}

/** Keeps the lease while the run is worked on; `onLost` is called when it is another's. */
export function keepLease(deps: EngineDeps, run: SkillRunRow, onLost: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    writeAsHolder(deps, run, { leased_until: deps.clock.now() + LEASE_MS }).catch(onLost);
  }, LEASE_MS / 4);
  timer.unref();
  return () => clearInterval(timer);
}
