import fc from 'fast-check';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Served, serveFew } from './served-stripe.ts';

let served: Served;

beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

describe('refunds', () => {
  it('gives back part of a charge, then the rest, and shows both on the charge', async () => {
    const { stripe } = served;
    const first = await stripe.refunds.create(
      { charge: 'ch_001', amount: 600, reason: 'requested_by_customer', metadata: { ticket: 't_1' } },
      { idempotencyKey: 'refund-1' },
    );
    expect(first).toMatchObject({ object: 'refund', amount: 600, status: 'succeeded', charge: 'ch_001' });
    expect(first.metadata).toEqual({ ticket: 't_1' });
    await stripe.refunds.create({ payment_intent: 'pi_001' });
    const charge = await stripe.charges.retrieve('ch_001', { expand: ['refunds'] });
    expect(charge).toMatchObject({ amount_refunded: 10_600, refunded: true });
    expect(charge.refunds?.data.map((refund) => refund.amount)).toEqual([10_000, 600]);
    expect(
      served.effects.map((effect) => [
        effect.kind,
        effect.key?.slice(0, 8),
        effect.customer,
        effect.amountMinor,
        effect.currency,
      ]),
    ).toEqual([
      ['refund.created', 'refund-1', 'psz_acme', 600, 'USD'],
      ['refund.created', 'stripe-n', 'psz_acme', 10_000, 'USD'],
    ]);
  });

  it('finds a refund again by its charge and updates its metadata', async () => {
    const { stripe } = served;
    const made = await stripe.refunds.create({ charge: 'ch_002', amount: 5, metadata: { key: 'k' } });
    const listed = await stripe.refunds.list({ charge: 'ch_002' });
    expect(listed.data.map((refund) => refund.id)).toEqual([made.id]);
    const updated = await stripe.refunds.update(made.id, { metadata: { key: '', other: 'o' } });
    expect(updated.metadata).toEqual({ other: 'o' });
  });

  const refusals: [string, Stripe.RefundCreateParams, string | undefined, RegExp][] = [
    [
      'more than was charged',
      { charge: 'ch_003', amount: 10_601 },
      undefined,
      /\(\$106\.01\) is greater than charge amount \(\$106\.00\)/,
    ],
    ['a charge that does not exist', { charge: 'ch_none' }, 'resource_missing', /No such charge: 'ch_none'/],
    ['nothing', { charge: 'ch_003', amount: 0 }, 'parameter_invalid_integer', /greater than or equal to 1/],
    ['no charge at all', { amount: 5 }, 'parameter_missing', /Missing required param: charge/],
    [
      'a charge of which nothing is left',
      { charge: 'ch_spent' },
      'charge_already_refunded',
      /has already been refunded/,
    ],
    ['a charge that failed', { charge: 'ch_failed' }, 'charge_not_refundable', /has not succeeded/],
    ['a charge that was charged back', { charge: 'ch_disputed' }, 'charge_disputed', /charged back/],
  ];
  it.each(refusals)('refuses to refund %s and changes nothing', async (_name, params, code, message) => {
    const { world, stripe } = served;
    const charge = world.get('charges', 'ch_003');
    if (!charge) throw new Error('no charge');
    world.put('charges', { ...charge, id: 'ch_spent', amountRefunded: charge.amount });
    world.put('charges', { ...charge, id: 'ch_failed', status: 'failed', declineCode: 'do_not_honor' });
    world.put('charges', { ...charge, id: 'ch_disputed', disputed: true });
    const error = await stripe.refunds.create(params).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(served.effects).toEqual([]);
    expect(world.all('refunds')).toEqual([]);
  });

  it('says how much is left when a second refund asks for more', async () => {
    const { stripe } = served;
    await stripe.refunds.create({ charge: 'ch_004', amount: 10_000 });
    await expect(stripe.refunds.create({ charge: 'ch_004', amount: 601 })).rejects.toThrow(
      'Refund amount ($6.01) is greater than unrefunded amount on charge ($6.00)',
    );
  });

  it('keeps amount_refunded equal to the sum of the refunds, whatever is asked', async () => {
    const { stripe } = served;
    let next = 5;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 6 }),
        async (amounts) => {
          next += 1;
          const charge = `ch_${String(next).padStart(3, '0')}`;
          for (const amount of amounts)
            await stripe.refunds.create({ charge, amount }).catch(() => undefined);
          const refunds = await stripe.refunds.list({ charge }).autoPagingToArray({ limit: 100 });
          const { amount, amount_refunded } = await stripe.charges.retrieve(charge);
          expect(amount_refunded).toBe(refunds.reduce((sum, refund) => sum + refund.amount, 0));
          expect(amount_refunded).toBeLessThanOrEqual(amount);
        },
      ),
      { numRuns: 15 },
    );
  });
});
