import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/domain/types.ts';
import { runBillingCase } from '../../../src/golden/billing/run.ts';

interface Given {
  kind: string;
  input: Record<string, Json>;
  expected: Record<string, Json>;
  source?: string;
  convention?: string;
}

function run(given: Given) {
  return runBillingCase({ id: 'X', source: '', ...given });
}

const KILLBILL = 'killbill/killbill';
const LAGO = 'getlago/lago-api';
const STRIPE = 'https://docs.stripe.com/billing';
const DAYS = 'day-based; denominator = days in the actual period the stub belongs to; 9 decimals HALF_UP';

const dated = (of: Record<string, Json>) => ({
  billing: 'in_advance',
  period: 'MONTHLY',
  start: '2011-01-01',
  end: null,
  target: '2011-01-01',
  bill_cycle_day: 1,
  ...of,
});

const ONE: Given = {
  kind: 'proration',
  source: KILLBILL,
  convention: DAYS,
  input: dated({}),
  expected: { billing_cycles: '1' },
};

/** Values of our own, worked out by hand, in the shapes of the published cases. */
const RIGHT: readonly (Given & { name: string })[] = [
  {
    name: 'a whole month',
    kind: 'proration',
    source: KILLBILL,
    convention: DAYS,
    input: dated({}),
    expected: { billing_cycles: '1.000000000', as_fraction: '1' },
  },
  {
    name: 'in arrears nothing before the end',
    kind: 'proration',
    source: KILLBILL,
    convention: DAYS,
    input: dated({ billing: 'in_arrears' }),
    expected: { billing_cycles: '0', as_fraction: '0' },
  },
  {
    name: 'in arrears the stub when it is over',
    kind: 'proration',
    source: KILLBILL,
    convention: DAYS,
    input: dated({ billing: 'in_arrears', start: '2011-01-11', target: '2011-02-01' }),
    expected: { billing_cycles: '0.677419355', as_fraction: '21/31' },
  },
  {
    name: 'a quarter of Kill Bill',
    kind: 'proration',
    source: KILLBILL,
    convention: DAYS,
    input: dated({ period: 'QUARTERLY', start: '2011-02-15', target: '2011-02-15' }),
    expected: { billing_cycles: '0.842696629', as_fraction: '75/89' },
  },
  {
    name: 'real days of a month',
    kind: 'proration',
    source: KILLBILL,
    input: { mode: 'actual days', from: '2023-05-23', to: '2023-06-15' },
    expected: { factor: '0.741935484', days: 23 },
  },
  {
    name: 'months of 30',
    kind: 'proration',
    source: KILLBILL,
    convention: '30-day fixed month',
    input: { mode: 'fixed 30-day month', from: '2023-06-01', to: '2023-06-16' },
    expected: { factor: '0.5', days: 15 },
  },
  {
    name: 'a zone behind UTC',
    kind: 'proration',
    source: KILLBILL,
    input: { account_time_zone: 'America/Los_Angeles', first_charge: '2012-07-16T03:17:03Z' },
    expected: { bill_cycle_day: 15 },
  },
  {
    name: 'a quarter passed',
    kind: 'proration',
    source: STRIPE,
    convention: 'second-based',
    input: { old_plan: '40', new_plan: '80', position: 'a quarter of the period', unit: 'major' },
    expected: { credit: '-30', debit: '60', net: '30' },
  },
  {
    name: 'a downgrade at two thirds',
    kind: 'proration',
    source: STRIPE,
    input: { old_plan: '30', new_plan: '15', position: '2/3 of the period', unit: 'major' },
    expected: { credit: '-10', debit: '5', net: '-5' },
  },
  {
    name: 'quarters from the 31st',
    kind: 'proration',
    source: STRIPE,
    input: { anchor: '2026-08-31', interval: 'quarter', count: 3 },
    expected: { bill_dates: ['2026-08-31', '2026-11-30', '2027-02-28'] },
  },
  {
    name: 'an anchor every three months',
    kind: 'proration',
    source: STRIPE,
    input: { created_month: 'April', interval_months: 3, day_of_month: 31 },
    expected: { billing_cycle_anchor_month: 'July', first_full_invoice: 'last day of April' },
  },
  {
    name: 'a later trial',
    kind: 'proration',
    source: STRIPE,
    input: { paid_through: '03-10', trial_set_on: '03-01', trial_end: '04-05' },
    expected: { invoice_now: '0', next_full_invoice: '04-05', 'invoice_on_03-10': null },
  },
  {
    name: 'revenue over three months',
    kind: 'proration',
    source: STRIPE,
    input: { subscription: '60', period: '2026-01-31..2026-03-31', customer_credit: '0', unit: 'major' },
    expected: {
      jan: { receivable: '60', revenue: '1', deferred: '59' },
      feb: { revenue: '28', deferred: '-28' },
      mar: { revenue: '31', deferred: '-31' },
    },
  },
  {
    name: 'some days with tax',
    kind: 'proration',
    source: LAGO,
    input: { plan_amount_minor: '3000', days: 10, period_days: 30, tax_multiplier: '1.2' },
    expected: { amount_minor: 1200 },
  },
  {
    name: 'a minimum with another rate',
    kind: 'proration',
    source: LAGO,
    input: { minimum_minor: '3000', usage_minor: '500', days: 10, period_days: 30 },
    expected: { true_up_minor: 500, tax10_minor: 50 },
  },
  {
    name: 'a minimum that is reached',
    kind: 'proration',
    source: LAGO,
    input: { minimum_minor: '3000', usage_minor: '1500', days: 10, period_days: 30 },
    expected: { true_up_minor: 0 },
  },
  {
    name: 'the maximum first',
    kind: 'coupon',
    source: 'openmeterio/openmeter',
    convention: 'order: maximum spend before percentage discount',
    input: {
      model: 'per_unit',
      unit_amount: '10',
      percent_off: '50',
      previous_quantity: '0',
      previous_billed: '0',
      quantity: '20',
      maximum_spend: '100',
      unit: 'major',
    },
    expected: { line_amount: '200', discounts: ['100', '50'], total: '50' },
  },
  {
    name: 'credit for a part',
    kind: 'coupon',
    source: 'openmeterio/openmeter',
    convention: 'credits are pre-tax',
    input: { line_totals: ['100', '50.50'], credits: ['20', '100'] },
    expected: { remaining_per_line: ['0', '30.5'] },
  },
  {
    name: 'a coupon used up',
    kind: 'coupon',
    source: LAGO,
    input: { base_minor: 300, amount_minor: 12, already_used_minor: 12 },
    expected: { discount_minor: 0 },
  },
  {
    name: 'a coupon that comes again',
    kind: 'coupon',
    source: LAGO,
    input: { base_minor: 300, amount_minor: 12, already_used_minor: 6, frequency: 'recurring' },
    expected: { discount_minor: 12 },
  },
  {
    name: 'a coupon after its months',
    kind: 'coupon',
    source: STRIPE,
    input: { duration_in_months: 4, interval: 'year', applied_within_window: false },
    expected: { discounted: 'nothing' },
  },
  {
    name: 'a line that is no proration',
    kind: 'coupon',
    source: STRIPE,
    input: { line: 'subscription' },
    expected: { further_discountable: true },
  },
  {
    name: 'tax by line',
    kind: 'tax',
    source: LAGO,
    convention: 'one rounding per line',
    input: {
      lines: [
        { amount_minor: 8, taxes: ['19'] },
        { amount_minor: 8, taxes: ['19'] },
        { amount_minor: 8, taxes: ['19'] },
      ],
    },
    expected: { total_tax_minor: 6 },
  },
  {
    name: 'tax by rate',
    kind: 'tax',
    source: LAGO,
    input: {
      lines: [
        { amount_minor: 8, taxes: ['19'] },
        { amount_minor: 8, taxes: ['19'] },
        { amount_minor: 8, taxes: ['19'] },
      ],
    },
    expected: { total_tax_minor: 5, tax_by_rate_minor: { '19': 5 } },
  },
  {
    name: 'an inclusive price by its vendor',
    kind: 'tax',
    source: 'https://docs.zuora.com',
    input: { gross: '2.99', tax_percent: '4' },
    expected: { net: '2.88', tax: '0.11' },
  },
  {
    name: 'an inclusive price in yen',
    kind: 'tax',
    source: 'https://docs.zuora.com',
    convention: 'inclusive tax: round tax',
    input: { gross: '1100', tax_percent: '10', currency: 'JPY' },
    expected: { net: '1000', tax: '100' },
  },
  {
    name: 'rounded parts of a credit note',
    kind: 'creditnote',
    source: LAGO,
    input: { paid_fee_minor: 16000, tax_percent: '25', used_days: 1, period_days: 30 },
    expected: { total_minor: 19334 },
  },
  {
    name: 'three credit notes',
    kind: 'creditnote',
    source: LAGO,
    input: {
      invoice_minor: { net: 1000, tax19: 190, total: 1190 },
      first_cn_net_minor: 333,
      second_cn_net_minor: 333,
      third_cn_net_minor: 334,
    },
    expected: {
      first: { tax: 63, total: 396 },
      second: { tax: 64, total: 397 },
      third: { tax: 63, total: 397 },
    },
  },
  {
    name: 'credit larger than the invoice',
    kind: 'creditnote',
    source: LAGO,
    input: { fees_minor: 100, tax20_minor: 20, credit_note_minor: 500 },
    expected: { invoice_total_minor: 0 },
  },
  {
    name: 'credit before tax',
    kind: 'creditnote',
    source: LAGO,
    convention: 'credit notes applied before tax',
    input: { fees_minor: 1000, tax20_minor: 200, credit_note_minor: 500 },
    expected: { invoice_total_minor: 600 },
  },
  {
    name: 'a paid invoice of Stripe',
    kind: 'creditnote',
    source: STRIPE,
    input: { status: 'paid', action: 'void' },
    expected: { error: 'a paid invoice cannot be voided' },
  },
  {
    name: 'a paid invoice of Lago',
    kind: 'creditnote',
    source: LAGO,
    input: { status: 'paid', action: 'void' },
    expected: { status: 'void' },
  },
  {
    name: 'an edit of metadata',
    kind: 'creditnote',
    source: STRIPE,
    input: { status: 'paid', action: 'change metadata' },
    expected: { status: 'paid' },
  },
  {
    name: 'an edit of a draft',
    kind: 'creditnote',
    source: STRIPE,
    input: { status: 'draft', action: 'change line amount, tax' },
    expected: { status: 'draft' },
  },
  {
    name: 'a split that does not sum',
    kind: 'creditnote',
    source: STRIPE,
    input: {
      status: 'paid',
      credit_minor: 500,
      refund_minor: 100,
      customer_balance_minor: 100,
      out_of_band_minor: 200,
    },
    expected: { sum_ok: false },
  },
  {
    name: 'a credit note for a part',
    kind: 'creditnote',
    source: STRIPE,
    input: { status: 'open', amount_due_minor: 500, credit_minor: 400 },
    expected: { status: 'open' },
  },
  {
    name: 'numbers from the next month',
    kind: 'creditnote',
    source: LAGO,
    input: { scheme: 'per_billing_entity', prefix: 'ACME', month: '2024-01', already_numbered: 999 },
    expected: { numbers: ['ACME-202401-1000', 'ACME-202401-1001'] },
  },
  {
    name: 'the fourth invoice of each',
    kind: 'creditnote',
    source: LAGO,
    input: { scheme: 'per_customer', prefix: 'ACME', customers: [7, 8], nth_invoice: 4 },
    expected: { numbers: ['ACME-007-004', 'ACME-008-004'] },
  },
];

const STRANGE: readonly [string, Given, string][] = [
  ['a convention nobody has', { ...ONE, convention: 'by the phase of the moon' }, 'moon'],
  ['an input of another shape', { kind: 'tax', input: { moons: 2 }, expected: { tides: 2 } }, 'no rule'],
  ['a value no rule gives', { ...ONE, expected: { tides: 2 } }, 'tides'],
  [
    'a price of another model',
    {
      kind: 'proration',
      input: {
        model: 'volume',
        tiers: [{ up_to: null, unit_amount: '1', flat_amount: '0' }],
        event_units: ['1'],
        event_prorated_units: ['1'],
        unit: 'major',
      },
      expected: { amount: '1' },
    },
    'volume',
  ],
  [
    'a place in the period that is not said',
    {
      kind: 'proration',
      input: { old_plan: '1', new_plan: '2', position: 'somewhere', unit: 'major' },
      expected: { net: '1' },
    },
    'somewhere',
  ],
  [
    'a zone nobody knows',
    {
      kind: 'proration',
      input: { account_time_zone: 'Mars/Olympus', first_charge: '2012-07-16T03:17:03Z' },
      expected: { bill_cycle_day: 1 },
    },
    'time zone',
  ],
  [
    'an action nobody knows',
    { kind: 'creditnote', input: { status: 'open', action: 'juggle' }, expected: { status: 'open' } },
    'juggle',
  ],
  [
    'a case that expects nothing',
    { kind: 'tax', input: { gross: '1', tax_percent: '1' }, expected: {} },
    'nothing',
  ],
];

describe('a billing case with other values', () => {
  it.each(RIGHT)('is answered: $name', (given) => {
    expect(run(given)).toEqual({ id: 'X', status: 'pass' });
  });

  it.each(RIGHT)('fails when it expects something else: $name', (given) => {
    const expected = Object.fromEntries(Object.keys(given.expected).map((key) => [key, 'something else']));
    expect(run({ ...given, expected }).status).toBe('fail');
  });

  it.each(STRANGE)('is unsupported, with the reason: %s', (_name, given, reason) => {
    expect(run(given)).toMatchObject({ status: 'unsupported', reason: expect.stringContaining(reason) });
  });

  it('of a refusal passes only for the reason we refuse for', () => {
    const given = { kind: 'creditnote', source: STRIPE, input: { status: 'open', action: 'change tax' } };
    expect(run({ ...given, expected: { error: 'immutable' } }).status).toBe('pass');
    expect(run({ ...given, expected: { error: 'total_amount_exceeds_invoice_amount' } }).status).toBe('fail');
  });
});
