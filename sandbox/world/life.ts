import { DAY } from './calendar.ts';
import type { DutyKind } from './queue.ts';
import { chance } from './random.ts';
import type { CustomerRecord, SubscriptionRecord } from './records.ts';
import type { SimulatedWorld, Temper } from './simulated-world.ts';

export interface Planned {
  at: number;
  kind: DutyKind;
  subject: string;
}

/** Chances in a month of a paid subscription. */
const LIFE: Record<string, { leaves: number; upgrades: number; downgrades: number }> = {
  starter: { leaves: 0.032, upgrades: 0.022, downgrades: 0 },
  growth: { leaves: 0.02, upgrades: 0.014, downgrades: 0.007 },
  scale: { leaves: 0.011, upgrades: 0.006, downgrades: 0.006 },
  enterprise: { leaves: 0.004, upgrades: 0, downgrades: 0.003 },
};
const ASKS_A_MONTH = 0.13;

/** The bad quarter: fewer came and more left. */
export function inDip(anchorNow: number, at: number): boolean {
  const daysAgo = (anchorNow - at) / DAY;
  return daysAgo > 165 && daysAgo < 255;
}

/** What will come of the period a subscription has just begun: it may ask, grow, shrink, or say it is leaving. */
export function lifeOf(world: SimulatedWorld, subscription: SubscriptionRecord): Planned[] {
  const { id, customerId, currentPeriodStartAt: from, currentPeriodEndAt: to } = subscription;
  const draw = chance(world.anchor.seed, 'life', `${id}/${from}`);
  const months = (to - from) / (30 * DAY);
  const moment = () => Math.floor(from + (to - from) * draw.between(0.1, 0.9));
  const planned: Planned[] = [];
  const odds = LIFE[subscription.plan];
  const asks = draw.happens(ASKS_A_MONTH * Math.min(months, 4));
  if (asks) planned.push({ at: moment(), kind: 'ticket_open', subject: customerId });
  if (!odds || subscription.status === 'trialing' || world.temperOf(customerId)?.steady) return planned;
  const dice = draw.next();
  const leaves = odds.leaves * months * (inDip(world.anchor.now, from) ? 2.4 : 1);
  const upgrades = leaves + odds.upgrades * months;
  if (dice < leaves) planned.push({ at: moment(), kind: 'cancel_notice', subject: id });
  else if (dice < upgrades) planned.push({ at: moment(), kind: 'upgrade', subject: id });
  else if (dice < upgrades + odds.downgrades * months)
    planned.push({ at: moment(), kind: 'downgrade', subject: id });
  return planned;
}

/** How a customer pays its sent invoices; null: its card is charged. */
export function transferOf(world: SimulatedWorld, customer: CustomerRecord): Temper['transfer'] {
  const temper = world.temperOf(customer.id);
  if (temper) return temper.transfer;
  if (customer.segment !== 'enterprise') return null;
  const draw = chance(world.anchor.seed, 'transfer', customer.id);
  return draw.weighted([
    [null, 40],
    ['punctual', 38],
    ['late', 18],
    ['never', 4],
  ]);
}

/** Whether a trial becomes a paid subscription when it ends; without a card it cannot. */
export function converts(world: SimulatedWorld, customer: CustomerRecord): boolean {
  if (customer.paymentMethodId === null) return false;
  const told = world.temperOf(customer.id)?.converts;
  return told ?? chance(world.anchor.seed, 'converts', customer.id).happens(0.74);
}
