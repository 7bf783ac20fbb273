import { monthlyAmount, type RecurringPrice } from './normalise.ts';
import type { MrrPolicy } from './policy.ts';
import type { SubscriptionState } from './versions.ts';

const LIVE = new Set(['active', 'past_due']);

/** Active or past due: what the billing system has running. */
export function isLive({ status }: Pick<SubscriptionState, 'status'>): boolean {
  return LIVE.has(status);
}

/** Whether what stands at an instant decides alone, so that nothing that led to it need be replayed. */
export function isPlain(policy: MrrPolicy): boolean {
  return (
    policy.churnAt === 'cancel' &&
    policy.pastDueDays === null &&
    policy.trials === 'exclude' &&
    policy.pause !== 'keep' &&
    policy.newWhen === 'start'
  );
}

/** What a live state is worth a month under a plain policy, in its own minor units. */
export function plainWorth(state: SubscriptionState, policy: MrrPolicy): number {
  return monthlyAmount(plainPrice(state, policy));
}

/** What that worth is made of. */
export function plainPrice(state: SubscriptionState, policy: MrrPolicy): RecurringPrice {
  const { unitAmountMinor, quantity, interval, intervalCount } = state;
  const discount = counts(state.discountDuration, policy)
    ? { percent: state.discountPercent, amountMinor: state.discountAmountMinor }
    : null;
  return { unitAmountMinor, quantity, interval, intervalCount, discount };
}

/** Recorded discounts end by a new state of the subscription, so that the one standing now has not ended. */
function counts(duration: string | null, policy: MrrPolicy): boolean {
  switch (policy.discounts) {
    case 'exclude':
      return false;
    case 'include':
      return true;
    case 'recurring_only':
      return duration !== 'once';
    case 'forever_only':
    case 'future_value':
      return duration === 'forever';
  }
}
