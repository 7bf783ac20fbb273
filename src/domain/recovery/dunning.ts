import { SERVICE_LEVELS, type ServiceLevel } from '../billing/gateways.ts';
import type { Ladder, LadderStep, Restriction } from './ladder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const HOLDS = ['dispute', 'incident', 'person'] as const;
export type HoldReason = (typeof HOLDS)[number];

/** A span in which nothing happens: an open dispute, an incident of ours, a person's word. Open while `endAt` is null. */
export interface Hold {
  why: HoldReason;
  startAt: number;
  endAt: number | null;
}

/** Everything that is known of one customer's dunning; facts only, so that the plan can be computed anew at any time. */
export interface DunningState {
  ladder: Ladder;
  /** When the first payment failed that is still open. */
  openedAt: number;
  done: readonly { stepId: string; at: number }[];
  /** Changes of the service's level, oldest first. */
  restrictions: readonly { level: ServiceLevel; at: number }[];
  /** The preview people saw before anything is taken away. */
  rehearsal: { shownAt: number; approvedAt: number | null } | null;
  /** When nothing was owed any more. */
  paidAt: number | null;
  /** When the customer asked not to be written to. */
  optedOutAt: number | null;
  holds: readonly Hold[];
  consents: { sms: boolean; phone: boolean };
}

export type DunningPlan =
  /** It is over. `restore` is to be done at once when something was taken away. */
  | { kind: 'stop'; why: 'paid' | 'opted_out'; restore: boolean }
  | { kind: 'hold'; why: HoldReason }
  | { kind: 'contact'; step: LadderStep }
  /** Show what would be taken away and when, and ask for approval. */
  | { kind: 'rehearse'; firstAt: number }
  | { kind: 'restrict'; level: Restriction }
  /** `forApproval`: restrictions stand still until somebody approves the rehearsal. */
  | { kind: 'wait'; untilAt: number; forApproval: boolean }
  /** The ladder is at its end: a person decides. */
  | { kind: 'end' };

/**
 * The one thing to do for a customer at an instant. Payment, opt-out and holds are asked before anything else; then
 * restrictions, since they need notice, then the next message. Two things the customer notices are never closer than
 * the ladder's gap, so that a start after a week of silence does not send a week's messages at once. Time under a hold
 * does not count.
 */
export function planDunning(state: DunningState, now: number): DunningPlan {
  const stopped = stopOf(state, now);
  if (stopped) return stopped;
  const restriction = nextRestriction(state, now);
  const candidates = candidatesOf(state, restriction, now);
  const due = candidates.find(({ at }) => at <= now);
  if (due) return due.plan;
  const forApproval = restriction !== null && state.rehearsal !== null && !restriction.approved;
  return { kind: 'wait', untilAt: Math.min(...candidates.map(({ at }) => at)), forApproval };
}

/** What may come next and when, the most pressing first; never empty. */
function candidatesOf(
  state: DunningState,
  restriction: NextRestriction | null,
  now: number,
): { at: number; plan: DunningPlan }[] {
  const { ladder, rehearsal } = state;
  const freeAt = lastNoticedAt(state) + ladder.gapHours * HOUR_MS;
  const step = nextStep(state);
  const candidates: { at: number; plan: DunningPlan }[] = [];
  if (restriction && rehearsal === null) {
    const firstAt = Math.max(restriction.at, now + ladder.noticeDays * DAY_MS);
    candidates.push({ at: restriction.rehearseAt, plan: { kind: 'rehearse', firstAt } });
  }
  if (restriction?.approved) {
    const plan: DunningPlan = { kind: 'restrict', level: restriction.level };
    candidates.push({ at: Math.max(restriction.at, freeAt), plan });
  }
  if (step) {
    const dueAt = instantAfter(state, step.afterDays, now);
    candidates.push({ at: Math.max(dueAt, freeAt), plan: { kind: 'contact', step } });
  }
  if (!step && !restriction?.approved) {
    candidates.push({ at: instantAfter(state, ladder.endDays, now), plan: { kind: 'end' } });
  }
  return candidates;
}

interface NextRestriction {
  level: Restriction;
  at: number;
  rehearseAt: number;
  approved: boolean;
}

function stopOf(state: DunningState, now: number): DunningPlan | null {
  if (state.paidAt !== null && state.paidAt <= now) {
    return { kind: 'stop', why: 'paid', restore: levelOf(state) !== 'full' };
  }
  const hold = HOLDS.find((why) => state.holds.some((one) => one.why === why && isOpen(one, now)));
  if (hold) return { kind: 'hold', why: hold };
  if (state.optedOutAt !== null && state.optedOutAt <= now) {
    return { kind: 'stop', why: 'opted_out', restore: false };
  }
  return null;
}

function isOpen(hold: Hold, now: number): boolean {
  return hold.startAt <= now && (hold.endAt === null || now < hold.endAt);
}

/** The level the service is at. */
export function levelOf(state: Pick<DunningState, 'restrictions'>): ServiceLevel {
  return state.restrictions.at(-1)?.level ?? 'full';
}

function lastNoticedAt(state: DunningState): number {
  const instants = [...state.done, ...state.restrictions].map(({ at }) => at);
  return Math.max(Number.NEGATIVE_INFINITY, ...instants);
}

/** The first step that is neither done nor lacks the customer's consent. */
function nextStep(state: DunningState): LadderStep | null {
  const done = new Set(state.done.map(({ stepId }) => stepId));
  return state.ladder.steps.find((step) => !done.has(step.id) && consented(step, state.consents)) ?? null;
}

function consented({ channel }: LadderStep, consents: DunningState['consents']): boolean {
  if (channel === 'sms_task') return consents.sms;
  return channel !== 'phone_task' || consents.phone;
}

function nextRestriction(state: DunningState, now: number): NextRestriction | null {
  const { ladder, rehearsal } = state;
  const reached = SERVICE_LEVELS.indexOf(levelOf(state));
  const next = ladder.restrictions.find(({ level }) => SERVICE_LEVELS.indexOf(level) > reached);
  if (!next) return null;
  const plannedAt = instantAfter(state, next.afterDays, now);
  const noticedAt = rehearsal === null ? 0 : rehearsal.shownAt + ladder.noticeDays * DAY_MS;
  return {
    level: next.level,
    at: Math.max(plannedAt, noticedAt),
    rehearseAt: plannedAt - ladder.noticeDays * DAY_MS,
    approved: rehearsal !== null && rehearsal.approvedAt !== null && rehearsal.approvedAt <= now,
  };
}

/**
 * The instant at which so many days have passed since the payment failed, leaving out all holds. A hold that is open
 * now counts up to now.
 */
export function instantAfter(
  state: Pick<DunningState, 'openedAt' | 'holds'>,
  days: number,
  now: number,
): number {
  let at = state.openedAt + days * DAY_MS;
  for (const { startAt, endAt } of joined(state.holds, state.openedAt, now)) {
    if (startAt > at) break;
    at += endAt - startAt;
  }
  return at;
}

/** Holds as spans that do not overlap, in order, none before `fromAt`. */
function joined(holds: readonly Hold[], fromAt: number, now: number): { startAt: number; endAt: number }[] {
  const spans = holds
    .map(({ startAt, endAt }) => ({
      startAt: Math.max(startAt, fromAt),
      endAt: endAt ?? Math.max(now, startAt),
    }))
    .filter(({ startAt, endAt }) => endAt > startAt)
    .sort((one, other) => one.startAt - other.startAt);
  const result: { startAt: number; endAt: number }[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && span.startAt <= last.endAt) last.endAt = Math.max(last.endAt, span.endAt);
    else result.push({ ...span });
  }
  return result;
}
