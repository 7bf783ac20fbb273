import { shiftInstant } from '../periods/calendar.ts';
import type { MrrPolicy } from './policy.ts';
import type { Discount, StartEvent, TimelineEvent } from './timeline.ts';

/** One state a subscription was in, from `validFrom` until before `validTo`. */
export interface SubscriptionState {
  customerId: string;
  subscriptionId: string;
  status: string;
  unitAmountMinor: number;
  quantity: number;
  interval: string;
  intervalCount: number;
  discountPercent: string | null;
  discountAmountMinor: number | null;
  discountDuration: string | null;
  cancelAt: number | null;
  validFrom: number;
  validTo: number | null;
}

type Standing = 'none' | 'trial' | 'live' | 'late' | 'paused';

const STANDINGS: ReadonlyMap<string, Standing> = new Map([
  ['trialing', 'trial'],
  ['active', 'live'],
  ['past_due', 'late'],
  ['paused', 'paused'],
]);

/** What a status means for MRR: unpaid, incomplete and ended subscriptions are none. */
export function standingOf(status: string): Standing {
  return STANDINGS.get(status) ?? 'none';
}

/**
 * The states of any number of subscriptions as events that the policies replay. States of no length are left out;
 * a gap between two states is an end and a new start. `firstPaidAt` tells when a subscription's first invoice was
 * paid, for the policies that begin to count there.
 */
export function timelineOf(
  states: readonly SubscriptionState[],
  policy: MrrPolicy,
  firstPaidAt: ReadonlyMap<string, number> | null = null,
): TimelineEvent[] {
  const bySubscription = new Map<string, SubscriptionState[]>();
  for (const state of states) {
    if (state.validTo !== null && state.validTo <= state.validFrom) continue;
    const known = bySubscription.get(state.subscriptionId);
    if (known) known.push(state);
    else bySubscription.set(state.subscriptionId, [state]);
  }
  const options = { policy, firstPaidAt };
  return [...bySubscription.values()].flatMap((own) =>
    eventsOf(
      own.sort((a, b) => a.validFrom - b.validFrom),
      options,
    ),
  );
}

interface Options {
  policy: MrrPolicy;
  firstPaidAt: ReadonlyMap<string, number> | null;
}

/** What was so before a state began: null where nothing counted. */
type Before = { state: SubscriptionState; anchorAt: number; announced: boolean } | null;

function eventsOf(states: readonly SubscriptionState[], options: Options): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  let before: Before = null;
  for (const state of states) {
    const gapAt = before?.state.validTo ?? null;
    if (before && gapAt !== null && gapAt < state.validFrom) {
      if (!before.announced) events.push(endOf(before, gapAt));
      before = null;
    }
    before = step(events, before, state, options);
  }
  const last = before?.state.validTo ?? null;
  if (before && last !== null && !before.announced) events.push(endOf(before, last));
  return events;
}

function step(events: TimelineEvent[], before: Before, state: SubscriptionState, options: Options): Before {
  const standing = standingOf(state.status);
  const waits = standing === 'trial' && options.policy.trials === 'exclude';
  if (standing === 'none' || waits) {
    if (before && !before.announced) events.push(endOf(before, state.validFrom));
    return null;
  }
  const announces = options.policy.churnAt === 'on_schedule' && state.cancelAt !== null;
  const begins = before === null || (before.announced && !announces);
  const anchorAt = before?.anchorAt ?? state.validFrom;
  if (begins) events.push(startOf(state, options), ...standingEvents('live', state));
  else if (before) events.push(...changes(before.state, state));
  if (announces && !(before?.announced ?? false)) {
    const end = { type: 'cancel', effective: 'period_end', servicePeriodEndAt: state.cancelAt } as const;
    events.push({ ...ofState(state), ...end });
  }
  return { state, anchorAt, announced: announces };
}

function ofState(state: SubscriptionState) {
  return { at: state.validFrom, customer: state.customerId, subscription: state.subscriptionId };
}

function startOf(state: SubscriptionState, { firstPaidAt }: Options): StartEvent {
  const { unitAmountMinor, quantity, interval, intervalCount } = state;
  return {
    ...ofState(state),
    type: 'start',
    unitAmountMinor,
    quantity,
    interval,
    intervalCount,
    discount: discountOf(state),
    trialEndAt: null,
    ...(firstPaidAt === null ? {} : { firstInvoicePaidAt: firstPaidAt.get(state.subscriptionId) ?? null }),
    includedTaxPercent: null,
  };
}

function discountOf(state: SubscriptionState): Discount | null {
  const { discountPercent: percent, discountAmountMinor: amountMinor, discountDuration } = state;
  if (percent === null && amountMinor === null) return null;
  const duration =
    discountDuration === 'forever' || discountDuration === 'once' ? discountDuration : 'repeating';
  return { percent, amountMinor, duration, months: null, endsByEvent: true };
}

function changes(before: SubscriptionState, state: SubscriptionState): TimelineEvent[] {
  const of = ofState(state);
  const events: TimelineEvent[] = [];
  const discount = discountOf(state);
  if (JSON.stringify(discount) !== JSON.stringify(discountOf(before))) {
    events.push(discount ? { ...of, type: 'discount_add', discount } : { ...of, type: 'discount_end' });
  }
  const { unitAmountMinor, quantity, interval, intervalCount } = state;
  events.push({ ...of, type: 'change', unitAmountMinor, quantity, interval, intervalCount });
  return [...events, ...standingEvents(standingOf(before.status), state)];
}

/** Late is a failed payment, live again a payment that came; a pause begins and ends as it is recorded. */
function standingEvents(from: Standing, state: SubscriptionState): TimelineEvent[] {
  const to = standingOf(state.status);
  const of = ofState(state);
  if (from === to) return [];
  const events: TimelineEvent[] = [];
  if (from === 'paused') events.push({ ...of, type: 'resume' });
  if (from === 'late') events.push({ ...of, type: 'payment_succeeded' });
  if (to === 'paused') events.push({ ...of, type: 'pause', effectiveAt: of.at });
  if (to === 'late') events.push({ ...of, type: 'payment_failed' });
  return events;
}

/** The end as the billing system has it; what was not paid for gives no service until its period is over. */
function endOf(before: NonNullable<Before>, at: number): TimelineEvent {
  const { state, anchorAt } = before;
  const unpaid = standingOf(state.status) === 'late';
  return {
    ...ofState(state),
    at,
    type: 'cancel',
    effective: 'immediate',
    servicePeriodEndAt: unpaid ? null : serviceEndAt(state, anchorAt, at),
  };
}

/** The end of the billing period that holds the instant, counted from the anchor so that a 31st comes back. */
function serviceEndAt(state: SubscriptionState, anchorAt: number, at: number): number {
  if (state.cancelAt !== null) return state.cancelAt;
  const months = { month: 1, year: 12 }[state.interval] ?? 1;
  const length = months * state.intervalCount;
  const passed = Math.floor((at - anchorAt) / (30.436875 * 86_400_000) / length);
  for (let count = Math.max(0, passed - 1); ; count += 1) {
    const endAt = shiftInstant(anchorAt, 'UTC', 'month', count * length);
    if (endAt >= at) return endAt;
  }
}
