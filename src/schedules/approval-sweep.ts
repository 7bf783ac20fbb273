import type { Door } from '../approvals/types.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

/** Expires, reminds, escalates and recovers approvals, each at its own instant. */
export function approvalSweep(door: Pick<Door, 'sweep' | 'nextDueAt'>): Heartbeat {
  return defineHeartbeat({
    name: 'approval-sweep',
    foldsMissedTurns: false,
    nextDueAt: () => door.nextDueAt(),
    run: () => door.sweep(),
  });
}
