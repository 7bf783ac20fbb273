import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

/** Looks for what needs a look, and stops at the instants at which the clock alone makes it so. */
export function alertWatch(alerts: {
  look(): Promise<void>;
  nextLookAt(): number;
  atInstant(): Promise<void>;
  nextInstantAt(): number | null;
}): Heartbeat[] {
  return [
    defineHeartbeat({
      name: 'alert-instants',
      foldsMissedTurns: false,
      nextDueAt: async () => alerts.nextInstantAt(),
      run: () => alerts.atInstant(),
    }),
    defineHeartbeat({
      name: 'alert-watch',
      foldsMissedTurns: true,
      nextDueAt: async () => alerts.nextLookAt(),
      run: () => alerts.look(),
    }),
  ];
}
