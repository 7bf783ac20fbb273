import fc from 'fast-check';
import type { Insertable } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calculateMetric } from '../../src/domain/metrics/calculate.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import type { Schema } from '../../src/store/schema.ts';

const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const nowAt = Date.parse('2026-11-22T22:30:00Z');
const HOUR_MS = 3_600_000;

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

function customer(
  id: string,
  currency: string,
  country: string,
  signedUpAt: number,
): Insertable<Schema['customers']> {
  return {
    id,
    name: `Name of ${id}`,
    domain: `${id}.example`,
    email: `a@${id}.example`,
    country,
    region: '',
    currency,
    segment: 'smb',
    channel: 'web',
    owner_email: null,
    stripe_customer_id: `cus_${id}`,
    signed_up_at: signedUpAt,
    updated_at: signedUpAt,
  };
}

function version(own: Partial<Schema['subscription_versions']>): Insertable<Schema['subscription_versions']> {
  return {
    subscription_id: 's1',
    version: 1,
    customer_id: 'a',
    plan: 'growth',
    status: 'active',
    currency: 'USD',
    unit_amount_minor: 10_000,
    quantity: 1,
    interval: 'month',
    interval_count: 1,
    discount_percent: null,
    discount_amount_minor: null,
    discount_duration: null,
    cancel_at: null,
    valid_from: 0,
    valid_to: null,
    updated_at: 0,
    ...own,
  };
}

function invoice(own: Partial<Schema['invoices']>): Insertable<Schema['invoices']> {
  return {
    id: 'in_1',
    number: null,
    customer_id: 'a',
    subscription_id: null,
    status: 'open',
    currency: 'USD',
    subtotal_minor: 0,
    tax_minor: 0,
    total_minor: 0,
    amount_due_minor: 0,
    amount_paid_minor: 0,
    amount_remaining_minor: 0,
    attempt_count: 0,
    hosted_url: null,
    created_at: 0,
    finalized_at: null,
    due_at: null,
    paid_at: null,
    voided_at: null,
    uncollectible_at: null,
    seen_at: 0,
    ...own,
  };
}

interface Ask {
  period?: [number, number];
  by?: 'customer' | 'plan' | 'country' | 'currency' | 'category';
  filter?: object;
  at?: number;
}

function ask(name: string, { period, by, filter = {}, at = nowAt }: Ask = {}) {
  const asked = period ? { startAt: period[0], endAt: period[1], tz: 'UTC', label: 'asked' } : null;
  const request = { period: asked, nowAt: at, company, filter, by: by ?? null };
  return calculateMetric(name, request, createMetricFacts(store));
}

const at = (text: string) => Date.parse(text);

describe('numbers from the store', () => {
  it('MRR counts active and past due by the instant, forever discounts only, at the rate of that company day', async () => {
    await store.db
      .insertInto('customers')
      .values([customer('a', 'usd', 'US', 1), customer('b', 'eur', 'DE', 1)])
      .execute();
    await store.db
      .insertInto('subscription_versions')
      .values([
        version({ discount_percent: '10', discount_duration: 'forever' }),
        version({
          subscription_id: 's2',
          customer_id: 'b',
          currency: 'eur',
          status: 'past_due',
          discount_percent: '50',
          discount_duration: 'repeating',
        }),
        version({ subscription_id: 's3', customer_id: 'b', currency: 'eur', status: 'trialing' }),
        version({ subscription_id: 's4', customer_id: 'a', valid_from: nowAt + 1 }),
        version({ subscription_id: 's5', customer_id: 'a', valid_to: nowAt }),
      ])
      .execute();
    // 22:30 UTC is the 22nd in Los Angeles, 05:00 UTC the day after still is.
    await store.db
      .insertInto('fx_rates')
      .values([
        { day: '2026-11-22', currency: 'EUR', rate: '1.100000' },
        { day: '2026-11-23', currency: 'EUR', rate: '9' },
      ])
      .execute();
    const mrr = await ask('mrr');
    expect([mrr.value, mrr.rows]).toEqual([9_000 + 11_000, 2]);
    expect(mrr.originals).toEqual([
      { minor: 9_000, currency: 'USD' },
      { minor: 10_000, currency: 'EUR' },
    ]);
    expect((await ask('arr')).value).toBe(12 * 20_000);
    expect((await ask('mrr', { filter: { currency: 'EUR' } })).value).toBe(11_000);
    expect((await ask('mrr', { filter: { country: 'de' } })).value).toBe(11_000);
    expect((await ask('mrr', { filter: { customerId: 'a' } })).value).toBe(9_000);
    const groups = (await ask('mrr', { by: 'customer' })).groups;
    expect(groups?.map(({ label, value }) => [label, value])).toEqual([
      ['Name of b', 11_000],
      ['Name of a', 9_000],
    ]);
  });

  it('a missing rate is refused with the day and the currency, not guessed from the day before', async () => {
    await store.db
      .insertInto('subscription_versions')
      .values(version({ currency: 'EUR' }))
      .execute();
    await store.db
      .insertInto('fx_rates')
      .values({ day: '2026-11-21', currency: 'EUR', rate: '1.1' })
      .execute();
    await expect(ask('mrr')).rejects.toThrow('EUR to USD rate for 2026-11-22');
  });

  it('revenue is by the day it was paid, less tax; net takes off refunds and issued credit notes', async () => {
    const day: [number, number] = [at('2026-10-01T07:00:00Z'), at('2026-11-01T07:00:00Z')];
    await store.db
      .insertInto('invoices')
      .values([
        invoice({ id: 'i1', total_minor: 1200, tax_minor: 200, paid_at: day[0] }),
        invoice({ id: 'i2', total_minor: 5000, paid_at: day[1] }),
        invoice({ id: 'i3', total_minor: 100, paid_at: day[0] - 1 }),
        invoice({ id: 'i4', total_minor: 1000, currency: 'JPY', paid_at: day[1] - 1 }),
      ])
      .execute();
    await store.db
      .insertInto('fx_rates')
      .values({ day: '2026-10-31', currency: 'JPY', rate: '0.006650' })
      .execute();
    const refund = { payment_id: 'p', customer_id: 'a', currency: 'USD', reason: null, seen_at: 0 };
    await store.db
      .insertInto('refunds')
      .values([
        { ...refund, id: 'r1', status: 'succeeded', amount_minor: 300, created_at: day[0] },
        { ...refund, id: 'r2', status: 'pending', amount_minor: 999, created_at: day[0] },
      ])
      .execute();
    const note = { invoice_id: 'i1', customer_id: 'a', currency: 'USD', created_at: day[0], seen_at: 0 };
    await store.db
      .insertInto('credit_notes')
      .values([
        { ...note, id: 'c1', status: 'issued', amount_minor: 50 },
        { ...note, id: 'c2', status: 'void', amount_minor: 999 },
      ])
      .execute();
    expect((await ask('revenue_gross', { period: day })).value).toBe(1000 + 665);
    expect((await ask('refunds', { period: day })).value).toBe(300);
    expect((await ask('revenue_net', { period: day })).value).toBe(1000 + 665 - 350);
  });

  it('receivables leave out what was paid, voided or written off by the instant, and know what was due', async () => {
    const when = at('2026-11-10T12:00:00Z');
    const open = { finalized_at: when - 10, amount_due_minor: 100 };
    await store.db
      .insertInto('invoices')
      .values([
        invoice({ ...open, id: 'auto' }),
        invoice({ ...open, id: 'paid later', paid_at: when + 1, due_at: when + 5 }),
        invoice({ ...open, id: 'due', due_at: when - 1 }),
        invoice({ ...open, id: 'due now', due_at: when }),
        invoice({ ...open, id: 'paid', paid_at: when }),
        invoice({ ...open, id: 'void', voided_at: when }),
        invoice({ ...open, id: 'written off', uncollectible_at: when }),
        invoice({ id: 'draft', amount_due_minor: 100 }),
        invoice({ id: 'later', amount_due_minor: 100, finalized_at: when + 1 }),
      ])
      .execute();
    expect((await ask('receivables_open', { at: when })).value).toBe(400);
    expect((await ask('receivables_overdue', { at: when })).value).toBe(200);
  });

  it('a snapshot of a past period is taken at its last millisecond', async () => {
    const end = at('2026-11-01T07:00:00Z');
    await store.db
      .insertInto('subscription_versions')
      .values([
        version({ valid_to: end }),
        version({ version: 2, unit_amount_minor: 7_000, valid_from: end }),
      ])
      .execute();
    const before = await ask('mrr', { period: [at('2026-10-01T07:00:00Z'), end] });
    expect([before.value, before.asOfAt]).toEqual([10_000, end - 1]);
    expect((await ask('mrr', { period: [end, nowAt + 10] })).asOfAt).toBe(nowAt);
    await expect(ask('mrr', { period: [nowAt + 1, nowAt + 2] })).rejects.toThrow('has not begun');
  });

  it('churn is a fall to none at an instant of the period; a switch at the same instant is not', async () => {
    const start = at('2026-10-01T07:00:00Z');
    const end = at('2026-11-01T07:00:00Z');
    const mid = start + 5 * HOUR_MS;
    await store.db
      .insertInto('subscription_versions')
      .values([
        version({ customer_id: 'switched', subscription_id: 'a1', valid_to: mid }),
        version({ customer_id: 'switched', subscription_id: 'a2', valid_from: mid }),
        version({ customer_id: 'left', subscription_id: 'b1', valid_to: mid }),
        version({
          customer_id: 'left',
          subscription_id: 'b1',
          version: 2,
          status: 'canceled',
          valid_from: mid,
        }),
        version({ customer_id: 'at start', subscription_id: 'c1', valid_to: start }),
        version({ customer_id: 'at end', subscription_id: 'd1', valid_to: end }),
        version({ customer_id: 'came back', subscription_id: 'e1', valid_to: mid }),
        version({ customer_id: 'came back', subscription_id: 'e2', valid_from: mid + 1, plan: 'scale' }),
        version({ customer_id: 'keeps one', subscription_id: 'f1', valid_to: mid }),
        version({ customer_id: 'keeps one', subscription_id: 'f2' }),
        version({ customer_id: 'trial', subscription_id: 'g1', status: 'trialing', valid_to: mid }),
        version({ customer_id: 'dunned', subscription_id: 'h1', valid_to: mid }),
        version({
          customer_id: 'dunned',
          subscription_id: 'h1',
          version: 2,
          status: 'past_due',
          valid_from: mid,
        }),
      ])
      .execute();
    const churned = await ask('churned_customers', { period: [start, end], by: 'customer' });
    expect(churned.groups?.map((group) => group.key).sort()).toEqual(['at start', 'came back', 'left']);
    expect((await ask('churned_customers', { period: [start, end], filter: { plan: 'scale' } })).value).toBe(
      0,
    );
  });

  it('usage is added up whole, by customer, plan and category; no calls have no error rate', async () => {
    const day = at('2026-11-10T08:00:00Z');
    await store.db
      .insertInto('customers')
      .values([customer('a', 'USD', 'US', 1), customer('b', 'EUR', 'DE', 1)])
      .execute();
    const row = { bucket_start_at: day, errors_4xx: 1 };
    await store.db
      .insertInto('usage_daily')
      .values([
        { ...row, customer_id: 'a', category: 'chat', calls: 100, errors_5xx: 2 },
        { ...row, customer_id: 'a', category: 'search', calls: 50, errors_5xx: 0 },
        { ...row, customer_id: 'b', category: 'chat', calls: 50, errors_5xx: 2 },
        {
          ...row,
          customer_id: 'b',
          category: 'chat',
          calls: 999,
          errors_5xx: 9,
          bucket_start_at: day + 24 * HOUR_MS,
        },
      ])
      .execute();
    const period: [number, number] = [day, day + 24 * HOUR_MS];
    expect((await ask('api_calls', { period })).value).toBe(200);
    expect((await ask('error_rate', { period })).value).toBe(0.02);
    expect((await ask('error_rate', { period, filter: { customerId: 'nobody' } })).value).toBeNull();
    expect((await ask('api_calls', { period, filter: { currency: 'EUR' } })).value).toBe(50);
    const byCustomer = await ask('api_calls', { period, by: 'customer' });
    expect(byCustomer.groups?.map(({ key, value }) => [key, value])).toEqual([
      ['a', 150],
      ['b', 50],
    ]);
    const subscription = {
      customer_id: 'a',
      status: 'active',
      currency: 'USD',
      unit_amount_minor: 1,
      quantity: 1,
    };
    const times = {
      started_at: 1,
      current_period_start_at: 1,
      current_period_end_at: 2,
      trial_end_at: null,
      seen_at: 0,
    };
    const ends = { cancel_at_period_end: 0, cancel_at: null, canceled_at: null };
    const terms = { interval: 'month', interval_count: 1, ...subscription, ...times, ...ends };
    await store.db
      .insertInto('subscriptions')
      .values([
        { ...terms, id: 's1', plan: 'old', ended_at: 5 },
        { ...terms, id: 's2', plan: 'scale', ended_at: null },
      ])
      .execute();
    const byPlan = await ask('api_calls', { period, by: 'plan' });
    expect(byPlan.groups?.map(({ label, value }) => [label, value])).toEqual([
      ['scale', 150],
      ['no plan', 50],
    ]);
    expect(byPlan.rows).toBe(3);
    expect((await ask('api_calls', { period, filter: { plan: 'Scale' } })).value).toBe(150);
    const byCategory = await ask('error_rate', { period, by: 'category' });
    expect(byCategory.groups?.map(({ key, value }) => [key, value])).toEqual([
      ['chat', 4 / 150],
      ['search', 0],
    ]);
  });

  it('latency is the bound that 95 % reach; a malformed row names its hour', async () => {
    const hour = at('2026-11-10T08:00:00Z');
    const row = { calls: 0, errors_4xx: 0, errors_5xx: 0 };
    await store.db
      .insertInto('performance_hourly')
      .values([
        { ...row, bucket_start_at: hour, latency_counts: '[90,4,0,1]' },
        { ...row, bucket_start_at: hour + HOUR_MS, latency_counts: '[0,1,4]' },
      ])
      .execute();
    expect((await ask('latency_p95', { period: [hour, hour + HOUR_MS] })).value).toBe(10);
    expect((await ask('latency_p95', { period: [hour, hour + 2 * HOUR_MS] })).value).toBe(10);
    expect((await ask('latency_p95', { period: [hour + HOUR_MS, hour + 2 * HOUR_MS] })).value).toBe(20);
    expect((await ask('latency_p95', { period: [0, 1] })).value).toBeNull();
    await store.db
      .insertInto('performance_hourly')
      .values({ ...row, bucket_start_at: 0, latency_counts: '[1,"x"]' })
      .execute();
    await expect(ask('latency_p95', { period: [0, 1] })).rejects.toThrow('1970-01-01T00:00:00.000Z');
  });

  it('uptime counts overlapping incidents once, minor ones never, running ones up to now', async () => {
    const start = nowAt - 100 * HOUR_MS;
    const incident = { title: 't', updated_at: 0 };
    await store.db
      .insertInto('incidents')
      .values([
        { ...incident, id: '1', severity: 'major', started_at: start - HOUR_MS, ended_at: start + HOUR_MS },
        { ...incident, id: '2', severity: 'critical', started_at: start, ended_at: start + 2 * HOUR_MS },
        { ...incident, id: '3', severity: 'minor', started_at: start, ended_at: null },
        { ...incident, id: '4', severity: 'major', started_at: nowAt - HOUR_MS, ended_at: null },
      ])
      .execute();
    expect((await ask('uptime', { period: [start, nowAt + 50 * HOUR_MS] })).value).toBeCloseTo(0.97, 12);
  });

  it('tickets, signups and failed payments are counted at their instants', async () => {
    const ticket = {
      subject: '',
      body: '',
      status: 'open',
      priority: 'low',
      first_response_at: null,
      updated_at: 0,
      customer_id: 'a',
    };
    await store.db
      .insertInto('tickets')
      .values([
        { ...ticket, id: '1', opened_at: nowAt, closed_at: null },
        { ...ticket, id: '2', opened_at: nowAt - 5, closed_at: nowAt },
        { ...ticket, id: '3', opened_at: nowAt - 5, closed_at: nowAt + 1 },
        { ...ticket, id: '4', opened_at: nowAt + 1, closed_at: null },
      ])
      .execute();
    expect((await ask('tickets_open')).value).toBe(2);
    await store.db
      .insertInto('customers')
      .values([customer('a', 'USD', 'US', nowAt - 1), customer('b', 'EUR', 'DE', 5)])
      .execute();
    expect((await ask('signups', { period: [nowAt - 1, nowAt] })).value).toBe(1);
    expect((await ask('tickets_open', { filter: { currency: 'USD' } })).value).toBe(2);
    const payment = {
      payment_intent_id: null,
      invoice_id: null,
      customer_id: 'a',
      currency: 'USD',
      amount_minor: 1,
      amount_refunded_minor: 0,
      decline_code: null,
      method: null,
      disputed: 0,
      seen_at: 0,
    };
    await store.db
      .insertInto('payments')
      .values([
        { ...payment, id: '1', status: 'failed', created_at: nowAt - 1 },
        { ...payment, id: '2', status: 'succeeded', created_at: nowAt - 1 },
      ])
      .execute();
    expect((await ask('failed_payments', { period: [nowAt - 1, nowAt] })).value).toBe(1);
  });

  it('an unknown metric and a breakdown it does not have are refused', async () => {
    await expect(ask('vibes')).rejects.toThrow('vibes');
    await expect(ask('uptime', { by: 'plan' })).rejects.toThrow('cannot be broken down by plan');
  });
});

const versionRow = fc.record({
  customer: fc.constantFrom('a', 'b', 'c'),
  status: fc.constantFrom('active', 'past_due', 'trialing', 'canceled'),
  from: fc.integer({ min: 0, max: 40 }),
  length: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
  amount: fc.integer({ min: 0, max: 100_000 }),
  yearly: fc.boolean(),
  euro: fc.boolean(),
});

describe('against a computation of their own', () => {
  it('MRR, active and churned customers agree at any hour of any history', async () => {
    const base = at('2026-06-01T00:00:00Z');
    const rates = Array.from({ length: 8 }, (_, index) => ({
      day: `2026-0${index < 2 ? 5 : 6}-${String(index < 2 ? 30 + index : index - 1).padStart(2, '0')}`,
      currency: 'EUR',
      rate: `1.0${index}7310`,
    }));
    await store.db.insertInto('fx_rates').values(rates).execute();
    await fc.assert(
      fc.asyncProperty(
        fc.array(versionRow, { maxLength: 12 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, fromHour, hours) => {
          await store.db.deleteFrom('subscription_versions').execute();
          const inserted = rows.map((row, index) =>
            version({
              subscription_id: `s${index}`,
              customer_id: row.customer,
              status: row.status,
              currency: row.euro ? 'EUR' : 'USD',
              unit_amount_minor: row.amount,
              interval: row.yearly ? 'year' : 'month',
              valid_from: base + row.from * HOUR_MS,
              valid_to: row.length === null ? null : base + (row.from + row.length) * HOUR_MS,
            }),
          );
          if (inserted.length > 0)
            await store.db.insertInto('subscription_versions').values(inserted).execute();
          const naive = naiveBook(rows, rates);
          const instant = base + fromHour * HOUR_MS;
          const later = { at: base + 200 * HOUR_MS };
          const mrr = await ask('mrr', { at: instant });
          expect(mrr.value).toBe(naive.mrr(fromHour, instant));
          expect((await ask('active_customers', { at: instant })).value).toBe(
            naive.active(fromHour, instant),
          );
          const period: [number, number] = [instant, instant + hours * HOUR_MS];
          const churned = await ask('churned_customers', { ...later, period });
          expect(churned.value).toBe(naive.churned(fromHour, fromHour + hours));
        },
      ),
      { numRuns: 120 },
    );
  });
});

interface Row {
  customer: string;
  status: string;
  from: number;
  length: number | null;
  amount: number;
  yearly: boolean;
  euro: boolean;
}

/** The definitions once more, hour by hour, in plain arithmetic. */
function naiveBook(rows: readonly Row[], rates: readonly { day: string; rate: string }[]) {
  const holds = (row: Row, hour: number) =>
    ['active', 'past_due'].includes(row.status) &&
    row.from <= hour &&
    (row.length === null || hour < row.from + row.length);
  const day = (when: number) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: company.tz }).format(new Date(when));
  const worth = (row: Row, when: number) => {
    const monthly = row.yearly ? Math.floor((row.amount * 2 + 12) / 24) : row.amount;
    if (!row.euro) return monthly;
    const rate = rates.find((known) => known.day === day(when))?.rate ?? 'none';
    const millionths = BigInt(rate.replace('.', ''));
    return Number((BigInt(monthly) * millionths * 2n + 1_000_000n) / 2_000_000n);
  };
  const of = (name: string, hour: number, when: number) =>
    rows
      .filter((row) => row.customer === name && holds(row, hour))
      .reduce((sum, row) => sum + worth(row, when), 0);
  const names = ['a', 'b', 'c'];
  return {
    mrr: (hour: number, when: number) => names.reduce((sum, name) => sum + of(name, hour, when), 0),
    active: (hour: number, when: number) => names.filter((name) => of(name, hour, when) > 0).length,
    churned: (fromHour: number, untilHour: number) =>
      names.filter((name) => {
        const count = (hour: number) =>
          rows.filter((row) => row.customer === name && holds(row, hour)).length;
        for (let hour = fromHour; hour < untilHour; hour += 1) {
          if (count(hour - 1) > 0 && count(hour) === 0) return true;
        }
        return false;
      }).length,
  };
}
