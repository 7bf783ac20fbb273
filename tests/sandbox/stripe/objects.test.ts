import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promisedFields } from './promised-fields.ts';
import { openInvoice, type Served, serveFew } from './served-stripe.ts';

let served: Served;

beforeAll(async () => {
  served = await serveFew();
});
afterAll(() => served.close());

const first = async <T>(list: Promise<{ data: T[] }>): Promise<T | undefined> => (await list).data[0];

const objects: [string, string, (stripe: Stripe) => Promise<unknown>][] = [
  ['Charges', 'Charge', (stripe) => stripe.charges.retrieve('ch_001')],
  [
    'CustomerBalanceTransactions',
    'CustomerBalanceTransaction',
    (stripe) => stripe.customers.createBalanceTransaction('cus_acme', { amount: -5, currency: 'usd' }),
  ],
  ['Coupons', 'Coupon', (stripe) => stripe.coupons.create({ percent_off: 5 })],
  [
    'CreditNotes',
    'CreditNote',
    (stripe) => stripe.creditNotes.create({ invoice: 'in_002', credit_amount: 5 }),
  ],
  [
    'CreditNoteLineItems',
    'CreditNoteLineItem',
    async (stripe) => (await first(stripe.creditNotes.list()))?.lines.data[0],
  ],
  ['Customers', 'Customer', (stripe) => stripe.customers.retrieve('cus_acme')],
  ['Disputes', 'Dispute', (stripe) => stripe.disputes.retrieve('dp_1')],
  [
    'InvoiceItems',
    'InvoiceItem',
    (stripe) => stripe.invoiceItems.create({ customer: 'cus_acme', amount: 5 }),
  ],
  ['InvoiceLineItems', 'InvoiceLineItem', (stripe) => first(stripe.invoices.listLineItems('in_001'))],
  [
    'InvoicePayments',
    'InvoicePayment',
    (stripe) => first(stripe.invoicePayments.list({ invoice: 'in_001' })),
  ],
  ['Invoices', 'Invoice', (stripe) => stripe.invoices.retrieve('in_001')],
  ['PaymentIntents', 'PaymentIntent', (stripe) => stripe.paymentIntents.retrieve('pi_001')],
  ['PaymentMethods', 'PaymentMethod', (stripe) => stripe.paymentMethods.retrieve('pm_acme')],
  ['Prices', 'Price', (stripe) => stripe.prices.retrieve('price_growth')],
  ['Products', 'Product', (stripe) => stripe.products.retrieve('prod_api')],
  ['Refunds', 'Refund', (stripe) => stripe.refunds.create({ charge: 'ch_001', amount: 5 })],
  [
    'SubscriptionItems',
    'SubscriptionItem',
    async (stripe) => (await stripe.subscriptions.retrieve('sub_acme')).items.data[0],
  ],
  ['Subscriptions', 'Subscription', (stripe) => stripe.subscriptions.retrieve('sub_acme')],
  ['WebhookEndpoints', 'WebhookEndpoint', (stripe) => first(stripe.webhookEndpoints.list())],
];

describe('objects', () => {
  beforeAll(async () => {
    const charge = served.world.get('charges', 'ch_009');
    if (!charge) throw new Error('no charge');
    served.world.put('disputes', {
      id: 'dp_1',
      chargeId: charge.id,
      customerId: charge.customerId,
      amount: charge.amount,
      currency: charge.currency,
      status: 'needs_response',
      createdAt: served.world.now(),
    });
    await openInvoice(served, 'cus_acme');
  });

  it.each(objects)('%s: a %s has every field its type promises', async (file, name, get) => {
    const object = await get(served.stripe);
    const fields = Object.keys(object ?? {});
    expect(promisedFields(file, name).filter((field) => !fields.includes(field))).toEqual([]);
  });

  it('gives decimals that the client can calculate with', async () => {
    const price = await served.stripe.prices.retrieve('price_growth');
    const decimal = price.unit_amount_decimal;
    expect(decimal?.add(decimal).toString()).toBe('39800');
  });

  it('lists products, prices, cards and coupons', async () => {
    const { stripe } = served;
    const product = await stripe.products.create({ name: 'Support' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    expect((await stripe.products.list()).data.map(({ id }) => id)).toEqual([product.id, 'prod_api']);
    expect((await stripe.prices.list({ product: product.id })).data.map(({ id }) => id)).toEqual([price.id]);
    expect((await stripe.paymentMethods.list({ customer: 'cus_acme', type: 'card' })).data).toHaveLength(1);
    expect((await stripe.balance.retrieve()).pending[0]).toMatchObject({ currency: 'usd' });
  });

  it('holds what was charged in the last two days, less its fees, as pending', async () => {
    const [pending] = (await served.stripe.balance.retrieve()).pending;
    expect(pending?.amount).toBe(2 * (10_600 - 337));
  });

  it('has a balance that is the sum of its movements, each its amount less its fee', async () => {
    const { stripe } = served;
    await stripe.refunds.create({ charge: 'ch_024', amount: 600 });
    const all = await stripe.balanceTransactions.list({ limit: 7 }).autoPagingToArray({ limit: 1_000 });
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ net, amount, fee }) => net !== amount - fee)).toEqual([]);
    const { available, pending } = await stripe.balance.retrieve();
    const held = [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
    expect(held).toBe(all.reduce((sum, { net }) => sum + net, 0));
    const [refunded] = (await stripe.balanceTransactions.list({ type: 'refund' })).data;
    expect(refunded).toMatchObject({ amount: -600, fee: 0, reporting_category: 'refund' });
    const charge = await stripe.charges.retrieve('ch_024');
    const movement = await stripe.balanceTransactions.retrieve(String(charge.balance_transaction));
    expect(movement).toMatchObject({ source: 'ch_024', amount: 10_600, fee: 337, status: 'pending' });
  });
});
