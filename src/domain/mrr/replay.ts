import { UserError } from '../../lib/errors.ts';
import { divideHalfUp, toSafeMinor } from '../money/arithmetic.ts';
import { exact } from '../money/exact.ts';
import { shiftInstant } from '../periods/calendar.ts';
import { monthlyAmount } from './normalise.ts';
import type { MrrPolicy } from './policy.ts';
import type { Cause, Discount, StartEvent, TimelineEvent, Transition } from './timeline.ts';

const DAY_MS = 86_400_000;

interface State {
  start: StartEvent;
  unitAmountMinor: number;
  quantity: number;
  interval: string;
  intervalCount: number;
  discount: Discount | null;
  meteredMinor: number;
  /** Paying at all: after the trial and the first paid invoice. */
  countsFromAt: number | null;
  pastDueSince: number | null;
  paused: boolean;
  /** Why it ended; a late payment mends what lateness alone ended. */
  ended: 'cancel' | 'past_due' | null;
}

/** Something due later because of an earlier event. */
interface Due {
  at: number;
  kind: 'begin' | 'discount_over' | 'cancel' | 'past_due' | 'pause';
  /** The discount or failure it belongs to: replaced or mended ones are void. */
  of: Discount | number | null;
}

/** One subscription's amounts over time under a policy. Throws `invalid_input` for an event before the start. */
export function replaySubscription(events: readonly TimelineEvent[], policy: MrrPolicy): Transition[] {
  const queue = [...events].sort((a, b) => a.at - b.at);
  const due: Due[] = [];
  const transitions: Transition[] = [];
  let state: State | null = null;
  const record = (at: number, cause: Cause) => {
    if (state) push(transitions, state, at, cause, policy);
  };
  const settleUntil = (at: number) => {
    for (;;) {
      due.sort((a, b) => a.at - b.at);
      const next = due[0];
      if (!state || !next || next.at > at) return;
      due.shift();
      const cause = applyDue(state, next);
      if (cause) record(next.at, cause);
    }
  };
  for (const event of queue) {
    if (event.type === 'start') {
      settleUntil(event.at - 1);
      // What an earlier run still had coming is void: begun anew before its service was over, it never lapsed.
      due.length = 0;
      state = begin(event, policy);
      due.push({ at: state.countsFromAt ?? Number.POSITIVE_INFINITY, kind: 'begin', of: null });
      due.push(...discountEnd(state, event.discount, event.at, policy));
      settleUntil(event.at);
      continue;
    }
    settleUntil(event.at);
    if (!state) throw unstarted(event);
    const { cause, later } = applyEvent(state, event, policy);
    due.push(...later);
    if (cause) record(event.at, cause);
    settleUntil(event.at);
  }
  settleUntil(Number.MAX_SAFE_INTEGER);
  return transitions;
}

function unstarted(event: TimelineEvent): UserError {
  return new UserError(
    'invalid_input',
    `Subscription ${event.subscription} has a ${event.type} before its start.`,
  );
}

function begin(event: StartEvent, policy: MrrPolicy): State {
  const paidAt = policy.newWhen === 'first_invoice_paid' ? event.firstInvoicePaidAt : undefined;
  const trialEndAt = policy.trials === 'include' ? null : event.trialEndAt;
  const fromAt = Math.max(event.at, trialEndAt ?? event.at);
  return {
    start: event,
    unitAmountMinor: event.unitAmountMinor,
    quantity: event.quantity,
    interval: event.interval,
    intervalCount: event.intervalCount,
    discount: event.discount,
    meteredMinor: 0,
    countsFromAt: paidAt === undefined ? fromAt : paidAt === null ? null : Math.max(fromAt, paidAt),
    pastDueSince: null,
    paused: false,
    ended: null,
  };
}

function applyEvent(
  state: State,
  event: Exclude<TimelineEvent, StartEvent>,
  policy: MrrPolicy,
): { cause: Cause | null; later: Due[] } {
  switch (event.type) {
    case 'change':
      state.unitAmountMinor = event.unitAmountMinor ?? state.unitAmountMinor;
      state.quantity = event.quantity ?? state.quantity;
      state.interval = event.interval ?? state.interval;
      state.intervalCount = event.intervalCount ?? state.intervalCount;
      return { cause: 'change', later: [] };
    case 'cancel':
      return { cause: null, later: [{ at: cancelledAt(event, policy), kind: 'cancel', of: null }] };
    case 'discount_add':
      state.discount = event.discount;
      return { cause: 'change', later: discountEnd(state, event.discount, event.at, policy) };
    case 'discount_end':
      state.discount = null;
      return { cause: 'change', later: [] };
    case 'payment_failed':
      return { cause: null, later: failure(state, event.at, policy) };
    case 'payment_succeeded':
      state.pastDueSince = null;
      if (state.ended === 'past_due') state.ended = null;
      return { cause: 'change', later: [] };
    case 'pause':
      if (policy.pause === 'keep') return { cause: null, later: [] };
      return { cause: null, later: [{ at: Math.max(event.at, event.effectiveAt), kind: 'pause', of: null }] };
    case 'resume':
      state.paused = false;
      return { cause: 'change', later: [] };
    case 'metered_usage':
      if (policy.metered === 'exclude' || !event.recurring) return { cause: null, later: [] };
      state.meteredMinor = event.amountMinor;
      return { cause: 'change', later: [] };
    case 'no_effect':
      return { cause: null, later: [] };
  }
}

function cancelledAt(event: Extract<TimelineEvent, { type: 'cancel' }>, policy: MrrPolicy): number {
  const serviceEndAt = Math.max(event.at, event.servicePeriodEndAt ?? event.at);
  if (policy.churnAt === 'on_schedule') return event.at;
  if (policy.churnAt === 'service_period_end' || event.effective === 'period_end') return serviceEndAt;
  return event.at;
}

/** The first failure of a run starts the clock; further ones do not restart it. */
function failure(state: State, at: number, policy: MrrPolicy): Due[] {
  if (policy.pastDueDays === null || state.pastDueSince !== null) return [];
  state.pastDueSince = at;
  return [{ at: at + policy.pastDueDays * DAY_MS, kind: 'past_due', of: at }];
}

function applyDue(state: State, due: Due): Cause | null {
  switch (due.kind) {
    case 'begin':
      return 'start';
    case 'discount_over':
      if (state.discount !== due.of) return null;
      state.discount = null;
      return 'change';
    case 'cancel':
      state.ended = 'cancel';
      return 'cancel';
    case 'past_due':
      if (state.pastDueSince !== due.of) return null;
      if (state.ended === null) state.ended = 'past_due';
      return 'past_due';
    case 'pause':
      state.paused = true;
      return 'pause';
  }
}

function monthsOf(state: Pick<State, 'interval' | 'intervalCount'>): number {
  const months = { month: 1, year: 12 }[state.interval];
  return (months ?? 0) * state.intervalCount;
}

/** A finite discount that counts while it lasts is over after its months, or after one bill. */
function discountEnd(state: State, discount: Discount | null, at: number, policy: MrrPolicy): Due[] {
  if (!discount || discount.duration === 'forever' || !discountCounts(state, discount, policy)) return [];
  if (discount.endsByEvent) return [];
  const months = discount.duration === 'once' ? monthsOf(state) : (discount.months ?? monthsOf(state));
  return [{ at: shiftInstant(at, 'UTC', 'month', months), kind: 'discount_over', of: discount }];
}

function discountCounts(state: State, discount: Discount, policy: MrrPolicy): boolean {
  switch (policy.discounts) {
    case 'exclude':
      return false;
    case 'include':
      return true;
    case 'forever_only':
    case 'future_value':
      return discount.duration === 'forever';
    case 'recurring_only':
      return (
        discount.duration === 'forever' ||
        (discount.duration === 'repeating' &&
          (discount.endsByEvent || (discount.months ?? 0) > monthsOf(state)))
      );
  }
}

function push(transitions: Transition[], state: State, at: number, cause: Cause, policy: MrrPolicy): void {
  const counts = state.countsFromAt !== null && at >= state.countsFromAt && !state.ended && !state.paused;
  const monthlyMinor = counts ? worth(state, policy) : 0;
  const { customer, subscription } = state.start;
  if ((transitions.at(-1)?.monthlyMinor ?? 0) === monthlyMinor) return;
  transitions.push({ at, customer, subscription, monthlyMinor, cause });
}

function worth(state: State, policy: MrrPolicy): number {
  const { discount } = state;
  const counted = discount && discountCounts(state, discount, policy) ? discount : null;
  const monthly = monthlyAmount({
    unitAmountMinor: state.unitAmountMinor,
    quantity: state.quantity,
    interval: state.interval,
    intervalCount: state.intervalCount,
    discount: counted,
  });
  return withoutTax(monthly, state.start.includedTaxPercent) + state.meteredMinor;
}

function withoutTax(minor: number, percent: string | null): number {
  if (percent === null) return minor;
  const { numerator, denominator } = exact(percent);
  const hundred = 100n * denominator;
  return toSafeMinor(divideHalfUp(BigInt(minor) * hundred, hundred + numerator));
}
