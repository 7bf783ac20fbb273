import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PsizeroApi } from '../../src/connectors/psizero/api.ts';
import { psizeroResources } from '../../src/connectors/psizero/resources.ts';
import { customerSchema, planSchema, readPerformance, readUsage } from '../../src/connectors/psizero/rows.ts';
import { readRows } from '../../src/connectors/reading.ts';
import { OutsideError } from '../../src/connectors/resilience.ts';
import { isoMinor, stripeMinor } from '../../src/connectors/stripe/amounts.ts';
import { addRow, emptyRows } from '../../src/connectors/stripe/rows.ts';
import { ticketSchema } from '../../src/connectors/supabase/rows.ts';
import type { SyncPage } from '../../src/domain/sync.ts';
import { fixedClock } from '../../src/lib/clock.ts';

const usage = {
  customer_id: 'psz_1',
  bucket_start_at: '2026-11-20T08:00:00.000Z',
  category: 'search',
  calls: 10,
  errors_4xx: 1,
  errors_5xx: 0,
};
const usageSchema = z.object({
  customer_id: z.string().min(1),
  bucket_start_at: z.iso.datetime({ offset: true }),
  category: z.string(),
  calls: z.int().nonnegative(),
  errors_4xx: z.int().nonnegative(),
  errors_5xx: z.int().nonnegative(),
});

describe('usage rows, checked by hand', () => {
  it('are read', () => {
    expect(readUsage([usage])).toEqual({
      rows: [{ ...usage, bucket_start_at: Date.parse(usage.bucket_start_at) }],
      malformed: [],
    });
  });

  it.each([
    ['calls', -1],
    ['calls', 1.5],
    ['calls', '10'],
    ['errors_5xx', null],
    ['bucket_start_at', 'yesterday'],
    ['bucket_start_at', 1_700_000_000],
    ['customer_id', ''],
    ['category', undefined],
  ])('with %s = %j are named and left out; the others stand', (field, value) => {
    const { rows, malformed } = readUsage([usage, { ...usage, [field]: value }]);
    expect(rows).toHaveLength(1);
    expect(malformed).toHaveLength(1);
    expect(malformed[0]?.resource).toBe('usage_metrics');
  });

  it('are judged as a schema would judge them', () => {
    const odd = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(usage)), odd, (field, value) => {
        const row = { ...usage, [field]: value };
        expect(readUsage([row]).rows.length === 1).toBe(usageSchema.safeParse(row).success);
      }),
    );
  });

  it.each([[null], ['text'], [[]], [{}]])('never crash on %j', (row) => {
    expect(readUsage([row]).malformed).toHaveLength(1);
    expect(readPerformance([row]).malformed).toHaveLength(1);
  });
});

describe('rows of other collections', () => {
  it('name the source, the id and the field that is wrong', () => {
    const { rows, malformed } = readRows('customers', customerSchema, [{ id: 'psz_1', name: 7 }]);
    expect(rows).toEqual([]);
    expect(malformed).toMatchObject([
      { resource: 'customers', id: 'psz_1', what: expect.stringContaining('name') },
    ]);
  });
});

describe('objects of Stripe', () => {
  const charge = {
    id: 'ch_1',
    object: 'charge',
    payment_intent: { id: 'pi_1' },
    customer: 'cus_1',
    status: 'failed',
    currency: 'isk',
    amount: 500_00,
    amount_refunded: 0,
    disputed: false,
    failure_code: 'card_declined',
    outcome: { reason: 'insufficient_funds' },
    payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    created: 5,
  };
  it('become rows in ISO minor units, with the reason of the bank', () => {
    const rows = emptyRows();
    expect(addRow(rows, 'charge', charge, 9)).toBeNull();
    expect(rows.payments).toMatchObject([
      {
        payment_intent_id: 'pi_1',
        currency: 'ISK',
        amount_minor: 500,
        decline_code: 'insufficient_funds',
        method: 'visa 4242',
        created_at: 5_000,
        seen_at: 9,
      },
    ]);
  });

  it.each(['subscription', 'invoice', 'charge', 'refund', 'credit_note', 'invoice_payment'] as const)(
    'that are no %s are named, never thrown',
    (kind) => {
      fc.assert(
        fc.property(fc.anything(), (thing) => {
          const rows = emptyRows();
          expect(addRow(rows, kind, thing, 1)).toMatchObject({ resource: kind });
        }),
      );
    },
  );

  it('amounts go to ISO and back unchanged', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('USD', 'JPY', 'ISK', 'UGX', 'MGA', 'KWD'),
        fc.nat(1_000_000),
        (currency, whole) => {
          const iso = currency === 'MGA' ? whole * 100 : whole;
          expect(isoMinor(stripeMinor(iso, currency), currency)).toBe(iso);
        },
      ),
    );
  });
});

describe('what was added later', () => {
  const ticket = {
    ...{ id: 't1', customer_id: 'c1', subject: 'Hello', body: 'World', status: 'closed', priority: 'low' },
    ...{ opened_at: '2026-11-01T10:00:00Z', first_response_at: null, closed_at: '2026-11-02T10:00:00Z' },
    updated_at: '2026-11-02T10:00:00Z',
  };

  it('is unknown where a source does not have it yet', () => {
    expect(ticketSchema.parse(ticket)).toMatchObject({ csat_score: null, csat_rated_at: null });
    const plan = { id: 'growth', name: 'Growth', updated_at: '2026-11-02T10:00:00Z' };
    expect(planSchema.parse(plan)).toMatchObject({ included_calls: null, overage_prices: '{}' });
  });

  it.each([[0], [6], [4.5], ['5']])('is refused where it is no mark: %j', (csat_score) => {
    expect(ticketSchema.safeParse({ ...ticket, csat_score }).success).toBe(false);
  });

  it('is an empty catalogue where the API has none, and an error where it is only out of order', async () => {
    const read = async (status: number) => {
      const api: PsizeroApi = {
        page: async () => {
          throw new OutsideError('the PsiZero API', status, `status ${status}`);
        },
      };
      const plans = psizeroResources(api, fixedClock(5), 'UTC').find(({ name }) => name === 'plans');
      const pages: SyncPage[] = [];
      await plans?.read(null, (page) => pages.push(page));
      return pages.map(({ rows, dataThroughAt }) => ({ rows, dataThroughAt }));
    };
    expect(await read(404)).toEqual([{ rows: { plans: [] }, dataThroughAt: 5 }]);
    await expect(read(403)).rejects.toThrow('plans');
  });
});
