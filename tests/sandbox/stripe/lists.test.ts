import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, NOW } from './memory-world.ts';
import { type Served, serveFew } from './served-stripe.ts';

let served: Served;

beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

const ids = (list: { data: { id: string }[] }) => list.data.map((item) => item.id);

describe('lists', () => {
  it('gives the newest first, ten at a time unless told', async () => {
    const page = await served.stripe.charges.list();
    expect(page).toMatchObject({ object: 'list', has_more: true, url: '/v1/charges' });
    expect(ids(page)).toEqual(
      ['024', '023', '022', '021', '020', '019', '018', '017', '016', '015'].map((n) => `ch_${n}`),
    );
  });

  it('pages forward and back over the same rows', async () => {
    const { invoices } = served.stripe;
    const first = await invoices.list({ limit: 10 });
    const second = await invoices.list({ limit: 10, starting_after: 'in_015' });
    const back = await invoices.list({ limit: 10, ending_before: 'in_014' });
    const nearest = await invoices.list({ limit: 3, ending_before: 'in_014' });
    expect(ids(second)[0]).toBe('in_014');
    expect(ids(back)).toEqual(ids(first));
    expect(back.has_more).toBe(false);
    expect(ids(nearest)).toEqual(['in_017', 'in_016', 'in_015']);
    expect(nearest.has_more).toBe(true);
  });

  it.each([1, 7, 100])('gives every row exactly once in pages of %i', async (limit) => {
    const all = await served.stripe.charges.list({ limit }).autoPagingToArray({ limit: 1_000 });
    expect(all).toHaveLength(25);
    expect(new Set(all.map((charge) => charge.id)).size).toBe(25);
  });

  it('keeps its place when something new appears between two pages', async () => {
    const first = await served.stripe.customers.list({ limit: 1 });
    const made = await served.stripe.customers.create({ email: 'new@new.example' });
    const rest = await served.stripe.customers.list({ starting_after: ids(first)[0] ?? '' });
    expect(ids(rest)).not.toContain(made.id);
    expect(ids(rest)).toHaveLength(1);
  });

  const second = Math.floor((NOW - 5 * DAY) / 1000);
  const ranges: [string, Stripe.RangeQueryParam | number, number][] = [
    ['from an instant', { gte: second }, 5],
    ['after an instant', { gt: second }, 4],
    ['before an instant', { lt: second }, 20],
    ['up to an instant', { lte: second }, 21],
    ['between two', { gte: second, lt: second + 2 * 86_400 }, 2],
    ['at an instant', second, 1],
    ['in no time at all', { gte: second, lt: second }, 0],
  ];
  it.each(ranges)('filters by creation %s', async (_name, created, count) => {
    expect((await served.stripe.invoices.list({ created, limit: 100 })).data).toHaveLength(count);
  });

  it('filters invoices by customer, subscription and status together', async () => {
    const { invoices } = served.stripe;
    await invoices.create({ customer: 'cus_acme', collection_method: 'send_invoice', days_until_due: 14 });
    expect((await invoices.list({ customer: 'cus_acme', limit: 100 })).data).toHaveLength(26);
    expect((await invoices.list({ customer: 'cus_acme', status: 'draft' })).data).toHaveLength(1);
    expect((await invoices.list({ subscription: 'sub_acme', limit: 100 })).data).toHaveLength(25);
    expect((await invoices.list({ customer: 'cus_broke' })).data).toHaveLength(0);
    await expect(invoices.list({ customer: 'cus_none' })).rejects.toThrow("No such customer: 'cus_none'");
  });
});

describe('expand', () => {
  it('puts objects in the place of ids, nested and inside lists', async () => {
    const page = await served.stripe.charges.list({
      limit: 2,
      expand: ['data.customer', 'data.payment_intent.latest_charge'],
    });
    const [charge] = page.data;
    expect(charge?.customer).toMatchObject({ object: 'customer', metadata: { psizero_id: 'psz_acme' } });
    expect(charge?.payment_intent).toMatchObject({ latest_charge: { object: 'charge', id: charge?.id } });
  });

  it('gives the payments of an invoice, which are absent otherwise', async () => {
    const plain = await served.stripe.invoices.retrieve('in_003');
    expect(plain.payments).toBeUndefined();
    expect(plain.parent?.subscription_details?.subscription).toBe('sub_acme');
    const full = await served.stripe.invoices.retrieve('in_003', {
      expand: ['payments.data.payment.payment_intent'],
    });
    expect(full.payments?.data[0]).toMatchObject({
      status: 'paid',
      amount_paid: 10_600,
      payment: { payment_intent: { id: 'pi_003', latest_charge: 'ch_003' } },
    });
  });

  it('gives the product of a subscription item four levels down', async () => {
    const subscription = await served.stripe.subscriptions.retrieve('sub_acme', {
      expand: ['items.data.price.product', 'customer', 'latest_invoice'],
    });
    expect(subscription.items.data[0]?.price.product).toMatchObject({ object: 'product', name: 'API' });
    expect(subscription.latest_invoice).toMatchObject({ object: 'invoice', id: 'in_024' });
  });

  it('finds the payment of an invoice from the payment', async () => {
    const payments = await served.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: 'pi_004' },
    });
    expect(payments.data.map((payment) => payment.invoice)).toEqual(['in_004']);
    expect(
      (await served.stripe.invoicePayments.list({ limit: 3 }).autoPagingToArray({ limit: 100 })).length,
    ).toBe(25);
  });
});

describe('search', () => {
  it('finds customers by email, name and metadata', async () => {
    const { customers } = served.stripe;
    for (const query of [
      'email:"ops@acme.example"',
      'name~"acme"',
      'metadata["psizero_id"]:"psz_acme"',
      'name~"inc" AND -email:"ops@broke.example"',
    ])
      expect(ids(await customers.search({ query })), query).toEqual(['cus_acme']);
    await expect(customers.search({ query: 'give me all' })).rejects.toThrow('unable to parse');
  });
});
