import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld } from '../../../sandbox/world/world.ts';
import { DAY, NOW } from './memory-world.ts';
import { serveStripe } from './served-stripe.ts';

/** The company as it is generated, small. */
const world = createWorld({ seed: 7, now: NOW, scale: 0.2 });
let served: Awaited<ReturnType<typeof serveStripe>>;

beforeAll(async () => {
  served = await serveStripe(world);
});
afterAll(() => served.close());

const every = { limit: 10_000 };

describe('the whole company', () => {
  it('lists every record of the books exactly once, newest first', async () => {
    const { stripe } = served;
    const lists: [string, { id: string; created: number }[], number][] = [
      [
        'customers',
        await stripe.customers.list({ limit: 100 }).autoPagingToArray(every),
        world.all('customers').length,
      ],
      [
        'invoices',
        await stripe.invoices.list({ limit: 100 }).autoPagingToArray(every),
        world.all('invoices').length,
      ],
      [
        'charges',
        await stripe.charges.list({ limit: 100 }).autoPagingToArray(every),
        world.all('charges').length,
      ],
      [
        'refunds',
        await stripe.refunds.list({ limit: 100 }).autoPagingToArray(every),
        world.all('refunds').length,
      ],
      [
        'subscriptions',
        await stripe.subscriptions.list({ limit: 100, status: 'all' }).autoPagingToArray(every),
        world.all('subscriptions').length,
      ],
    ];
    for (const [name, rows, count] of lists) {
      expect(new Set(rows.map(({ id }) => id)).size, name).toBe(count);
      expect(rows.length, name).toBe(count);
      expect(
        rows.every((row, place) => row.created <= (rows[place - 1]?.created ?? Infinity)),
        name,
      ).toBe(true);
    }
  });

  it('tells in the month of events of every invoice that was paid in it', async () => {
    const events = await served.stripe.events
      .list({ type: 'invoice.paid', limit: 100 })
      .autoPagingToArray(every);
    const paid = world.all('invoices').filter(({ paidAt }) => paidAt !== null && paidAt >= NOW - 30 * DAY);
    expect(paid.length).toBeGreaterThan(5);
    expect(new Set(events.map(({ data }) => 'id' in data.object && data.object.id))).toEqual(
      new Set(paid.map(({ id }) => id)),
    );
  });

  it('sends what happens in the next ten days, in order, each listed as an event', async () => {
    const before = served.webhooks.length;
    world.advanceTo(NOW + 10 * DAY);
    const sent: { id: string; created: number }[] = served.webhooks
      .slice(before)
      .map(({ body }) => JSON.parse(body));
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.every((event, place) => event.created >= (sent[place - 1]?.created ?? 0))).toBe(true);
    const listed = await served.stripe.events
      .list({ created: { gt: Math.floor(NOW / 1000) }, limit: 100 })
      .autoPagingToArray(every);
    expect(listed.map(({ id }) => id).reverse()).toEqual(sent.map(({ id }) => id));
  });

  it('leaves the books in order after a refund through the API', async () => {
    const charge = world
      .all('charges')
      .findLast((one) => one.status === 'succeeded' && one.amountRefunded === 0 && !one.disputed);
    if (!charge) throw new Error('nothing to refund');
    const refund = await served.stripe.refunds.create({ charge: charge.id, amount: 1 });
    expect(world.get('refunds', refund.id)).toMatchObject({
      chargeId: charge.id,
      amount: 1,
      status: 'succeeded',
    });
    expect(world.get('charges', charge.id)?.amountRefunded).toBe(1);
    expect(served.effects.at(-1)).toMatchObject({ kind: 'refund.created', customer: charge.customerId });
  });
});
