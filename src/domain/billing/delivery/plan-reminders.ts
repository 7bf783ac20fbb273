import { dateAt, startOfDayAt } from '../../periods/calendar.ts';

/** The steps of the ladder, by the day an invoice is due. */
export const REMINDER_STAGES = ['before_due', 'due', 'late_3', 'late_7', 'late_14'] as const;
export type ReminderStage = (typeof REMINDER_STAGES)[number];

const DAYS: Readonly<Record<ReminderStage, number>> = {
  before_due: -3,
  due: 0,
  late_3: 3,
  late_7: 7,
  late_14: 14,
};
/** After the last step a person decides how to go on; until then it may still be taken. */
const LAST_STAGE_FOR_DAYS = 7;
/** Two mails about the same invoice are never closer. */
const GAP_MS = 2 * 86_400_000;

export interface ReminderFacts {
  /** Stripe's word. */
  status: string;
  /** After payments and credit notes. */
  remainingMinor: number;
  dueAt: number | null;
  disputed: boolean;
  optedOut: boolean;
  /** The address is known not to take mail. */
  suppressed: boolean;
  /** When this invoice was spoken of before: reminders proposed, whatever became of them. */
  spokenOfAt: readonly number[];
}

export interface ReminderPlan {
  /** Why there will be none any more; null while there may be. */
  stopped: string | null;
  /** The step to take now. */
  due: { stage: ReminderStage; at: number } | null;
  /** The one after it. */
  next: { stage: ReminderStage; at: number } | null;
}

/**
 * Where an invoice stands on the ladder: three days before it is due, on the day, and three, seven and fourteen days
 * after, by the days of `tz`. A step that was missed is skipped, not made up for.
 */
export function planReminders(facts: ReminderFacts, nowAt: number, tz: string): ReminderPlan {
  const stopped = whyStopped(facts);
  if (stopped !== null || facts.dueAt === null) return { stopped, due: null, next: null };
  const steps = stepsOf(facts.dueAt, tz);
  const next = steps.find(({ at }) => at > nowAt) ?? null;
  const current = steps.findLast(({ at, untilAt }) => at <= nowAt && nowAt < untilAt);
  if (current === undefined) return { stopped: null, due: null, next };
  const spoken = facts.spokenOfAt.some((at) => at >= current.at || nowAt - at < GAP_MS);
  return { stopped: null, due: spoken ? null : { stage: current.stage, at: current.at }, next };
}

function whyStopped(facts: ReminderFacts): string | null {
  if (facts.status !== 'open') return `the invoice is ${facts.status}`;
  if (facts.remainingMinor <= 0) return 'payments and credit notes cover it';
  if (facts.disputed) return 'a payment of it is disputed';
  if (facts.optedOut) return 'they asked not to be reminded';
  if (facts.suppressed) return 'mail to their address comes back';
  return null;
}

function stepsOf(dueAt: number, tz: string): { stage: ReminderStage; at: number; untilAt: number }[] {
  const day = dateAt(dueAt, tz);
  const startOf = (days: number) => startOfDayAt(day.add({ days }), tz);
  return REMINDER_STAGES.map((stage, index) => {
    const after = REMINDER_STAGES[index + 1];
    const until = after === undefined ? DAYS[stage] + LAST_STAGE_FOR_DAYS : DAYS[after];
    return { stage, at: startOf(DAYS[stage]), untilAt: startOf(until) };
  });
}
