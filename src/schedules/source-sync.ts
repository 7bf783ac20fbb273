import type { SyncedSources } from '../domain/sync.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

/** Reads every source at its own rate, and takes up webhooks that could not be worked in before. */
export function sourceSync(
  sources: Pick<SyncedSources, 'poll' | 'nextPollAt'>,
  webhooks: { takeUp(): Promise<void> },
): Heartbeat {
  return defineHeartbeat({
    name: 'source-sync',
    foldsMissedTurns: true,
    nextDueAt: async () => sources.nextPollAt(),
    run: async () => {
      await webhooks.takeUp();
      await sources.poll();
    },
  });
}
