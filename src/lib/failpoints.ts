/** Where a crash matters on the way of an effect. */
export const EFFECT_FAILPOINTS = [
  'approval.decided',
  'effect.intent_recorded',
  'effect.sent',
  'effect.confirmed',
  'approval.applied',
  'card.settled',
] as const;

/** Where a crash matters in a turn of a schedule: `ran` is after its work, before the ledger says done. */
export const SCHEDULE_FAILPOINTS = ['schedule.claimed', 'schedule.ran', 'schedule.done'] as const;

/** Where a crash matters in a run of a skill: `step_done` is after a step's work, before its checkpoint. */
const SKILL_FAILPOINTS = ['skill.step_done', 'skill.parked', 'skill.resumed'] as const;

/**
 * Named places where a crash matters. They do nothing unless the simulation armed one; an armed failpoint ends the
 * process as a power cut would.
 */
export const FAILPOINTS = [...EFFECT_FAILPOINTS, ...SCHEDULE_FAILPOINTS, ...SKILL_FAILPOINTS] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

let armed: Failpoint | null = null;

export function armFailpoint(name: Failpoint | null): void {
  armed = name;
}

export function failpoint(name: Failpoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
