import { beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../../../sandbox/world/calendar.ts';
import {
  attemptInvoicePayment,
  cancelSubscription,
  changeSubscription,
  createInvoice,
  createRefund,
  failInvoicePayment,
  finalizeInvoice,
  issueCreditNote,
  markUncollectible,
  openDispute,
  payInvoice,
  replaceCard,
  signUp,
  voidInvoice,
} from '../../../sandbox/world/operations.ts';
import type { CustomerRecord, WorldChange } from '../../../sandbox/world/records.ts';
import type { SimulatedWorld, Temper } from '../../../sandbox/world/simulated-world.ts';
import { NOW, smallWorld } from './given.ts';

let world: SimulatedWorld;
let customer: CustomerRecord;
let types: string[];

beforeEach(() => {
  world = smallWorld();
  const temper: Temper = { steady: true, usage: 'ordinary', converts: null, transfer: null };
  customer = signUp(world, { name: 'Test Kitchen', country: 'DE', plan: 'growth', temper });
  types = [];
  world.onChange(({ type }: WorldChange) => types.push(type));
});

const invoiceOf = () => world.of('invoices', customer.id).at(-1)?.id ?? '';
const subscriptionOf = () => world.of('subscriptions', customer.id)[0];
const chargeOf = () =>
  world.of('charges', customer.id).findLast(({ status }) => status === 'succeeded')?.id ?? '';

describe('an invoice', () => {
  it('bills the plan with the tax of the country', () => {
    expect(world.get('invoices', invoiceOf())).toMatchObject({
      status: 'open',
      subtotal: 22_900,
      tax: 4_351,
      total: 27_251,
      amountRemaining: 27_251,
      currency: 'EUR',
    });
  });

  it('is paid by a charge of what is due', () => {
    const { invoice, charge } = payInvoice(world, invoiceOf());
    expect(invoice).toMatchObject({ status: 'paid', amountPaid: 27_251, amountRemaining: 0, paidAt: NOW });
    expect(charge).toMatchObject({ status: 'succeeded', amount: 27_251, invoiceId: invoice.id });
    expect(world.get('paymentIntents', charge.paymentIntentId ?? '')).toMatchObject({
      status: 'succeeded',
      latestChargeId: charge.id,
    });
    expect(types).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'invoice.paid']);
    expect(() => payInvoice(world, invoice.id)).toThrow(/already paid/);
  });

  it('fails with the bank’s reason, is tried again, and ends the subscription when all was in vain', () => {
    replaceCard(world, customer.id, 'expired_card');
    world.advanceTo(NOW + 1);
    expect(subscriptionOf()?.status).toBe('past_due');
    expect(world.get('invoices', invoiceOf())).toMatchObject({
      attemptCount: 1,
      nextAttemptAt: NOW + 3 * DAY,
    });
    world.advanceTo(NOW + 25 * DAY);
    const charges = world.of('charges', customer.id);
    expect(charges.map(({ declineCode }) => declineCode)).toEqual(Array(4).fill('expired_card'));
    expect(subscriptionOf()?.status).toBe('canceled');
    expect(world.of('subscriptionVersions', customer.id).map(({ status }) => status)).toEqual([
      'active',
      'past_due',
      'canceled',
    ]);
  });

  it('makes the subscription active again when it is paid after all', () => {
    failInvoicePayment(world, invoiceOf(), 'insufficient_funds');
    expect(subscriptionOf()?.status).toBe('past_due');
    expect(attemptInvoicePayment(world, invoiceOf()).invoice.status).toBe('paid');
    expect(subscriptionOf()?.status).toBe('active');
    expect(types).toContain('customer.subscription.updated');
  });

  it('cannot be paid, voided or written off in a state that forbids it', () => {
    const draft = createInvoice(world, {
      customerId: customer.id,
      currency: 'EUR',
      lines: [{ description: 'Workshop', quantity: 1, unitAmount: 1_000 }],
    });
    expect(() => payInvoice(world, draft.id)).toThrow(/is draft/);
    expect(() => voidInvoice(world, draft.id)).toThrow(/is draft/);
    finalizeInvoice(world, draft.id);
    expect(() => finalizeInvoice(world, draft.id)).toThrow(/only a draft/);
    markUncollectible(world, draft.id);
    expect(() => markUncollectible(world, draft.id)).toThrow(/uncollectible/);
    expect(voidInvoice(world, draft.id)).toMatchObject({ status: 'void', voidedAt: NOW });
    expect(() => payInvoice(world, draft.id)).toThrow(/is void/);
  });

  it('shares its tax out over the lines so that they add up', () => {
    const invoice = createInvoice(world, {
      customerId: customer.id,
      currency: 'EUR',
      lines: [33, 33, 34].map((unitAmount) => ({ description: 'Part', quantity: 1, unitAmount })),
      taxPercent: 19,
    });
    expect(invoice.tax).toBe(19);
    expect(invoice.lines.reduce((sum, { taxAmount }) => sum + taxAmount, 0)).toBe(19);
  });

  it('with nothing to pay is paid when it is finalised, without a charge', () => {
    const draft = createInvoice(world, { customerId: customer.id, currency: 'EUR', lines: [] });
    expect(finalizeInvoice(world, draft.id)).toMatchObject({ status: 'paid', paymentIntentId: null });
  });
});

describe('money given back', () => {
  beforeEach(() => {
    payInvoice(world, invoiceOf());
  });

  it('adds up to the charge and never beyond', () => {
    createRefund(world, { chargeId: chargeOf(), amount: 7_251 });
    expect(() => createRefund(world, { chargeId: chargeOf(), amount: 20_001 })).toThrow(
      /greater than unrefunded/,
    );
    expect(createRefund(world, { chargeId: chargeOf() }).amount).toBe(20_000);
    expect(world.get('charges', chargeOf())?.amountRefunded).toBe(27_251);
    expect(() => createRefund(world, { chargeId: chargeOf() })).toThrow(/already been refunded/);
  });

  it.each([0, -5, 1.5, Number.NaN])('refuses an amount of %s and changes nothing', (amount) => {
    expect(() => createRefund(world, { chargeId: chargeOf(), amount })).toThrow(/whole number/);
    expect(world.of('refunds', customer.id)).toEqual([]);
  });

  it('is refused on a failed or disputed charge', () => {
    openDispute(world, chargeOf());
    expect(() => createRefund(world, { chargeId: chargeOf() })).toThrow(/charged back/);
    expect(() => createRefund(world, { chargeId: 'ch_none' })).toThrow("No such charge: 'ch_none'");
  });

  it('as credit notes stays within the invoice', () => {
    const invoiceId = invoiceOf();
    issueCreditNote(world, { invoiceId, amount: 27_000 });
    expect(() => issueCreditNote(world, { invoiceId, amount: 252 })).toThrow(/between 1 and 251/);
    expect(issueCreditNote(world, { invoiceId, amount: 251 }).number).toMatch(/-CN-02$/);
  });
});

describe('a subscription', () => {
  it('keeps every state it was in', () => {
    const id = subscriptionOf()?.id ?? '';
    world.advanceTo(NOW + DAY);
    changeSubscription(world, id, { quantity: 3 });
    world.advanceTo(NOW + 2 * DAY);
    changeSubscription(world, id, { quantity: 3 });
    cancelSubscription(world, id, { atPeriodEnd: true });
    const versions = world.of('subscriptionVersions', customer.id);
    expect(versions.map(({ quantity, validFrom, validTo }) => [quantity, validFrom, validTo])).toEqual([
      [1, NOW, NOW + DAY],
      [3, NOW + DAY, NOW + 2 * DAY],
      [3, NOW + 2 * DAY, null],
    ]);
    expect(versions.at(-1)?.cancelAt).toBe(subscriptionOf()?.currentPeriodEndAt);
    world.advanceTo(NOW + 32 * DAY);
    expect(subscriptionOf()).toMatchObject({ status: 'canceled', endedAt: versions.at(-1)?.cancelAt });
    expect(() => changeSubscription(world, id, { quantity: 2 })).toThrow(/has ended/);
  });

  it('is billed for its next period when that begins', () => {
    const before = world.of('invoices', customer.id).length;
    world.advanceTo(NOW + 33 * DAY);
    const invoices = world.of('invoices', customer.id);
    expect(invoices.length).toBe(before + 1);
    expect(invoices.at(-1)?.periodStartAt).toBe(subscriptionOf()?.currentPeriodStartAt);
  });

  it('cannot move to a price in another currency', () => {
    const change = () =>
      changeSubscription(world, subscriptionOf()?.id ?? '', { priceId: 'price_scale_month_usd' });
    expect(change).toThrow(/in USD/);
    expect(subscriptionOf()?.plan).toBe('growth');
  });
});
