import { type Movement, movementsFrom, transitionsOf } from './movements.ts';
import type { MrrPolicy } from './policy.ts';
import type { Transition } from './timeline.ts';
import { type SubscriptionState, timelineOf } from './versions.ts';

/** What a set of subscriptions came to over time under a policy. */
export interface MrrHistory {
  /** By subscription, in order of time. */
  transitions: ReadonlyMap<string, readonly Transition[]>;
  movements: readonly Movement[];
}

/**
 * Replays subscriptions' states under a policy; months are those of `tz`. `inOneCurrency` may restate a change's
 * amount where a customer pays in several currencies, which cannot be added up.
 */
export function historyOf(
  states: readonly SubscriptionState[],
  policy: MrrPolicy,
  options: {
    tz: string;
    firstPaidAt?: ReadonlyMap<string, number> | null;
    inOneCurrency?(transitions: readonly Transition[]): readonly Transition[];
  },
): MrrHistory {
  const events = timelineOf(states, policy, options.firstPaidAt ?? null);
  const all = transitionsOf(events, policy);
  const transitions = new Map<string, Transition[]>();
  for (const transition of all) {
    const own = transitions.get(transition.subscription);
    if (own) own.push(transition);
    else transitions.set(transition.subscription, [transition]);
  }
  const movements = movementsFrom(options.inOneCurrency?.(all) ?? all, policy, options.tz);
  return { transitions, movements };
}

/** What each subscription is worth a month at an instant, in its own minor units; those worth nothing are left out. */
export function worthAt(history: MrrHistory, at: number): Map<string, Transition> {
  const worth = new Map<string, Transition>();
  for (const [subscription, own] of history.transitions) {
    const last = own.findLast((transition) => transition.at <= at);
    if (last && last.monthlyMinor > 0) worth.set(subscription, last);
  }
  return worth;
}
