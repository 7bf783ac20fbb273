import { add, exact, fraction, multiply, negate } from '../../money/exact.ts';
import type { Money } from '../../types.ts';
import type { OfferedPrice, OutsideSubscription } from '../gateways.ts';
import { VENDOR_CONVENTIONS } from '../vendor-conventions.ts';
import { prorateInAdvance } from './plan-changes.ts';

/**
 * What a change of price or quantity bills for the rest of the period, by whole seconds from `at` on: the unused time
 * of what it was, the remaining time of what it is to be. `percentOff`: what coupons take off both. Nothing in a trial.
 */
export function changeLines(
  subscription: OutsideSubscription,
  to: { price: OfferedPrice; quantity: number },
  at: number,
  percentOff: string,
): Money[] {
  if (subscription.trialEndAt !== null && subscription.trialEndAt > at) return [];
  const kept = add(exact(100n), negate(exact(percentOff)));
  const charge = (price: { id: string; unitAmount: Money }, quantity: number) => ({
    priceId: price.id,
    name: price.id,
    kind: 'base' as const,
    quantity: exact(BigInt(quantity)),
    amountMinor: multiply(fraction(BigInt(price.unitAmount.minor) * BigInt(quantity), 100n), kept),
    prorated: true,
  });
  const before = charge(
    { id: subscription.priceId, unitAmount: subscription.unitAmount },
    subscription.quantity,
  );
  const after = charge(to.price, to.quantity);
  const samePrice = before.priceId === after.priceId;
  const changes = [
    { at, sequence: 1, priceId: after.priceId, charge: after },
    ...(samePrice ? [] : [{ at, sequence: 1, priceId: before.priceId, charge: null }]),
  ];
  const lines = prorateInAdvance({
    subscriptionId: subscription.id,
    whole: subscription.period,
    served: subscription.period,
    initial: [before],
    changes,
    rule: VENDOR_CONVENTIONS.stripe.proration,
    tz: 'UTC',
  });
  const { currency } = subscription.unitAmount;
  return lines.map((line) => ({ minor: Number(line.amountMinor), currency }));
}
