import type { Attempt, AttemptRequest } from './attempt.ts';
import { type DunningPlan, type DunningState, planDunning } from './dunning.ts';
import type { AttemptRules } from './network-limits.ts';
import { planRetryTime, type RetryCustomer, type RetryTime } from './retry-time.ts';
import type { SegmentTimes } from './times.ts';

const DAY_MS = 86_400_000;

/** How often and how long a charge is tried by itself. */
export interface RetrySchedule {
  maxTries: number;
  /** Since the payment failed. */
  withinDays: number;
  /** Between two tries. */
  spacingDays: number;
}

/** Fewer tries than Stripe's eight, over longer: a month holds every pay-day once. */
export const DEFAULT_RETRIES: RetrySchedule = { maxTries: 4, withinDays: 28, spacingDays: 3 };

/** Everything about one failed payment: what was tried, what was said, who the customer is. */
export interface RecoveryState {
  dunning: DunningState;
  charge: { history: readonly Attempt[]; request: AttemptRequest; rules?: AttemptRules };
  customer: RetryCustomer;
  segment: SegmentTimes;
  retries: RetrySchedule;
}

export type RecoveryPlan =
  | { kind: 'retry'; chance: number; because: string[] }
  /** A charge has no answer yet: nothing is tried, and nobody is asked for money that may be on its way. */
  | { kind: 'await_answer' }
  | DunningPlan;

/**
 * The one thing to do now for a failed payment: a charge, a message, a restriction, or nothing. Payment, opt-out and
 * holds stop charges and messages alike. A charge that is due goes before a message, which its success would make
 * needless. Asked again at `untilAt` of a wait, and whenever a fact changes; the same facts give the same plan.
 */
export function planRecovery(state: RecoveryState, now: number): RecoveryPlan {
  const plan = planDunning(state.dunning, now);
  if (plan.kind === 'stop' || plan.kind === 'hold') return plan;
  if (state.charge.history.some((attempt) => isOpen(attempt, state.charge.request))) {
    return { kind: 'await_answer' };
  }
  const retry = nextRetry(state, now);
  if (retry === null || retry.at === null) return plan;
  if (retry.at <= now) return { kind: 'retry', chance: retry.chance, because: retry.because };
  if (plan.kind === 'wait') return { ...plan, untilAt: Math.min(plan.untilAt, retry.at) };
  // The ladder may end before the last try is made.
  return plan.kind === 'end' ? { kind: 'wait', untilAt: retry.at, forApproval: false } : plan;
}

function isOpen({ fingerprint, outcome }: Attempt, request: AttemptRequest): boolean {
  return fingerprint === request.fingerprint && (outcome === 'pending' || outcome === 'unknown');
}

/** The next charge by the schedule; null when none is left. */
function nextRetry(state: RecoveryState, now: number): RetryTime | null {
  const { charge, retries, dunning } = state;
  const own = charge.history.filter(
    ({ fingerprint, at }) => fingerprint === charge.request.fingerprint && at > dunning.openedAt,
  );
  // The payment that failed is the first of them.
  const tries = own.filter(({ by }) => by === 'schedule').length;
  if (tries >= retries.maxTries) return null;
  return planRetryTime(charge, state.customer, state.segment, now, {
    untilAt: dunning.openedAt + retries.withinDays * DAY_MS,
    tries: retries.maxTries - tries,
    spacingMs: retries.spacingDays * DAY_MS,
  });
}
