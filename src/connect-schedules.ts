import type { RunStatus } from './domain/schedule/run.ts';
import type { Place, Principal } from './domain/types.ts';
import { failpoint } from './lib/failpoints.ts';
import { thisProcess } from './lib/holder.ts';
import type { Psi } from './psi.ts';
import type { Heartbeat } from './schedules/define-schedule.ts';
import { schedulesOf } from './schedules/index.ts';
import { createRunStatus } from './schedules/run-status.ts';
import { createScheduleRunner, type ScheduleRunner } from './schedules/runner.ts';
import { createRunLedger } from './store/schedule-runs.ts';

/**
 * What runs by the clock, on the store. Nothing that falls due is run before `start`, when everything it needs is
 * there; a simulation that asks earlier waits for it.
 */
export function connectSchedules(parts: {
  psi: Psi;
  heartbeats: readonly Heartbeat[];
  teamId: string;
  members(): Promise<readonly Principal[]>;
  /** The channel of that name, if Psi is in it. */
  channel(name: string): Promise<Place | null>;
}): { runner: ScheduleRunner; runs: RunStatus } {
  const { psi, teamId, heartbeats, members, channel } = parts;
  const ledger = createRunLedger(psi.store);
  const schedules = schedulesOf({ ...psi, company: psi.config.company, ledger, teamId, members, channel });
  let open: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    open = resolve;
  });
  const runner = createScheduleRunner({
    ...psi,
    heartbeats,
    schedules,
    teamId,
    ledger,
    holder: thisProcess(),
    random: Math.random,
    failpoint,
    ready,
  });
  const start = () => {
    runner.start();
    open();
  };
  return { runner: { ...runner, start }, runs: createRunStatus({ ...psi, schedules, ledger }) };
}
