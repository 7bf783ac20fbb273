import type { SyncedSources } from '../domain/sync.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

const EVERY_MS = 15 * 60_000;

/** Checks what the sources brought, four times an hour, and whenever a sweep may have mended something. */
export function dataQuality(
  checks: { run(): Promise<unknown>; checkedAt(): number | null },
  sources: Pick<SyncedSources, 'lastSweeps'>,
): Heartbeat {
  return defineHeartbeat({
    name: 'data-quality',
    foldsMissedTurns: true,
    nextDueAt: async () => {
      const checkedAt = checks.checkedAt();
      if (checkedAt === null) return 0;
      const swept = sources.lastSweeps().map(({ endedAt }) => endedAt);
      const unchecked = swept.filter((endedAt) => endedAt > checkedAt);
      return Math.min(checkedAt + EVERY_MS, ...unchecked);
    },
    run: async () => {
      await checks.run();
    },
  });
}
