import { nextSweepAt } from '../domain/sweep-times.ts';
import type { SyncedSources } from '../domain/sync.ts';
import type { SourceName } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

/** Compares every source with the store once a night, and checks the data afterwards. */
export function sourceSweep(parts: {
  sources: Pick<SyncedSources, 'sweep' | 'lastSweeps' | 'connected' | 'drifting'>;
  checks: { run(): Promise<unknown> };
  clock: Clock;
  tz: string;
}): Heartbeat {
  const { sources, checks, clock, tz } = parts;
  let beganAt = Number.POSITIVE_INFINITY;

  function dueAt(source: SourceName): number {
    const last = sources.lastSweeps().find((report) => report.source === source);
    const lastAt = last?.startedAt ?? null;
    const unfinished = (last?.error ?? null) !== null;
    // A simulated clock may be set back once, when it is joined.
    beganAt = Math.min(beganAt, clock.now());
    return nextSweepAt({ lastAt, beganAt, drifting: sources.drifting(source), unfinished }, tz);
  }

  return defineHeartbeat({
    name: 'source-sweep',
    foldsMissedTurns: true,
    nextDueAt: async () => {
      const instants = sources.connected().map(dueAt);
      return instants.length === 0 ? null : Math.min(...instants);
    },
    run: async () => {
      const due = sources.connected().filter((source) => dueAt(source) <= clock.now());
      if (due.length === 0) return;
      await sources.sweep(due);
      await checks.run();
    },
  });
}
