import { type Plan, planAbove, planBelow, priceId } from './plans.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import { changeSubscription } from './subscription-operations.ts';

/** Moves a subscription one plan up or down at list price, where there is one and it is in good standing. */
export function movePlan(world: SimulatedWorld, id: string, way: 'up' | 'down'): void {
  const subscription = world.get('subscriptions', id);
  if (subscription?.status !== 'active' || subscription.cancelAt !== null) return;
  const plan: Plan | null = way === 'up' ? planAbove(subscription.plan) : planBelow(subscription.plan);
  if (!plan) return;
  changeSubscription(world, id, {
    priceId: priceId(plan, subscription.currency, subscription.interval),
    quantity: 1,
  });
}
