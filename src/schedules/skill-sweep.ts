import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

/** Ends waits that are over, and takes up runs whose process is gone. */
export function skillSweep(runs: { nextDueAt(): number | null; sweep(): Promise<void> }): Heartbeat {
  return defineHeartbeat({
    name: 'skill-sweep',
    foldsMissedTurns: false,
    nextDueAt: async () => runs.nextDueAt(),
    run: () => runs.sweep(),
  });
}
