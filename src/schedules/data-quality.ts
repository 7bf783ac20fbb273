import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

const EVERY_MS = 15 * 60_000;

/** Checks what the sources brought, four times an hour. */
export function dataQuality(checks: { run(): Promise<unknown>; checkedAt(): number | null }): Heartbeat {
  return defineHeartbeat({
    name: 'data-quality',
    foldsMissedTurns: true,
    nextDueAt: async () => (checks.checkedAt() ?? -EVERY_MS) + EVERY_MS,
    run: async () => {
      await checks.run();
    },
  });
}
