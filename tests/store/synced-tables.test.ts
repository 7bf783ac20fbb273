import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncRow } from '../../src/domain/sync.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createSyncStore, type SyncStore } from '../../src/store/sync.ts';

const customer = (id: string, stripeId: string | null, updatedAt = 1): SyncRow['customers'] => ({
  id,
  name: `Name of ${id}`,
  domain: `${id}.example`,
  email: `billing@${id}.example`,
  country: 'US',
  region: 'CA',
  currency: 'USD',
  segment: 'startup',
  channel: 'web',
  owner_email: null,
  stripe_customer_id: stripeId,
  signed_up_at: 1,
  updated_at: updatedAt,
});
const payment = (id: string, over: Partial<SyncRow['payments']> = {}): SyncRow['payments'] => ({
  id,
  payment_intent_id: 'pi_1',
  invoice_id: null,
  customer_id: 'cus_1',
  status: 'succeeded',
  currency: 'USD',
  amount_minor: 1_000,
  amount_refunded_minor: 0,
  decline_code: null,
  method: 'visa 4242',
  disputed: 0,
  created_at: 5,
  seen_at: 1_000,
  ...over,
});
const refund = (id: string, paymentId: string): SyncRow['refunds'] => ({
  id,
  payment_id: paymentId,
  customer_id: paymentId,
  status: 'succeeded',
  currency: 'USD',
  amount_minor: 100,
  reason: null,
  created_at: 6,
  seen_at: 1_000,
});

let store: Store;
let syncs: SyncStore;
beforeEach(() => {
  store = openStore(':memory:');
  syncs = createSyncStore(store);
});
afterEach(() => store.close());

const onlyPayment = () => store.db.selectFrom('payments').selectAll().executeTakeFirstOrThrow();
const apply = (rows: Parameters<SyncStore['applyRows']>[0]['rows']) => syncs.applyRows({ rows });

describe('rows of two sources that belong together', () => {
  const pieces = {
    customer: () => apply({ customers: [customer('psz_1', 'cus_1')] }),
    payment: () => apply({ payments: [payment('ch_1')] }),
    link: () => apply({ invoice_payments: [{ payment_intent_id: 'pi_1', invoice_id: 'in_1' }] }),
    refund: () => apply({ refunds: [refund('re_1', 'ch_1')] }),
  };
  const orders: (keyof typeof pieces)[][] = [
    ['customer', 'payment', 'link', 'refund'],
    ['refund', 'link', 'payment', 'customer'],
    ['payment', 'refund', 'customer', 'link'],
    ['link', 'refund', 'customer', 'payment'],
  ];
  it.each(orders)('find each other when they arrive as %s, %s, %s, %s', async (...order) => {
    for (const piece of order) pieces[piece]();
    expect(await onlyPayment()).toMatchObject({ customer_id: 'psz_1', invoice_id: 'in_1' });
    const refunds = await store.db.selectFrom('refunds').selectAll().execute();
    expect(refunds).toMatchObject([{ customer_id: 'psz_1' }]);
  });

  it('keep the link to the invoice when the payment is seen again without it', async () => {
    pieces.link();
    pieces.payment();
    apply({ payments: [payment('ch_1', { seen_at: 2_000, amount_refunded_minor: 50 })] });
    expect(await onlyPayment()).toMatchObject({ invoice_id: 'in_1', amount_refunded_minor: 50 });
  });
});

describe('an older state of a row', () => {
  it('never overwrites a newer one', async () => {
    apply({ payments: [payment('ch_1', { seen_at: 2_000, amount_refunded_minor: 500 })] });
    apply({ payments: [payment('ch_1', { seen_at: 1_000, amount_refunded_minor: 0 })] });
    expect((await onlyPayment()).amount_refunded_minor).toBe(500);
  });

  it('gives way to a newer one', async () => {
    apply({ payments: [payment('ch_1', { seen_at: 1_000 })] });
    apply({ payments: [payment('ch_1', { seen_at: 2_000, status: 'failed' })] });
    expect((await onlyPayment()).status).toBe('failed');
  });
});

describe('a page and its cursor', () => {
  const page = (rows: SyncRow['customers'][], cursor: string) => ({
    rows: { customers: rows },
    malformed: [],
    cursor,
    dataThroughAt: 9,
  });

  it('are stored together', () => {
    syncs.apply('psizero', 'customers', page([customer('psz_1', null)], 'c1'));
    expect(syncs.state('psizero', 'customers')).toMatchObject({ cursor: 'c1', dataThroughAt: 9 });
  });

  it('are neither stored when a row cannot be', () => {
    syncs.apply('psizero', 'customers', page([customer('psz_1', 'cus_1')], 'c1'));
    const twice = page([customer('psz_2', null), customer('psz_3', 'cus_1')], 'c2');
    expect(() => syncs.apply('psizero', 'customers', twice)).toThrow();
    expect(syncs.state('psizero', 'customers').cursor).toBe('c1');
    expect(syncs.counts(['customers'])).toEqual({ customers: 1 });
  });

  it('give identical rows when they are applied twice', async () => {
    const rows = [customer('psz_1', 'cus_1'), customer('psz_2', 'cus_2')];
    syncs.apply('psizero', 'customers', page(rows, 'c1'));
    const once = await store.db.selectFrom('customers').selectAll().execute();
    syncs.apply('psizero', 'customers', page(rows, 'c1'));
    expect(await store.db.selectFrom('customers').selectAll().execute()).toEqual(once);
  });
});
