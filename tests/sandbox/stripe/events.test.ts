import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from './memory-world.ts';
import { openInvoice, type Served, serveFew, serveStripe } from './served-stripe.ts';

let served: Served;

beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

const types = (events: { type: string }[]) => events.map((event) => event.type);
const invoiceIn = (event: Stripe.Event | undefined) => {
  if (event?.data.object.object !== 'invoice') throw new Error('not about an invoice');
  return event.data.object;
};

describe('events', () => {
  it('tells every change once, newest first, with the object as it was then', async () => {
    const invoice = await openInvoice(served, 'cus_acme');
    await served.stripe.invoices.pay(invoice.id);
    const live = (await served.stripe.events.list({ limit: 9 })).data;
    expect(types(live)).toEqual([
      'invoice_payment.paid',
      'invoice.payment_succeeded',
      'invoice.paid',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.finalized',
      'payment_intent.created',
      'invoice.updated',
      'invoice.created',
    ]);
    expect(invoiceIn(live[8])).toMatchObject({ status: 'draft', total: 0 });
    expect(invoiceIn(live[7])).toMatchObject({ status: 'draft', total: 5_000 });
    expect(live[7]?.data.previous_attributes).toMatchObject({ total: 0 });
    expect(invoiceIn(live[5])).toMatchObject({ status: 'open', amount_remaining: 5_000 });
    expect(invoiceIn(live[2])).toMatchObject({ status: 'paid', amount_remaining: 0 });
  });

  it('names the request that caused it', async () => {
    const refund = await served.stripe.refunds.create(
      { charge: 'ch_001', amount: 1 },
      { idempotencyKey: 'why' },
    );
    const told = (await served.stripe.events.list({ type: 'refund.created' })).data;
    expect(told).toHaveLength(1);
    const [event] = told;
    expect(event?.request).toEqual({ id: refund.lastResponse.requestId, idempotency_key: 'why' });
    expect(await served.stripe.events.retrieve(event?.id ?? '')).toEqual(event);
  });

  it('knows what happened before the world was handed over, and filters it', async () => {
    const paid = await served.stripe.events.list({ type: 'invoice.paid', limit: 100 });
    expect(paid.data).toHaveLength(25);
    expect(invoiceIn(paid.data[0])).toMatchObject({ id: 'in_024', status: 'paid' });
    const created = await served.stripe.events.list({ type: 'invoice.created', limit: 1 });
    expect(invoiceIn(created.data[0])).toMatchObject({ id: 'in_024', status: 'draft', number: null });
    const both = await served.stripe.events.list({ types: ['charge.*', 'refund.created'], limit: 100 });
    expect(new Set(types(both.data))).toEqual(new Set(['charge.succeeded']));
    const newer = await served.stripe.events.list({
      ending_before: paid.data[3]?.id ?? '',
      type: 'invoice.paid',
    });
    expect(newer.data.map(({ id }) => id)).toEqual(paid.data.slice(0, 3).map(({ id }) => id));
  });

  it('gives the same history after a restart, and what happened since', async () => {
    await served.stripe.refunds.create({ charge: 'ch_001', amount: 1 });
    const list = (stripe: Stripe) => stripe.events.list({ limit: 20 }).autoPagingToArray({ limit: 1_000 });
    const before = await list(served.stripe);
    const restarted = await serveStripe(served.world, served.keep);
    expect((await list(restarted.stripe)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    await restarted.close();
  });

  it('forgets after thirty days', async () => {
    await served.stripe.refunds.create({ charge: 'ch_001', amount: 1 });
    const [old] = (await served.stripe.events.list({ limit: 1 })).data;
    served.world.moveTo(served.world.now() + 31 * DAY);
    expect((await served.stripe.events.list()).data).toEqual([]);
    await expect(served.stripe.events.retrieve(old?.id ?? '')).rejects.toMatchObject({
      code: 'resource_missing',
    });
    served.world.moveTo(served.world.now() + DAY);
    await served.stripe.refunds.create({ charge: 'ch_001', amount: 1 });
    expect(served.keep.all('stripe.events')).toHaveLength(2);
  });

  it('sends every live event, and only those, as a webhook the client accepts as it stands', async () => {
    expect(served.webhooks).toEqual([]);
    await served.stripe.refunds.create({ charge: 'ch_001', amount: 1 });
    const listed = (await served.stripe.events.list({ limit: 2 })).data;
    const sent: { id: string; type: string }[] = served.webhooks
      .map(({ body }) => JSON.parse(body))
      .reverse();
    expect(sent.map(({ id, type }) => [id, type])).toEqual(listed.map(({ id, type }) => [id, type]));
  });

  it('starts anew with a new world', async () => {
    await served.stripe.customers.update('cus_acme', { description: 'VIP' });
    served.reset();
    expect(types((await served.stripe.events.list({ limit: 1 })).data)).not.toEqual(['customer.updated']);
    expect(await served.stripe.customers.retrieve('cus_acme')).toMatchObject({ description: null });
    const before = served.webhooks.length;
    await served.stripe.customers.update('cus_acme', { description: 'New' });
    expect(served.webhooks.length).toBe(before + 1);
  });
});
