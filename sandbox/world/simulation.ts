import { DAY, HOUR } from './calendar.ts';
import { beginIncident, endIncident, planIncidents } from './incidents.ts';
import { finalizeInvoice, markUncollectible } from './invoice-operations.ts';
import { lifeOf, type Planned, transferOf } from './life.ts';
import { mustGet } from './lookup.ts';
import { arrivals, HISTORY_DAYS, ordinarySignup } from './ordinary.ts';
import { movePlan } from './plan-moves.ts';
import { putPriceList } from './plans.ts';
import type { Duty, DutyKind } from './queue.ts';
import { chance } from './random.ts';
import type { CollectionName, Collections, InvoiceRecord, SubscriptionRecord } from './records.ts';
import { createRefund, issueCreditNote, openDispute } from './refund-operations.ts';
import { signUp } from './signups.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import { attempt, endOfPeriod, payByTransfer } from './simulation-billing.ts';
import { storiesOf } from './stories.ts';
import { cancelSubscription, changeSubscription, hasEnded } from './subscription-operations.ts';
import { askSomething, closeTicket, respondToTicket } from './support.ts';

/** Puts what the company began with and plans all that follows. */
export function beginHistory(world: SimulatedWorld): void {
  const { anchor } = world;
  putPriceList(world, anchor.now - HISTORY_DAYS * DAY);
  for (const [index, { at }] of storiesOf(anchor).entries()) world.schedule(at, 'story', String(index));
  planIncidents(world);
  world.schedule(arrivals(anchor)(0), 'signup', '0');
}

/** What a new or changed record makes fall due later. */
export function dutiesOf<C extends CollectionName>(
  world: SimulatedWorld,
  _collection: C,
  record: Collections[C],
  before: Collections[C] | undefined,
): Planned[] {
  if ('nextAttemptAt' in record) {
    return invoiceDuties(world, record, before && 'nextAttemptAt' in before ? before : undefined);
  }
  if ('currentPeriodEndAt' in record) {
    return subscriptionDuties(world, record, before && 'currentPeriodEndAt' in before ? before : undefined);
  }
  return [];
}

function invoiceDuties(
  world: SimulatedWorld,
  invoice: InvoiceRecord,
  before: InvoiceRecord | undefined,
): Planned[] {
  const subject = invoice.id;
  const { nextAttemptAt } = invoice;
  if (!before && invoice.status === 'draft' && invoice.subscriptionId) {
    return [{ at: invoice.createdAt + HOUR, kind: 'finalize', subject }];
  }
  if (invoice.status !== 'open') return [];
  if (nextAttemptAt !== null && nextAttemptAt !== before?.nextAttemptAt) {
    return [{ at: nextAttemptAt, kind: 'attempt', subject }];
  }
  if (before?.status === 'draft' && invoice.dueAt !== null && invoice.subscriptionId) {
    const how = transferOf(world, mustGet(world, 'customers', invoice.customerId));
    const draw = chance(world.anchor.seed, 'transfer', subject);
    if (how === 'never') return [{ at: invoice.dueAt + 90 * DAY, kind: 'write_off', subject }];
    const days = how === 'late' ? draw.between(2, 21) : draw.between(-16, -1);
    return [{ at: Math.floor(invoice.dueAt + days * DAY), kind: 'bank_payment', subject }];
  }
  return [];
}

function subscriptionDuties(
  world: SimulatedWorld,
  subscription: SubscriptionRecord,
  before: SubscriptionRecord | undefined,
): Planned[] {
  if (hasEnded(subscription)) return [];
  const planned: Planned[] = [];
  const { id: subject, currentPeriodEndAt, cancelAt, discount } = subscription;
  if (before?.currentPeriodEndAt !== currentPeriodEndAt) {
    planned.push({ at: currentPeriodEndAt, kind: 'period_end', subject }, ...lifeOf(world, subscription));
  }
  if (cancelAt !== null && cancelAt !== before?.cancelAt && !subscription.cancelAtPeriodEnd) {
    planned.push({ at: cancelAt, kind: 'cancel_at', subject });
  }
  if (discount?.endAt && discount.endAt !== before?.discount?.endAt) {
    planned.push({ at: discount.endAt, kind: 'discount_end', subject });
  }
  return planned;
}

/** Lets one thing happen; what has been overtaken by other changes does nothing. */
export function perform(world: SimulatedWorld, duty: Duty): void {
  HANDLERS[duty.kind](world, duty.subject, duty.at);
}

type Handler = (world: SimulatedWorld, subject: string, at: number) => void;

const live = (world: SimulatedWorld, id: string): SubscriptionRecord | null => {
  const subscription = mustGet(world, 'subscriptions', id);
  return hasEnded(subscription) ? null : subscription;
};

const HANDLERS: Record<DutyKind, Handler> = {
  signup: (world, subject) => {
    const n = Number(subject);
    signUp(world, ordinarySignup(world.anchor, n));
    world.schedule(arrivals(world.anchor)(n + 1), 'signup', String(n + 1));
  },
  story: (world, subject) => storiesOf(world.anchor)[Number(subject)]?.run(world),
  period_end: endOfPeriod,
  cancel_at: (world, id, at) => {
    if (live(world, id)?.cancelAt === at) cancelSubscription(world, id);
  },
  discount_end: (world, id, at) => {
    if (live(world, id)?.discount?.endAt === at) changeSubscription(world, id, { discount: null });
  },
  finalize: (world, id) => {
    if (mustGet(world, 'invoices', id).status === 'draft') finalizeInvoice(world, id);
  },
  attempt,
  bank_payment: payByTransfer,
  write_off: (world, id) => {
    if (mustGet(world, 'invoices', id).status === 'open') markUncollectible(world, id);
  },
  cancel_notice: (world, id) => {
    if (live(world, id)?.status === 'active') cancelSubscription(world, id, { atPeriodEnd: true });
  },
  upgrade: (world, id) => movePlan(world, id, 'up'),
  downgrade: (world, id) => movePlan(world, id, 'down'),
  ticket_open: (world, customerId) => {
    if (world.of('subscriptions', customerId).some((subscription) => !hasEnded(subscription))) {
      askSomething(world, customerId);
    }
  },
  ticket_respond: respondToTicket,
  ticket_close: closeTicket,
  refund: (world, chargeId) => {
    const charge = mustGet(world, 'charges', chargeId);
    if (charge.disputed || charge.amountRefunded > 0) return;
    const draw = chance(world.anchor.seed, 'refund', chargeId);
    const amount = draw.happens(0.55)
      ? charge.amount
      : Math.max(1, Math.floor(charge.amount * draw.between(0.2, 0.6)));
    createRefund(world, { chargeId, amount, reason: draw.pick(['requested_by_customer', 'duplicate']) });
  },
  credit_note: (world, invoiceId) => {
    const invoice = mustGet(world, 'invoices', invoiceId);
    const amount = Math.floor(invoice.total * 0.15);
    if (invoice.status === 'paid' && amount > 0) {
      issueCreditNote(world, { invoiceId, amount, reason: 'order_change' });
    }
  },
  dispute: (world, chargeId) => {
    const charge = mustGet(world, 'charges', chargeId);
    if (!charge.disputed && charge.amountRefunded === 0) openDispute(world, chargeId);
  },
  incident_start: (world, subject) => beginIncident(world, Number(subject)),
  incident_end: endIncident,
};
