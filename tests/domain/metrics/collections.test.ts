import { describe, expect, it } from 'vitest';
import { calculateMetric } from '../../../src/domain/metrics/calculate.ts';
import type { InvoiceFact, MetricFacts, PaymentFact } from '../../../src/domain/metrics/facts.ts';
import type { Dimension } from '../../../src/domain/metrics/metric.ts';
import { at, company, givenFacts, version } from './given-facts.ts';

const nowAt = at('2026-11-22');
const month = { startAt: at('2026-10-01'), endAt: at('2026-11-01'), tz: company.tz, label: 'October' };
const who = version('acme', '2026-01-01', null);

function take(name: string, over: Partial<MetricFacts>, by: Dimension | null = null) {
  return calculateMetric(name, { period: month, nowAt, company, filter: {}, by }, givenFacts([], over));
}

function invoice(amountMinor: number, dueAt: number | null, more: Partial<InvoiceFact> = {}): InvoiceFact {
  const { customerId, customerName, country, region, segment, channel, owner, currency } = who;
  const customer = { customerId, customerName, country, region, segment, channel, owner, currency };
  return {
    ...customer,
    id: 'in',
    at: at('2026-06-01'),
    amountMinor,
    plan: null,
    taxMinor: 0,
    dueAt,
    ...more,
  };
}

function payment(debt: string, status: string, day: string, more: Partial<PaymentFact> = {}): PaymentFact {
  return {
    ...invoice(1000, null),
    id: `${debt}${day}`,
    at: at(day),
    debt,
    status,
    failedBefore: false,
    ...more,
  };
}

describe('what is owed, by how late it is', () => {
  const end = month.endAt - 1;
  const DAY = 86_400_000;
  const open = [1, 30, 31, 60, 61, 90, 91].map((days, index) => invoice(10 ** index, end - days * DAY));
  const facts = {
    invoicesOpenAt: async () => [...open, invoice(5, end + DAY), invoice(7, null, { at: end - 40 * DAY })],
  };

  it.each([
    ['receivables_30', 1_111_100 + 7],
    ['receivables_60', 1_110_000],
    ['receivables_90', 1_000_000],
  ])('%s counts what is later than that, not what is just as late', async (name, expected) => {
    expect((await take(name, facts)).value).toBe(expected);
  });

  it('is laid out by age, from what is not due to the oldest', async () => {
    const { groups } = await take('receivables_open', facts, 'age');
    expect(groups?.map(({ key, value }) => [key, value])).toEqual([
      ['not due', 5],
      ['1-30 days', 11],
      ['31-60 days', 1_107],
      ['61-90 days', 110_000],
      ['over 90 days', 1_000_000],
    ]);
  });
});

describe('payments', () => {
  const attempts = [
    payment('a', 'failed', '2026-10-02'),
    payment('a', 'failed', '2026-10-05', { failedBefore: true }),
    payment('a', 'succeeded', '2026-10-09', { failedBefore: true }),
    payment('b', 'failed', '2026-10-03'),
    payment('c', 'succeeded', '2026-10-04'),
    payment('d', 'pending', '2026-10-04'),
  ];
  const facts = {
    paymentsIn: async () => attempts,
    refundsIn: async () => [invoice(300, null, { at: at('2026-10-06') })],
  };

  it.each([
    ['collections', 1700],
    ['recovered_payments', 1000],
    ['payment_failure_rate', 3 / 5],
    ['recovery_rate', 1 / 2],
  ])('%s', async (name, expected) => {
    expect((await take(name, facts)).value).toBe(expected);
  });
});

describe('invoices', () => {
  it('deferred revenue is what is paid for and still to come, tax left out', async () => {
    const end = month.endAt - 1;
    const paid = { serviceStartAt: end - 1000, serviceEndAt: end + 3000, taxMinor: 200 };
    const notBegun = { serviceStartAt: end + 10, serviceEndAt: end + 20 };
    const prepaidAt = async () => [
      { ...invoice(1201, null), ...paid },
      { ...invoice(500, null), ...notBegun },
    ];
    // 1001 x 3/4 = 750.75, half up; and all of what has not begun.
    expect((await take('deferred_revenue', { prepaidAt })).value).toBe(751 + 500);
  });

  it('collection rate leaves out what was voided and counts what was paid in time', async () => {
    const billed = (amountMinor: number, paidAt: number | null, voidedAt: number | null) => ({
      ...invoice(amountMinor, null),
      paidAt,
      voidedAt,
    });
    const invoicesFinalizedIn = async () => [
      billed(300, at('2026-10-20'), null),
      billed(100, at('2026-11-02'), null),
      billed(999, null, at('2026-10-21')),
      billed(100, null, at('2026-11-02')),
    ];
    expect((await take('collection_rate', { invoicesFinalizedIn })).value).toBe(0.6);
    const dso = await take('dso', { invoicesFinalizedIn, invoicesOpenAt: async () => [invoice(100, null)] });
    expect(dso.value).toBeCloseTo((100 / 500) * 90, 12);
  });

  it('have no rate where nothing was billed', async () => {
    expect((await take('collection_rate', {})).value).toBeNull();
    expect((await take('dso', {})).value).toBeNull();
  });
});
