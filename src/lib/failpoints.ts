/**
 * Named places on the effect path where a crash matters. They do nothing unless the simulation armed one;
 * an armed failpoint ends the process as a power cut would.
 */
export const FAILPOINTS = [
  'approval.decided',
  'effect.intent_recorded',
  'effect.sent',
  'effect.confirmed',
  'approval.applied',
  'card.settled',
  'skill.step_done',
  'skill.parked',
  'skill.resumed',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

let armed: Failpoint | null = null;

export function armFailpoint(name: Failpoint | null): void {
  armed = name;
}

export function failpoint(name: Failpoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
