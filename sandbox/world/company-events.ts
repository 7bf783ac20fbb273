import { dayNumber } from './calendar.ts';
import { type CompanyEvent, companyEvent, type EventOf } from './company-event.ts';
import { WorldError } from './errors.ts';
import { placeOf } from './geography.ts';
import { endIncident, startIncident } from './incidents.ts';
import { mustGet } from './lookup.ts';
import { companyName } from './names.ts';
import {
  attemptInvoicePayment,
  cancelSubscription,
  changeSubscription,
  createInvoice,
  DECLINES,
  failInvoicePayment,
  finalizeInvoice,
  hasEnded,
  openDispute,
  payInvoice,
  replaceCard,
  signUp,
} from './operations.ts';
import { priceId } from './plans.ts';
import type { InvoiceRecord, SubscriptionRecord, World } from './records.ts';
import type { Temper } from './simulated-world.ts';
import { openTicket } from './support.ts';
import { simulated } from './world.ts';

/**
 * Lets something happen to the company now, as the control API asks. Answers the id of the record it made or changed.
 * Throws WorldError, before anything changed: `invalid_event` naming the field, or why it cannot happen.
 */
export function applyCompanyEvent(world: World, event: unknown): { id: string } {
  const parsed = companyEvent.safeParse(event);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`);
    throw new WorldError('invalid_event', said.join('; '));
  }
  return { id: simulated(world).atOnce(() => happen(world, withId(world, parsed.data))) };
}

/** A customer may be given by its Stripe id or its full name as well. */
function withId(world: World, event: CompanyEvent): CompanyEvent {
  if (event.type === 'signup' || !('customer' in event) || event.customer === undefined) return event;
  const wanted = event.customer;
  if (world.get('customers', wanted)) return event;
  const found = world
    .all('customers')
    .find(({ name, stripeId }) => stripeId === wanted || name.toLowerCase() === wanted.toLowerCase());
  return found ? { ...event, customer: found.id } : event;
}

function happen(world: World, event: CompanyEvent): string {
  switch (event.type) {
    case 'signup':
      return joined(world, event);
    case 'usage':
      return used(world, event);
    case 'usage_drop':
      return dropped(world, event);
    case 'payment_failed':
      return declined(world, event);
    case 'payment_succeeded':
      return paid(world, event);
    case 'card_updated':
      return newCard(world, event.customer);
    case 'payment_method_updated':
      return mendedCard(world, event.customer);
    case 'dispute_opened':
      return openDispute(world, disputable(world, event)).id;
    case 'ticket_opened':
      return asked(world, event);
    case 'plan_changed':
      return planChanged(world, event);
    case 'cancelled': {
      const { id } = liveSubscription(world, event.customer);
      return cancelSubscription(world, id, { atPeriodEnd: event.at_period_end }).id;
    }
    case 'outage_started':
      return startIncident(world, { title: event.title, severity: event.severity }).id;
    case 'outage_ended':
      return endIncident(world, openIncident(world, event.incident)).id;
    case 'invoice_misstated':
      return misstated(world, event);
    case 'competitor_page_changed':
      return `competitor_page_${simulated(world).changeCompetitorPage()}`;
  }
}

/** Who is brought in on purpose does nothing by chance. */
const STEADY: Temper = { steady: true, usage: 'ordinary', converts: true, transfer: null };

function joined(world: World, event: EventOf<'signup'>): string {
  const name = event.name ?? event.customer ?? freshName(world);
  const taken = world.all('customers').some((customer) => customer.name.toLowerCase() === name.toLowerCase());
  if (taken) throw new WorldError('name_taken', `name: a customer is already named ${name}`);
  const customer = signUp(simulated(world), {
    name,
    country: event.country ?? 'US',
    plan: event.plan,
    trialDays: event.trial_days ?? 0,
    temper: STEADY,
  });
  return customer.id;
}

/** Counted down from the far end of the names, which ordinary customers reach last. */
function freshName(world: World): string {
  const names = new Set(world.all('customers').map((customer) => customer.name));
  for (let n = 1_439; n >= 0; n -= 1) {
    const name = companyName(world.anchor.seed, n);
    if (!names.has(name)) return name;
  }
  return `${companyName(world.anchor.seed, 0)} ${names.size + 1}`;
}

function used(world: World, event: EventOf<'usage'>): string {
  const customer = mustGet(world, 'customers', event.customer);
  const at = world.now();
  simulated(world).adjustUsage({ kind: 'extra', customerId: customer.id, at, calls: event.calls });
  world.emit({ at, type: 'psizero.usage.reported', collection: 'customers', id: customer.id });
  return customer.id;
}

/** From the company's next day on; what was called already stays called. */
function dropped(world: World, event: EventOf<'usage_drop'>): string {
  const customer = mustGet(world, 'customers', event.customer);
  const fromDay = dayNumber(world.now()) + 1;
  const { percent } = event;
  simulated(world).adjustUsage({
    kind: 'drop',
    customerId: customer.id,
    fromDay,
    toDay: fromDay + event.days,
    percent,
  });
  return customer.id;
}

function openInvoice(world: World, event: { customer?: string; invoice?: string }): InvoiceRecord {
  if (event.invoice) {
    const invoice = world.get('invoices', event.invoice) ?? numbered(world, event.invoice);
    if (!invoice) throw new WorldError('resource_missing', `invoice: no such invoice: ${event.invoice}`);
    return invoice;
  }
  if (!event.customer) throw new WorldError('invalid_event', 'give an invoice or a customer');
  mustGet(world, 'customers', event.customer);
  const open = world.of('invoices', event.customer).findLast(({ status }) => status === 'open');
  return open ?? extraInvoice(world, event.customer);
}

/** Where nothing is owed, usage beyond the plan is billed first: there must be something to pay or to fail. */
function extraInvoice(world: World, customerId: string): InvoiceRecord {
  const subscription = liveSubscription(world, customerId);
  const { country } = mustGet(world, 'customers', customerId);
  const invoice = createInvoice(world, {
    customerId,
    subscriptionId: subscription.id,
    currency: subscription.currency,
    lines: [{ description: 'Usage beyond the plan', quantity: 1, unitAmount: subscription.unitAmount }],
    taxPercent: placeOf(country).taxPercent,
  });
  return finalizeInvoice(world, invoice.id);
}

function numbered(world: World, number: string): InvoiceRecord | undefined {
  return world.all('invoices').find((invoice) => invoice.number === number);
}

function declined(world: World, event: EventOf<'payment_failed'>): string {
  if (!(event.decline_code in DECLINES)) {
    const codes = Object.keys(DECLINES).join(', ');
    throw new WorldError('invalid_event', `decline_code: must be one of ${codes}`);
  }
  return failInvoicePayment(world, openInvoice(world, event).id, event.decline_code).charge.id;
}

function paid(world: World, event: EventOf<'payment_succeeded'>): string {
  const invoice = openInvoice(world, event);
  return payInvoice(world, invoice.id, { byTransfer: invoice.collectionMethod === 'send_invoice' }).charge.id;
}

/** The first line no longer fits the total; everything else of the invoice stays. */
function misstated(world: World, event: EventOf<'invoice_misstated'>): string {
  const invoice = openInvoice(world, event);
  const lines = invoice.lines.map((line, index) =>
    index === 0 ? { ...line, amount: line.amount + event.amount } : line,
  );
  world.put('invoices', { ...invoice, lines });
  world.emit({ at: world.now(), type: 'invoice.updated', collection: 'invoices', id: invoice.id });
  return invoice.id;
}

/** A working card; what its predecessor was declined for is tried again at once, as Stripe's settings here say. */
function newCard(world: World, customerId: string): string {
  const card = replaceCard(world, customerId);
  for (const invoice of world.of('invoices', customerId)) {
    const waits = invoice.status === 'open' && invoice.attemptCount > 0;
    if (waits && invoice.collectionMethod === 'charge_automatically')
      attemptInvoicePayment(world, invoice.id);
  }
  return card.id;
}

function mendedCard(world: World, customerId: string): string {
  const { paymentMethodId } = mustGet(world, 'customers', customerId);
  if (paymentMethodId === null) throw new WorldError('no_card', `customer: ${customerId} has no card`);
  const card = mustGet(world, 'paymentMethods', paymentMethodId);
  world.put('paymentMethods', { ...card, declineCode: null });
  const type = 'payment_method.automatically_updated';
  world.emit({ at: world.now(), type, collection: 'paymentMethods', id: card.id });
  return card.id;
}

function disputable(world: World, event: EventOf<'dispute_opened'>): string {
  if (event.payment) {
    const charge =
      world.get('charges', event.payment) ??
      world.all('charges').findLast(({ paymentIntentId }) => paymentIntentId === event.payment);
    if (!charge) throw new WorldError('resource_missing', `payment: no such payment: ${event.payment}`);
    return charge.id;
  }
  if (!event.customer) throw new WorldError('invalid_event', 'give a payment or a customer');
  mustGet(world, 'customers', event.customer);
  const charges = world.of('charges', event.customer);
  const last = charges.findLast(({ status, disputed }) => status === 'succeeded' && !disputed);
  if (!last) throw new WorldError('no_payment', `customer: ${event.customer} has no payment to dispute`);
  return last.id;
}

function asked(world: World, event: EventOf<'ticket_opened'>): string {
  const subject = event.subject ?? (event.text.split('\n')[0] ?? event.text).slice(0, 80);
  const { customer, text, priority } = event;
  return openTicket(world, { customerId: customer, subject, body: text, priority }).id;
}

function liveSubscription(world: World, customerId: string): SubscriptionRecord {
  mustGet(world, 'customers', customerId);
  const found = world.of('subscriptions', customerId).findLast((subscription) => !hasEnded(subscription));
  if (!found) throw new WorldError('no_subscription', `customer: ${customerId} has no live subscription`);
  return found;
}

function planChanged(world: World, event: EventOf<'plan_changed'>): string {
  const subscription = liveSubscription(world, event.customer);
  return changeSubscription(world, subscription.id, {
    priceId: priceId(event.plan, subscription.currency, subscription.interval),
    ...(event.quantity === undefined ? {} : { quantity: event.quantity }),
  }).id;
}

function openIncident(world: World, wanted: string | undefined): string {
  if (wanted) return mustGet(world, 'incidents', wanted).id;
  const open = world.all('incidents').findLast(({ endedAt }) => endedAt === null);
  if (!open) throw new WorldError('no_outage', 'no incident is under way');
  return open.id;
}
