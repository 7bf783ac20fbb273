import { UserError } from '../../../lib/errors.ts';
import type { ServicePeriod } from '../invoice.ts';
import { type Anchor, anchorAt, anchorIndexAt, type BillingInterval } from './anchor.ts';

/** From `fromAt` on, periods begin on this anchor. */
export interface Anchoring {
  fromAt: number;
  anchor: Anchor;
}

export interface Trial {
  startAt: number;
  endAt: number;
}

/** When a subscription is billed: pure dates, without prices. Built by `subscriptionTerms`. */
export interface SubscriptionTerms {
  interval: BillingInterval;
  startAt: number;
  /** The instant service ends; null while nobody has ended it. */
  endAt: number | null;
  /** In the order of `fromAt`, the first at `startAt`. */
  anchorings: readonly Anchoring[];
  trials: readonly Trial[];
}

export interface Cycle {
  /** What is served and billed. */
  period: ServicePeriod;
  /** The whole interval that `period` is part of, which a price is for; equal to `period` unless cut. */
  whole: ServicePeriod;
  /** In trial nothing is owed. */
  trial: boolean;
}

export interface NewSubscription {
  interval: BillingInterval;
  startAt: number;
  tz: string;
  /** Where periods begin; null: when the subscription does, or at the end of its trial. */
  anchor?: Anchor | null;
  trialEndAt?: number | null;
}

/** The terms of a new subscription. Throws `invalid_input` for a trial that ends before it begins. */
export function subscriptionTerms(given: NewSubscription): SubscriptionTerms {
  const trialEndAt = given.trialEndAt ?? null;
  if (trialEndAt !== null && trialEndAt < given.startAt) {
    throw new UserError('invalid_input', 'A trial cannot end before the subscription begins.');
  }
  const anchor = given.anchor ?? { at: trialEndAt ?? given.startAt, tz: given.tz, day: null };
  return {
    interval: given.interval,
    startAt: given.startAt,
    endAt: null,
    anchorings: [{ fromAt: given.startAt, anchor }],
    trials: trialEndAt === null ? [] : [{ startAt: given.startAt, endAt: trialEndAt }],
  };
}

/** From `fromAt` on, periods begin on another anchor; the period that runs then ends there. Later moves are dropped. */
export function moveAnchor(terms: SubscriptionTerms, fromAt: number, anchor: Anchor): SubscriptionTerms {
  const before = terms.anchorings.filter((anchoring) => anchoring.fromAt < fromAt);
  return { ...terms, anchorings: [...before, { fromAt, anchor }] };
}

/**
 * A trial set on a running subscription: from then on nothing is owed until it ends, and periods begin at its end
 * (Stripe's rule for moving a billing date by a trial).
 */
export function extendByTrial(
  terms: SubscriptionTerms,
  setAt: number,
  trialEndAt: number,
): SubscriptionTerms {
  const tz = anchoringAt(terms, setAt).anchor.tz;
  const moved = moveAnchor(terms, setAt, { at: trialEndAt, tz, day: null });
  return { ...moved, trials: [...terms.trials, { startAt: setAt, endAt: trialEndAt }] };
}

/** Ends service at once, or at the end of the period that runs at `at`. Never later than an end already set. */
export function cancel(
  terms: SubscriptionTerms,
  at: number,
  when: 'at_once' | 'period_end',
): SubscriptionTerms {
  const endAt = when === 'at_once' ? at : (cycleAt(terms, at)?.period.endAt ?? at);
  return { ...terms, endAt: terms.endAt === null ? endAt : Math.min(terms.endAt, endAt) };
}

/** The cycle that runs at an instant; null where there is none. */
export function cycleAt(terms: SubscriptionTerms, at: number): Cycle | null {
  return planCycles(terms, { startAt: at, endAt: at + 1 })[0] ?? null;
}

/**
 * The cycles that overlap `between`, in order and without gap or overlap over the subscription's life. The first may
 * be cut at its beginning (an anchor that lies ahead), the last at its end, and any at a trial or a moved anchor.
 */
export function planCycles(terms: SubscriptionTerms, between: ServicePeriod): Cycle[] {
  const startAt = Math.max(terms.startAt, between.startAt);
  const endAt = Math.min(terms.endAt ?? between.endAt, between.endAt);
  if (startAt >= endAt) return [];
  return stretchesOf(terms)
    .filter((stretch) => stretch.startAt < endAt && startAt < stretch.endAt)
    .flatMap((stretch) => cyclesOf(stretch, terms, { startAt, endAt }))
    .sort((one, other) => one.period.startAt - other.period.startAt);
}

interface Stretch extends ServicePeriod {
  anchor: Anchor;
  trial: boolean;
}

/** The subscription's life, cut where the anchor or the trial changes. */
function stretchesOf(terms: SubscriptionTerms): Stretch[] {
  const endAt = terms.endAt ?? Number.POSITIVE_INFINITY;
  const cuts = [
    ...terms.anchorings.map(({ fromAt }) => fromAt),
    ...terms.trials.flatMap((trial) => [trial.startAt, trial.endAt]),
  ].filter((at) => terms.startAt < at && at < endAt);
  const edges = [terms.startAt, ...new Set(cuts.sort((one, other) => one - other)), endAt];
  return edges.slice(0, -1).map((startAt, index) => ({
    startAt,
    endAt: edges[index + 1] ?? endAt,
    anchor: anchoringAt(terms, startAt).anchor,
    trial: terms.trials.some((trial) => trial.startAt <= startAt && startAt < trial.endAt),
  }));
}

function anchoringAt(terms: SubscriptionTerms, at: number): Anchoring {
  const found = terms.anchorings.findLast(({ fromAt }) => fromAt <= at) ?? terms.anchorings[0];
  if (!found) throw new UserError('invalid_input', 'A subscription needs an anchor for its periods.');
  return found;
}

function cyclesOf(stretch: Stretch, { interval }: SubscriptionTerms, wanted: ServicePeriod): Cycle[] {
  const from = Math.max(stretch.startAt, wanted.startAt);
  const to = Math.min(stretch.endAt, wanted.endAt);
  // A trial is one cycle, whatever its length.
  if (stretch.trial) {
    const period = { startAt: stretch.startAt, endAt: stretch.endAt };
    return [{ period, whole: period, trial: true }];
  }
  const cycles: Cycle[] = [];
  for (let index = anchorIndexAt(stretch.anchor, interval, from); ; index++) {
    const whole = {
      startAt: anchorAt(stretch.anchor, interval, index),
      endAt: anchorAt(stretch.anchor, interval, index + 1),
    };
    if (whole.startAt >= to) return cycles;
    const period = {
      startAt: Math.max(whole.startAt, stretch.startAt),
      endAt: Math.min(whole.endAt, stretch.endAt),
    };
    cycles.push({ period, whole, trial: false });
  }
}
