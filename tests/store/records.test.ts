import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SyncRow } from '../../src/domain/sync.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createRecords } from '../../src/store/records.ts';
import { createSyncStore } from '../../src/store/sync.ts';

const NOW = 1_000_000;
const invoice = (id: string, over: Partial<SyncRow['invoices']>): SyncRow['invoices'] => ({
  id,
  number: `PSZ-${id}`,
  customer_id: 'psz_1',
  subscription_id: null,
  status: 'open',
  currency: 'USD',
  subtotal_minor: 1_000,
  tax_minor: 0,
  total_minor: 1_000,
  amount_due_minor: 1_000,
  amount_paid_minor: 0,
  amount_remaining_minor: 1_000,
  attempt_count: 1,
  hosted_url: null,
  created_at: 100,
  finalized_at: 200,
  due_at: 2_000_000,
  paid_at: null,
  voided_at: null,
  uncollectible_at: null,
  service_start_at: null,
  service_end_at: null,
  lines_total_minor: null,
  balance_used_minor: null,
  seen_at: 1,
  ...over,
});
const invoices = [
  invoice('open', { created_at: 110 }),
  invoice('overdue', { due_at: 500_000, created_at: 120 }),
  invoice('yen', { currency: 'JPY', amount_remaining_minor: 2_000, created_at: 130, customer_id: 'psz_2' }),
  invoice('paid', { status: 'paid', paid_at: 900_000, amount_remaining_minor: 0, created_at: 140 }),
  invoice('paid later', { status: 'paid', paid_at: NOW + 1, due_at: 400_000, created_at: 150 }),
  invoice('draft', { status: 'draft', finalized_at: null, number: null, created_at: 160 }),
  invoice('void', { status: 'void', voided_at: 300_000, created_at: 170 }),
  invoice('lost', { status: 'uncollectible', uncollectible_at: 300_000, created_at: 180 }),
];

let store: Store;
let records: ReturnType<typeof createRecords>;
beforeAll(() => {
  store = openStore(':memory:');
  createSyncStore(store).applyRows({
    rows: {
      invoices,
      fx_rates: [
        { day: '2026-01-01', currency: 'JPY', rate: '0.5' },
        { day: '2026-01-02', currency: 'JPY', rate: '0.006' },
        { day: '2026-01-02', currency: 'USD', rate: '1' },
      ],
      tickets: [1, 2, 3].map((n) => ({
        id: `t${n}`,
        customer_id: 'psz_1',
        subject: 's',
        body: 'b',
        status: n === 3 ? 'closed' : 'open',
        priority: 'high',
        opened_at: n,
        first_response_at: null,
        csat_score: null,
        csat_rated_at: null,
        closed_at: n === 3 ? 9 : null,
        updated_at: 1,
      })),
      user_profiles: [
        {
          id: 'u1',
          customer_id: 'psz_1',
          email: 'a@a.example',
          full_name: 'Ann',
          role: 'billing',
          created_at: 1,
          last_seen_at: null,
          updated_at: 1,
        },
      ],
    },
  });
  records = createRecords(store.db);
});
afterAll(() => store.close());

const ids = async (filter: Partial<Parameters<typeof records.listInvoices>[0]>) =>
  (await records.listInvoices({ at: NOW, order: 'oldest', limit: 50, ...filter })).rows.map((row) => row.id);

describe('lists of invoices', () => {
  it.each([
    ['open', ['open', 'overdue', 'yen', 'paid later']],
    ['overdue', ['overdue', 'paid later']],
    ['paid', ['paid']],
    ['draft', ['draft']],
    ['void', ['void']],
    ['uncollectible', ['lost']],
  ] as const)('%s ones as they stood at the instant', async (state, expected) => {
    expect(await ids({ state })).toEqual(expected);
  });

  it('put the largest first across currencies', async () => {
    expect((await ids({ state: 'open', order: 'largest' }))[0]).toBe('yen');
    expect((await ids({ state: 'open', order: 'largest' })).length).toBe(4);
  });

  it('give the total beside the page', async () => {
    const page = await records.listInvoices({ at: NOW, order: 'newest', limit: 2 });
    expect([page.rows.map((row) => row.id), page.total]).toEqual([['lost', 'void'], invoices.length]);
  });

  it('keep to a customer and a half-open period', async () => {
    expect(await ids({ customerId: 'psz_2' })).toEqual(['yen']);
    const createdIn = { startAt: 110, endAt: 130, tz: 'UTC', label: '' };
    expect(await ids({ createdIn })).toEqual(['open', 'overdue']);
  });

  it('are empty, not an error, for a customer nobody knows', async () => {
    expect(await records.listInvoices({ at: NOW, order: 'newest', limit: 5, customerId: 'psz_9' })).toEqual({
      rows: [],
      total: 0,
    });
  });
});

describe('single records', () => {
  it('an invoice is found by its id and by its printed number', async () => {
    expect((await records.getInvoice('open'))?.id).toBe('open');
    expect((await records.getInvoice('PSZ-open'))?.id).toBe('open');
    expect(await records.getInvoice("x' OR 1=1 --")).toBeNull();
  });

  it('tickets are listed newest first, open and closed apart', async () => {
    const open = await records.listTickets({ state: 'open', limit: 1 });
    expect([open.rows.map((row) => row.id), open.total]).toEqual([['t2'], 2]);
    expect((await records.listTickets({ state: 'closed', limit: 5 })).total).toBe(1);
  });

  it('contacts of a customer are listed', async () => {
    expect(await records.listContacts('psz_1')).toEqual([
      { email: 'a@a.example', name: 'Ann', role: 'billing' },
    ]);
  });
});
