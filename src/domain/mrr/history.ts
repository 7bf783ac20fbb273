import { transitionsOf } from './movements.ts';
import type { MrrPolicy } from './policy.ts';
import type { Transition } from './timeline.ts';
import { type SubscriptionState, timelineOf } from './versions.ts';

/** What each subscription came to over time under a policy: by subscription, in order of time. */
export type MrrHistory = ReadonlyMap<string, readonly Transition[]>;

/** Replays subscriptions' states under a policy. `firstPaidAt` as in `timelineOf`. */
export function historyOf(
  states: readonly SubscriptionState[],
  policy: MrrPolicy,
  firstPaidAt: ReadonlyMap<string, number> | null = null,
): MrrHistory {
  const history = new Map<string, Transition[]>();
  for (const transition of transitionsOf(timelineOf(states, policy, firstPaidAt), policy)) {
    const own = history.get(transition.subscription);
    if (own) own.push(transition);
    else history.set(transition.subscription, [transition]);
  }
  return history;
}

/** The subscriptions worth something a month at an instant, each in its own minor units. */
export function worthAt(history: MrrHistory, at: number): Transition[] {
  const worth: Transition[] = [];
  for (const own of history.values()) {
    const last = own.findLast((transition) => transition.at <= at);
    if (last && last.monthlyMinor > 0) worth.push(last);
  }
  return worth;
}
