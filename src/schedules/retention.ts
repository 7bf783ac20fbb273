import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Conversations are remembered this long. */
export const REMEMBERED_MS = 90 * DAY_MS;

/** Once a day, and after every start, forgets conversations whose time is over. Doing it twice changes nothing. */
export function retention(parts: {
  memory: { prune(beforeAt: number): Promise<{ rows: number }> };
  clock: Clock;
  logger: Logger;
}): Heartbeat {
  const { memory, clock, logger } = parts;
  let dueAt = 0;
  return defineHeartbeat({
    name: 'retention',
    foldsMissedTurns: true,
    nextDueAt: async () => dueAt,
    run: async () => {
      const nowAt = clock.now();
      const { rows } = await memory.prune(nowAt - REMEMBERED_MS);
      dueAt = nowAt + DAY_MS;
      if (rows > 0) logger.info({ rows }, 'forgot conversations older than 90 days');
    },
  });
}
