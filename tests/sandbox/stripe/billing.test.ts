import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInvoice, type Served, serveFew } from './served-stripe.ts';

let served: Served;

beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

const kinds = () => served.effects.map((effect) => effect.kind);
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((reason: unknown) => reason);

describe('invoices', () => {
  it('goes from draft to paid with a number, a payment and every step on record', async () => {
    const { stripe } = served;
    const draft = await stripe.invoices.create({
      customer: 'cus_acme',
      description: 'Setup',
      metadata: { a: 'b' },
    });
    expect(draft).toMatchObject({ status: 'draft', number: null, total: 0, description: 'Setup' });
    await stripe.invoiceItems.create({
      customer: 'cus_acme',
      invoice: draft.id,
      pricing: { price: 'price_growth' },
      quantity: 3,
    });
    const open = await stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({ status: 'open', total: 59_700, amount_remaining: 59_700 });
    expect(open.number).toMatch(/^[A-Z0-9_]+-\d{4}$/);
    expect(open.lines.data[0]?.quantity_decimal?.toString()).toBe('3');
    const paid = await stripe.invoices.pay(draft.id);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 59_700, amount_remaining: 0 });
    expect(paid.status_transitions.paid_at).not.toBeNull();
    expect(kinds()).toEqual(['invoice.created', 'invoice_item.created', 'invoice.finalized', 'invoice.paid']);
    expect(served.effects.at(-1)).toMatchObject({
      customer: 'psz_acme',
      amountMinor: 59_700,
      currency: 'USD',
    });
  });

  it('collects the pending items of a customer when asked to', async () => {
    const { stripe } = served;
    await stripe.invoiceItems.create({ customer: 'cus_acme', amount: 700, currency: 'usd' });
    expect((await stripe.invoices.create({ customer: 'cus_acme' })).total).toBe(0);
    const params: Stripe.InvoiceCreateParams = {
      customer: 'cus_acme',
      pending_invoice_items_behavior: 'include',
    };
    expect((await stripe.invoices.create(params)).total).toBe(700);
    expect((await stripe.invoices.create(params)).total).toBe(0);
  });

  it('answers a declined card with 402, the decline code and what it tried', async () => {
    const invoice = await openInvoice(served, 'cus_broke');
    const error = await failure(served.stripe.invoices.pay(invoice.id));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
      charge: expect.stringMatching(/^ch_/),
      payment_intent: { object: 'payment_intent', status: 'requires_payment_method' },
    });
    const after = await served.stripe.invoices.retrieve(invoice.id);
    expect(after).toMatchObject({ status: 'open', attempt_count: 1, attempted: true });
    expect(kinds().at(-1)).toBe('payment.retried');
    const [charge] = (await served.stripe.charges.list({ customer: 'cus_broke' })).data;
    expect(charge).toMatchObject({
      status: 'failed',
      paid: false,
      outcome: { reason: 'insufficient_funds' },
    });
  });

  it('is collected when the failed payment is retried with a card that works', async () => {
    const invoice = await openInvoice(served, 'cus_broke');
    await failure(served.stripe.invoices.pay(invoice.id));
    const broke = served.world.get('paymentMethods', 'pm_broke');
    if (!broke) throw new Error('no card');
    served.world.put('paymentMethods', { ...broke, declineCode: null });
    expect(await served.stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'paid', attempt_count: 2 });
    expect(kinds().slice(-2)).toEqual(['payment.retried', 'payment.retried']);
  });

  it('can be settled outside Stripe, voided or written off, and refuses what no longer fits', async () => {
    const { invoices } = served.stripe;
    const settled = await openInvoice(served, 'cus_acme');
    expect(await invoices.pay(settled.id, { paid_out_of_band: true })).toMatchObject({ status: 'paid' });
    const voided = await openInvoice(served, 'cus_acme');
    expect(await invoices.voidInvoice(voided.id)).toMatchObject({ status: 'void' });
    const lost = await openInvoice(served, 'cus_acme');
    expect(await invoices.markUncollectible(lost.id)).toMatchObject({ status: 'uncollectible' });
    const before = kinds().length;
    await expect(invoices.pay(settled.id)).rejects.toMatchObject({ code: 'invoice_already_paid' });
    await expect(invoices.voidInvoice(settled.id)).rejects.toThrow('so you can');
    await expect(invoices.finalizeInvoice(voided.id)).rejects.toMatchObject({ statusCode: 400 });
    await expect(
      served.stripe.invoiceItems.create({ customer: 'cus_acme', invoice: settled.id, amount: 1 }),
    ).rejects.toMatchObject({ code: 'invoice_not_editable' });
    expect(kinds()).toHaveLength(before);
  });

  it('sends a draft finalised', async () => {
    const draft = await served.stripe.invoices.create({
      customer: 'cus_acme',
      collection_method: 'send_invoice',
      days_until_due: 14,
    });
    await served.stripe.invoiceItems.create({ customer: 'cus_acme', invoice: draft.id, amount: 100 });
    const sent = await served.stripe.invoices.sendInvoice(draft.id);
    expect(sent).toMatchObject({ status: 'open', amount_due: 100, collection_method: 'send_invoice' });
    expect((sent.due_date ?? 0) - sent.created).toBe(14 * 86_400);
  });
});

describe('credit notes', () => {
  it('lowers what is due on an open invoice and gives it back when voided', async () => {
    const { stripe } = served;
    const invoice = await openInvoice(served, 'cus_acme');
    const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 1_000, memo: 'Sorry' });
    expect(note).toMatchObject({ status: 'issued', amount: 1_000, type: 'pre_payment', memo: 'Sorry' });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      amount_remaining: 4_000,
      pre_payment_credit_notes_amount: 1_000,
    });
    expect(await stripe.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: 'void' });
    expect((await stripe.invoices.retrieve(invoice.id)).amount_remaining).toBe(5_000);
  });

  it('refunds or credits a paid one, for exactly the amount', async () => {
    const { stripe } = served;
    await expect(stripe.creditNotes.create({ invoice: 'in_001', amount: 500 })).rejects.toThrow('must equal');
    await stripe.creditNotes.create({ invoice: 'in_001', amount: 500, refund_amount: 500 });
    await stripe.creditNotes.create({ invoice: 'in_001', amount: 300, credit_amount: 300 });
    expect((await stripe.charges.retrieve('ch_001')).amount_refunded).toBe(500);
    expect(await stripe.customers.retrieve('cus_acme')).toMatchObject({ balance: -300 });
    expect(kinds()).toEqual(['refund.created', 'credit_note.created', 'credit_note.created']);
    await expect(
      stripe.creditNotes.create({ invoice: 'in_001', amount: 9_801, out_of_band_amount: 9_801 }),
    ).rejects.toThrow('left to credit');
  });
});

describe('payment intents', () => {
  it('is made, confirmed and shown with its charge', async () => {
    const { paymentIntents } = served.stripe;
    const intent = await paymentIntents.create({ amount: 900, currency: 'usd', customer: 'cus_acme' });
    expect(intent.status).toBe('requires_payment_method');
    const done = await paymentIntents.confirm(intent.id, { payment_method: 'pm_acme' });
    expect(done).toMatchObject({
      status: 'succeeded',
      amount_received: 900,
      latest_charge: expect.any(String),
    });
    await expect(paymentIntents.confirm(intent.id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    await expect(paymentIntents.cancel(intent.id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  it('keeps the reason of a decline, and can be cancelled', async () => {
    const { paymentIntents } = served.stripe;
    const declined = paymentIntents.create({
      amount: 900,
      currency: 'usd',
      customer: 'cus_broke',
      confirm: true,
    });
    await expect(declined).rejects.toMatchObject({ decline_code: 'insufficient_funds' });
    const [intent] = (await paymentIntents.list({ customer: 'cus_broke' })).data;
    expect(intent?.last_payment_error).toMatchObject({ decline_code: 'insufficient_funds' });
    const canceled = await paymentIntents.cancel(intent?.id ?? '', { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
  });
});

describe('subscriptions', () => {
  it('changes quantity and price, and keeps the history that MRR is computed from', async () => {
    const { subscriptions } = served.stripe;
    const before = await subscriptions.retrieve('sub_acme');
    const item = before.items.data[0];
    expect(item?.current_period_end).toBeGreaterThan(item?.current_period_start ?? 0);
    expect(item?.price.unit_amount_decimal?.toString()).toBe('4900');
    const after = await subscriptions.update('sub_acme', {
      items: [{ id: item?.id ?? '', price: 'price_growth', quantity: 5 }],
      proration_behavior: 'none',
    });
    expect(after.items.data[0]).toMatchObject({
      quantity: 5,
      price: { id: 'price_growth', unit_amount: 19_900 },
    });
    const versions = served.world.of('subscriptionVersions', 'psz_acme');
    expect(versions.at(-1)).toMatchObject({ plan: 'growth', quantity: 5, unitAmount: 19_900, validTo: null });
    expect(kinds()).toEqual(['subscription.changed']);
  });

  it('takes a coupon and gives it up again', async () => {
    const { stripe } = served;
    const coupon = await stripe.coupons.create({
      percent_off: 20,
      duration: 'repeating',
      duration_in_months: 3,
    });
    const with20 = await stripe.subscriptions.update('sub_acme', {
      discounts: [{ coupon: coupon.id }],
      expand: ['discounts.source.coupon'],
    });
    expect(with20.discounts[0]).toMatchObject({
      object: 'discount',
      source: { coupon: { percent_off: 20 } },
    });
    expect((await stripe.subscriptions.update('sub_acme', { discounts: '' })).discounts).toEqual([]);
    expect(kinds()).toEqual(['coupon.created', 'coupon.applied', 'subscription.changed']);
    await expect(
      stripe.subscriptions.update('sub_acme', { discounts: [{ coupon: 'nope' }] }),
    ).rejects.toMatchObject({ code: 'resource_missing' });
  });

  it('is cancelled at the end of its period or at once, and then is left out of the list', async () => {
    const { subscriptions } = served.stripe;
    const planned = await subscriptions.update('sub_acme', { cancel_at_period_end: true });
    expect(planned).toMatchObject({ status: 'active', cancel_at_period_end: true });
    expect(planned.cancel_at).toBe(planned.items.data[0]?.current_period_end);
    const ended = await subscriptions.cancel('sub_acme');
    expect(ended).toMatchObject({ status: 'canceled', ended_at: expect.any(Number) });
    expect((await subscriptions.list()).data.map(({ id }) => id)).toEqual(['sub_broke']);
    expect((await subscriptions.list({ status: 'all' })).data).toHaveLength(2);
    expect((await subscriptions.list({ status: 'canceled', customer: 'cus_acme' })).data).toHaveLength(1);
    await expect(subscriptions.update('sub_acme', { cancel_at_period_end: false })).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it('starts with its first invoice paid, or past due when the card says no', async () => {
    const { subscriptions } = served.stripe;
    const items = [{ price: 'price_growth' }];
    const good = await subscriptions.create({ customer: 'cus_acme', items, expand: ['latest_invoice'] });
    expect(good).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', total: 19_900 } });
    expect(await subscriptions.create({ customer: 'cus_broke', items })).toMatchObject({
      status: 'past_due',
    });
    const trial = await subscriptions.create({ customer: 'cus_broke', items, trial_period_days: 14 });
    expect(trial).toMatchObject({ status: 'trialing', latest_invoice: null });
  });
});

describe('credit', () => {
  it('adds up on the balance of the customer, in their currency only', async () => {
    const { customers } = served.stripe;
    await customers.createBalanceTransaction('cus_acme', {
      amount: -500,
      currency: 'usd',
      description: 'Sorry',
    });
    const second = await customers.createBalanceTransaction('cus_acme', { amount: -250, currency: 'usd' });
    expect(second.ending_balance).toBe(-750);
    expect(await customers.retrieve('cus_acme')).toMatchObject({ balance: -750 });
    const listed = await customers.listBalanceTransactions('cus_acme');
    expect(listed.data.map(({ amount }) => amount)).toEqual([-250, -500]);
    expect(served.effects.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['credit.applied', 500],
      ['credit.applied', 250],
    ]);
    await expect(
      customers.createBalanceTransaction('cus_acme', { amount: -1, currency: 'eur' }),
    ).rejects.toMatchObject({ param: 'currency' });
  });
});

describe('customers', () => {
  it('is made, changed and deleted', async () => {
    const { customers } = served.stripe;
    const made = await customers.create({
      name: 'New',
      email: 'a@new.example',
      metadata: { psizero_id: 'psz_new' },
    });
    expect(made.metadata).toEqual({ psizero_id: 'psz_new' });
    const changed = await customers.update(made.id, { description: 'VIP', metadata: { tier: 'gold' } });
    expect(changed).toMatchObject({ description: 'VIP', metadata: { psizero_id: 'psz_new', tier: 'gold' } });
    expect(await customers.del(made.id)).toEqual({ id: made.id, object: 'customer', deleted: true });
    expect(await customers.retrieve(made.id)).toMatchObject({ deleted: true });
    expect((await customers.list()).data.map(({ id }) => id)).not.toContain(made.id);
    expect(kinds()).toEqual(['customer.created', 'customer.updated', 'customer.deleted']);
  });
});
