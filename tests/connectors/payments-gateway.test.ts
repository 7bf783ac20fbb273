import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPaymentsGateway } from '../../src/connectors/stripe/payments-gateway.ts';
import type { PaymentsGateway } from '../../src/domain/ports.ts';
import { openWorkspace } from './workspace.ts';

let workspace: Awaited<ReturnType<typeof openWorkspace>>;
let gateway: PaymentsGateway;
beforeAll(async () => {
  workspace = await openWorkspace(0.03, { webhooks: false });
  gateway = createPaymentsGateway(workspace.stripe);
});
afterAll(() => workspace.close());
beforeEach(() => workspace.faults.clear());

/** A charge of the company that can be refunded, a different one each time. */
let used = 0;
function refundable() {
  const charges = workspace.world
    .all('charges')
    .filter((charge) => charge.status === 'succeeded' && charge.amountRefunded === 0 && !charge.disputed);
  const charge = charges.at(-1 - used);
  used += 1;
  if (charge === undefined) throw new Error('the world has too few charges');
  return charge;
}
const refundsOf = (chargeId: string) =>
  workspace.world.all('refunds').filter((refund) => refund.chargeId === chargeId);
const input = (charge: ReturnType<typeof refundable>, key: string, minor = 100) => ({
  paymentId: charge.id,
  amount: { minor, currency: charge.currency },
  reason: 'requested_by_customer' as const,
  idempotencyKey: key,
});
const fault = (kind: 'drop_response' | 'http_500' | 'rate_limit' | 'malformed', count: number) =>
  workspace.faults.add({ system: 'stripe', kind, match: 'POST /v1/refunds', count, ms: 0 });

describe('reading at Stripe', () => {
  it('gives a payment as it is there, with its invoice', async () => {
    const charge = refundable();
    expect(await gateway.getPayment(charge.id)).toEqual({
      id: charge.id,
      stripeCustomerId: workspace.world.get('customers', charge.customerId)?.stripeId,
      status: 'succeeded',
      amount: { minor: charge.amount, currency: charge.currency },
      amountRefunded: { minor: 0, currency: charge.currency },
      invoiceId: charge.invoiceId,
      disputed: false,
      createdAt: Math.floor(charge.createdAt / 1000) * 1000,
    });
  });

  it.each(['getPayment', 'getInvoice'] as const)('%s says so when there is none', async (read) => {
    await expect(gateway[read]('xx_nowhere')).rejects.toMatchObject({ name: 'UserError', code: 'not_found' });
  });
});

describe('a refund', () => {
  it('is made, and found again by its key', async () => {
    const charge = refundable();
    const refund = await gateway.createRefund(input(charge, 'key_made'));
    expect(refund).toMatchObject({ status: 'succeeded', amount: { minor: 100, currency: charge.currency } });
    expect(await gateway.findRefund(charge.id, 'key_made')).toEqual(refund);
    expect(await gateway.findRefund(charge.id, 'another_key')).toBeNull();
  });

  it('asked for twice with one key exists once', async () => {
    const charge = refundable();
    const first = await gateway.createRefund(input(charge, 'key_twice'));
    expect(await gateway.createRefund(input(charge, 'key_twice'))).toEqual(first);
    expect(refundsOf(charge.id)).toHaveLength(1);
  });

  it.each(['drop_response', 'http_500', 'rate_limit', 'malformed'] as const)(
    'exists once after %s',
    async (kind) => {
      const charge = refundable();
      fault(kind, 1);
      await gateway.createRefund(input(charge, `key_${kind}`));
      expect(refundsOf(charge.id)).toHaveLength(1);
    },
  );

  it('whose answer never comes is unknown, not failed, and can be looked up', async () => {
    const charge = refundable();
    fault('drop_response', 100);
    await expect(gateway.createRefund(input(charge, 'key_lost'))).rejects.toMatchObject({
      code: 'effect_unknown',
    });
    workspace.faults.clear();
    // The stand-in is left alone for a moment after so much trouble.
    await expect
      .poll(() => gateway.findRefund(charge.id, 'key_lost').catch(() => null), { timeout: 8_000 })
      .toMatchObject({
        status: 'succeeded',
      });
    expect(refundsOf(charge.id)).toHaveLength(1);
  });

  it('that Stripe refuses says why in plain words and changes nothing', async () => {
    const charge = refundable();
    await expect(gateway.createRefund(input(charge, 'key_much', charge.amount + 1))).rejects.toMatchObject({
      name: 'UserError',
      code: 'conflict',
    });
    await gateway.createRefund(input(charge, 'key_all', charge.amount));
    await expect(gateway.createRefund(input(charge, 'key_again'))).rejects.toThrow(/already been refunded/);
    expect(refundsOf(charge.id)).toHaveLength(1);
  });

  it('that was only ever turned away for haste is known not to exist', async () => {
    const charge = refundable();
    fault('rate_limit', 100);
    await expect(gateway.createRefund(input(charge, 'key_haste'))).rejects.toMatchObject({
      code: 'source_unavailable',
    });
    expect(refundsOf(charge.id)).toHaveLength(0);
  });
});
