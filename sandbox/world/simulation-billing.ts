import { DAY } from './calendar.ts';
import { placeOf } from './geography.ts';
import { markUncollectible, voidInvoice } from './invoice-operations.ts';
import { converts, transferOf } from './life.ts';
import { mustGet } from './lookup.ts';
import { attemptInvoicePayment, payInvoice } from './payment-operations.ts';
import { chance } from './random.ts';
import type { ChargeRecord } from './records.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import { cancelSubscription, hasEnded, renewSubscription } from './subscription-operations.ts';

/** A period is over: the subscription ends as planned, a trial becomes paid or not, or the next period is billed. */
export function endOfPeriod(world: SimulatedWorld, id: string, at: number): void {
  const subscription = mustGet(world, 'subscriptions', id);
  if (hasEnded(subscription) || subscription.currentPeriodEndAt !== at) return;
  const customer = mustGet(world, 'customers', subscription.customerId);
  if (subscription.cancelAtPeriodEnd || (subscription.status === 'trialing' && !converts(world, customer))) {
    cancelSubscription(world, id);
    return;
  }
  sawSomeone(world, customer.id);
  renewSubscription(world, id, {
    taxPercent: placeOf(customer.country).taxPercent,
    daysUntilDue: transferOf(world, customer) ? 30 : null,
  });
}

function sawSomeone(world: SimulatedWorld, customerId: string): void {
  const owner = world.of('userProfiles', customerId)[0];
  const now = world.now();
  if (owner) world.put('userProfiles', { ...owner, lastSeenAt: now, updatedAt: now });
}

const CHANCE_DECLINED = { first: 0.035, again: 0.55 };

/** The card is tried; after the last vain attempt the subscription ends and the invoice is given up in one way or another. */
export function attempt(world: SimulatedWorld, id: string, at: number): void {
  const invoice = mustGet(world, 'invoices', id);
  if (invoice.status !== 'open' || invoice.nextAttemptAt !== at) return;
  const customer = mustGet(world, 'customers', invoice.customerId);
  if (customer.paymentMethodId === null) {
    world.put('invoices', { ...invoice, nextAttemptAt: null });
    return;
  }
  const draw = chance(world.anchor.seed, 'attempt', `${id}/${invoice.attemptCount}`);
  const steady = world.temperOf(customer.id)?.steady ?? false;
  const odds = invoice.attemptCount === 0 ? CHANCE_DECLINED.first : CHANCE_DECLINED.again;
  const decline =
    !steady && draw.happens(odds)
      ? draw.weighted([
          ['insufficient_funds', 45],
          ['do_not_honor', 20],
          ['expired_card', 15],
          ['generic_decline', 15],
          ['processing_error', 5],
        ])
      : null;
  const { invoice: after, charge } = attemptInvoicePayment(world, id, decline);
  if (after.status === 'paid') planRegrets(world, charge);
  else if (after.nextAttemptAt === null) giveUp(world, id, draw.next());
}

function giveUp(world: SimulatedWorld, id: string, dice: number): void {
  const { subscriptionId } = mustGet(world, 'invoices', id);
  const subscription = subscriptionId ? world.get('subscriptions', subscriptionId) : undefined;
  if (subscription && !hasEnded(subscription)) cancelSubscription(world, subscription.id);
  if (dice < 0.55) markUncollectible(world, id);
  else if (dice < 0.85) voidInvoice(world, id);
}

export function payByTransfer(world: SimulatedWorld, id: string): void {
  if (mustGet(world, 'invoices', id).status !== 'open') return;
  planRegrets(world, payInvoice(world, id, { byTransfer: true }).charge);
}

/** Now and then money goes back: a refund, a credit note, a dispute. */
function planRegrets(world: SimulatedWorld, charge: ChargeRecord): void {
  if (world.temperOf(charge.customerId)?.steady) return;
  const draw = chance(world.anchor.seed, 'regret', charge.id);
  const dice = draw.next();
  const at = Math.floor(world.now() + draw.between(1, 12) * DAY);
  if (dice < 0.011) world.schedule(at, 'refund', charge.id);
  else if (dice < 0.017 && charge.invoiceId) world.schedule(at, 'credit_note', charge.invoiceId);
  else if (dice < 0.019) world.schedule(at, 'dispute', charge.id);
}
