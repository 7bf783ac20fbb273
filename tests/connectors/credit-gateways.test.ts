import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InvoiceRecord } from '../../sandbox/world/records.ts';
import { createBalanceGateway } from '../../src/connectors/stripe/balance-gateway.ts';
import { createCreditNoteGateway } from '../../src/connectors/stripe/credit-note-gateway.ts';
import { createSubscriptionGateway } from '../../src/connectors/stripe/subscription-gateway.ts';
import { changeLines } from '../../src/domain/billing/changes/change-preview.ts';
import type {
  BalanceGateway,
  CreditNoteGateway,
  SubscriptionGateway,
} from '../../src/domain/billing/gateways.ts';
import { plannedCreditNote } from '../../src/tools/credits/asked-credit-note.ts';
import { openWorkspace } from './workspace.ts';

let workspace: Awaited<ReturnType<typeof openWorkspace>>;
let balances: BalanceGateway;
let notes: CreditNoteGateway;
let subscriptions: SubscriptionGateway;
beforeAll(async () => {
  workspace = await openWorkspace(0.03, { webhooks: false });
  balances = createBalanceGateway(workspace.stripe);
  subscriptions = createSubscriptionGateway(workspace.stripe);
  notes = createCreditNoteGateway(workspace.stripe);
});
afterAll(() => workspace.close());
beforeEach(() => workspace.faults.clear());

const drop = (match: string) =>
  workspace.faults.add({ system: 'stripe', kind: 'drop_response', match, count: 1, ms: 0 });

describe('the balance of a customer', () => {
  it('is credited once under its key, also after a lost answer, and found again', async () => {
    const customer = workspace.world.all('customers')[3];
    if (!customer) throw new Error('no customer');
    const { stripeId, currency } = customer;
    const amount = { minor: 5_000, currency };
    drop('POST /v1/customers');
    const credit = { stripeCustomerId: stripeId, amount, description: 'Credit', idempotencyKey: 'k1' };
    const made = await balances.creditBalance(credit);
    expect(made.balance).toEqual(amount);
    expect(await balances.creditBalance(credit)).toEqual(made);
    expect(await balances.getBalance(stripeId)).toEqual(amount);
    expect(await balances.findBalanceCredit(stripeId, 'k1')).toEqual(made);
    expect(await balances.findBalanceCredit(stripeId, 'k2')).toBeNull();
    await balances.creditBalance({ ...credit, amount: { minor: -5_000, currency }, idempotencyKey: 'k3' });
    expect(await balances.getBalance(stripeId)).toEqual({ minor: 0, currency });
  });
});

/** Invoices of each kind in the world, with discount and tax where there are such. */
function invoiceLike(fits: (invoice: InvoiceRecord) => boolean): InvoiceRecord {
  const credited = new Set(workspace.world.all('creditNotes').map((note) => note.invoiceId));
  const found = workspace.world
    .all('invoices')
    .findLast((one) => one.total > 2_000 && !credited.has(one.id) && fits(one));
  if (!found) throw new Error('the world has no such invoice');
  return found;
}
const wish = (kind: 'rest' | 'percent') => (kind === 'rest' ? { kind } : { kind, percent: '33' });

describe('a credit note', () => {
  it.each<[string, (invoice: InvoiceRecord) => boolean]>([
    ['an open invoice', (one) => one.status === 'open'],
    ['a paid invoice', (one) => one.status === 'paid'],
    ['a paid invoice with tax', (one) => one.status === 'paid' && one.tax > 0],
    ['a paid invoice with a discount', (one) => one.status === 'paid' && one.discountAmount > 0],
  ])('of a third and then of the rest gives %s back to the cent', async (_name, fits) => {
    const invoice = invoiceLike(fits);
    const parts: number[] = [];
    for (const kind of ['percent', 'rest'] as const) {
      const live = await notes.getCreditable(invoice.id);
      const planned = plannedCreditNote(live, {
        wish: wish(kind),
        to: 'balance',
        reason: 'order_change',
        memo: 'Test',
      });
      const total = await notes.previewCreditNote(planned.asked);
      expect(total.minor).toBe(Number(planned.note.totalMinor));
      if (kind === 'percent') drop('POST /v1/credit_notes');
      const made = await notes.createCreditNote({
        ...planned.asked,
        idempotencyKey: `${invoice.id}:${kind}`,
      });
      expect(made.total).toEqual(total);
      expect(await notes.findCreditNote(invoice.id, `${invoice.id}:${kind}`)).toEqual(made);
      parts.push(made.total.minor);
    }
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(invoice.total);
    const issued = workspace.world.all('creditNotes').filter((note) => note.invoiceId === invoice.id);
    expect(issued).toHaveLength(2);
  });

  it('that Stripe would not take is refused before anything is made', async () => {
    const invoice = invoiceLike((one) => one.status === 'void' || one.status === 'uncollectible');
    const money = { minor: 100, currency: invoice.currency };
    const zero = { ...money, minor: 0 };
    const asked = {
      invoiceId: invoice.id,
      lines: [{ invoiceLineId: invoice.lines[0]?.id ?? '', amount: money, taxes: [] }],
      ...{ refund: zero, balance: zero, outOfBand: zero, reason: null, memo: 'Test' },
    };
    await expect(notes.previewCreditNote(asked)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a change of a subscription', () => {
  /** A running one of a customer who can pay, each time another. */
  let used = 0;
  const running = () => {
    const all = workspace.world
      .all('subscriptions')
      .filter(
        (one) =>
          one.status === 'active' &&
          one.plan === 'growth' &&
          one.interval === 'month' &&
          one.discount === null,
      );
    used += 1;
    const found = all[used];
    if (!found) throw new Error('the world has too few subscriptions');
    return found;
  };

  it.each(['no', 'a'] as const)(
    'is previewed to the cent with %s discount, and billed once',
    async (discount) => {
      const before = running();
      if (discount === 'a') {
        await workspace.stripe.client.coupons.create({ id: 'quarter', percent_off: 25, duration: 'forever' });
        drop(`POST /v1/subscriptions`);
        const use = { stripeSubscriptionId: before.id, couponId: 'quarter', idempotencyKey: 'c1' };
        expect(await subscriptions.applyCoupon(use)).toMatchObject({ lastChangeKey: 'c1' });
        expect(await subscriptions.listCoupons()).toContainEqual(
          expect.objectContaining({ id: 'quarter', percentOff: '25', valid: true }),
        );
      }
      const live = await subscriptions.getSubscription(before.id);
      expect(live.couponIds).toEqual(discount === 'a' ? ['quarter'] : []);
      const price = (await subscriptions.listPrices()).find(
        (one) =>
          one.name.startsWith('Scale') &&
          one.interval === 'month' &&
          one.unitAmount.currency === before.currency,
      );
      if (!price) throw new Error('no price');
      const change = {
        stripeSubscriptionId: live.id,
        itemId: live.itemId,
        priceId: price.id,
        quantity: 2,
        proration: 'now' as const,
        prorateAt: Math.floor((live.period.startAt + live.period.endAt * 2) / 3000) * 1000,
      };
      const theirs = (await subscriptions.previewChange(change)).map((line) => line.amount);
      const percent = discount === 'a' ? '25' : '0';
      expect(theirs).toEqual(changeLines(live, { price, quantity: 2 }, change.prorateAt, percent));
      const invoices = () => workspace.world.of('invoices', before.customerId).length;
      const had = invoices();
      drop(`POST /v1/subscriptions`);
      const changed = await subscriptions.changeSubscription({ ...change, idempotencyKey: `${live.id}:ch` });
      expect(changed).toMatchObject({ priceId: price.id, quantity: 2, lastChangeKey: `${live.id}:ch` });
      expect(invoices()).toBe(had + 1);
      const billed = workspace.world.of('invoices', before.customerId).at(-1);
      expect(billed?.total).toBe(theirs.reduce((sum, one) => sum + one.minor, 0));
    },
  );
});
