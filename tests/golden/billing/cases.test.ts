import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { CaseResult } from '../../../src/golden/result.ts';
import { runGoldenFile } from '../../../src/golden/run-file.ts';

interface Written {
  kind: string;
  source?: string;
  convention?: string;
  input: object;
  expected: object;
}

function run(golden: Written): CaseResult | undefined {
  return runGoldenFile(JSON.stringify({ kind: 'billing', cases: [{ id: 'C', ...golden }] }), {}).cases[0];
}

const LAGO = 'getlago/lago-api@1:spec';
const OPENMETER = 'openmeterio/openmeter@1:rate';
const tiers = [
  { up_to: '3', unit_amount: '7', flat_amount: '11' },
  { up_to: null, unit_amount: '0.333', flat_amount: '4' },
];
const graduated = { model: 'graduated', tiers, unit: 'major' };
const blocks = {
  model: 'graduated_blocks',
  tiers: [
    { block_size: 5, max_blocks: 4, block_price: '2.5' },
    { block_size: 50, max_blocks: null, block_price: '1' },
  ],
};

describe('a case of the documented shape, with any values', () => {
  test.each<[string, Written]>([
    [
      'without usage, by the vendor',
      { kind: 'tier', source: LAGO, input: { ...graduated, quantity: '0' }, expected: { amount: '11' } },
    ],
    [
      'without usage, by its own words',
      {
        kind: 'tier',
        source: LAGO,
        convention: 'zero-usage: first tier flat fee is NOT charged',
        input: { ...graduated, quantity: '0' },
        expected: { amount: '0' },
      },
    ],
    [
      'the exact amount where only the line is rounded',
      { kind: 'tier', source: LAGO, input: { ...graduated, quantity: '4' }, expected: { amount: '36.333' } },
    ],
    [
      'rounded parts where each is rounded',
      {
        kind: 'tier',
        source: OPENMETER,
        convention: 'rounding per tier component',
        input: { ...graduated, quantity: '4' },
        expected: { amount: '36.33' },
      },
    ],
    [
      'with what the period has billed',
      {
        kind: 'tier',
        source: OPENMETER,
        input: {
          ...graduated,
          previous_quantity: '3',
          previous_billed: '32',
          quantity: '9',
          maximum_spend: '35',
        },
        expected: { line_amount: '7', discount: '4', total: '3', minimum_line: '0' },
      },
    ],
    [
      'in advance, one by one',
      {
        kind: 'tier',
        source: LAGO,
        input: { ...graduated, pay_in_advance: true, transactions: ['2', '2', '1'] },
        expected: { amounts_per_transaction: ['25', '11.333', '0.333'] },
      },
    ],
    [
      'a rate as a fraction, in tiers',
      {
        kind: 'tier',
        source: LAGO,
        input: {
          model: 'graduated_percentage',
          tiers: [
            { up_to: '200', unit_amount: '0.0125', flat_amount: '1' },
            { up_to: null, unit_amount: '1' },
          ],
          quantity: '201',
        },
        expected: { amount: '4.5' },
      },
    ],
    [
      'blocks, tier by tier',
      {
        kind: 'tier',
        input: { ...blocks, quantity: '21' },
        expected: { amount: '11', per_tier: ['10', '1'] },
      },
    ],
    [
      'packages without usage',
      {
        kind: 'tier',
        source: 'https://www.chargebee.com/docs',
        input: { model: 'package', package_size: '7', package_amount: '3', quantities: ['0', '7', '8'] },
        expected: { amounts: ['3', '3', '6'] },
      },
    ],
    [
      'packages counted',
      {
        kind: 'tier',
        input: { model: 'package_count', package_size: 7, quantity: 15 },
        expected: { packages: 3 },
      },
    ],
    [
      'a currency without decimals',
      {
        kind: 'tier',
        source: OPENMETER,
        input: { model: 'per_unit', unit_amount: '0.7', quantity: '2', currency: 'JPY' },
        expected: { total: '1' },
      },
    ],
    [
      'a level that held for a part of the period',
      {
        kind: 'aggregation',
        source: LAGO,
        input: {
          type: 'weighted_sum',
          period: ['2024-02-01', '2024-03-01'],
          carried: '10',
          events: [
            ['2024-02-21', '-4'],
            ['2024-02-11', '29'],
          ],
          unit_price: '2',
        },
        expected: { units: '27.7586206897', amount_minor: 5552, carried_units: '35' },
      },
    ],
    [
      'distinct values, after each',
      {
        kind: 'aggregation',
        input: { type: 'unique_count', values: ['a', 'b', 'a'], unit_price: '0.105' },
        expected: { units_after_each: ['1', '2', '2'], amount_minor_after_each: [11, 21, 21] },
      },
    ],
    [
      'a percentile',
      { kind: 'aggregation', input: { type: 'p50', values: ['9', '1', '5', '7'] }, expected: { units: '5' } },
    ],
    [
      'three decimals',
      { kind: 'rounding', input: { amount: '-1.0005', currency: 'KWD' }, expected: { rounded: '-1.001' } },
    ],
    [
      'half to even, by its own words',
      {
        kind: 'rounding',
        convention: 'half-even',
        input: { amount: '10.025', currency: 'USD' },
        expected: { rounded: '10.02' },
      },
    ],
    [
      'what Stripe wants',
      { kind: 'rounding', input: { currency: 'UGX', major: '31' }, expected: { stripe_amount: 3100 } },
    ],
    [
      'what can be paid out',
      {
        kind: 'rounding',
        input: { currency: 'TWD', balance: '7.90' },
        expected: { max_payout_amount: 700, '790_refused': true, '700_refused': false },
      },
    ],
    [
      'runs of a period that is capped and then repriced',
      {
        kind: 'late-event',
        source: OPENMETER,
        input: {
          price: {
            model: 'volume',
            tiers: [
              { up_to: '9', unit_amount: '4' },
              { up_to: null, unit_amount: '1' },
            ],
            minimum_spend: '20',
            maximum_spend: '30',
          },
          cumulative_usage_per_run: [['9'], ['9', '10'], ['9', '10', '11']],
        },
        expected: { billed_per_run: ['30', '-20', '10'] },
      },
    ],
    [
      'a period run again',
      {
        kind: 'late-event',
        input: { ...blocks, quantity: '22', already_invoiced: '2.5' },
        expected: { new_item: '8.5' },
      },
    ],
    [
      'events of one id and another source',
      {
        kind: 'late-event',
        convention: 'idempotency key: (source,id), window 32 days',
        input: {
          events: [
            { id: 'a', source: 's' },
            { id: 'a', source: 't' },
            { id: 'a', source: 's', type: 'x' },
          ],
        },
        expected: { accepted: 2 },
      },
    ],
    [
      'the same event, a window later',
      {
        kind: 'late-event',
        convention: 'idempotency: identifier unique for 24 hours',
        input: {
          events: [
            { id: 'a', received: '2026-01-01T00:00:00Z' },
            { id: 'a', received: '2026-01-01T23:00:00Z' },
            { id: 'a', received: '2026-01-02T01:00:00Z' },
          ],
        },
        expected: { accepted: 2 },
      },
    ],
    [
      'an age, by the vendor',
      {
        kind: 'late-event',
        source: 'https://docs.metronome.com',
        input: { age_days: 35 },
        expected: { result: 'rejected' },
      },
    ],
    [
      'an age, by its own words',
      {
        kind: 'late-event',
        convention: 'usage is accepted up to 34 days back',
        input: { age_days: 34.5 },
        expected: { result: 'refused' },
      },
    ],
    [
      'the same identifier, hours apart',
      {
        kind: 'late-event',
        source: 'https://docs.stripe.com/api',
        convention: 'identifier unique within a rolling 24 h',
        input: { identifier: 'x', hours_apart: 25 },
        expected: { result: 'accepted as a new event' },
      },
    ],
    [
      'three decimals whose last Stripe wants to be 0',
      {
        kind: 'rounding',
        input: { currency: 'KWD', major: '5.126' },
        expected: { stripe_amount: 5130 },
      },
    ],
  ])('%s', (_, golden) => {
    expect(run(golden)).toEqual({ id: 'C', status: 'pass' });
  });

  it('fails, with both values, where the product says otherwise', () => {
    const golden = { kind: 'tier', input: { ...graduated, quantity: '1' }, expected: { amount: '1' } };
    expect(run(golden)).toEqual({
      id: 'C',
      status: 'fail',
      got: { amount: '18' },
      expected: { amount: '1' },
    });
  });

  test.each<[string, Written, string]>([
    [
      'a convention nobody has told us',
      { kind: 'tier', convention: 'rounds by the moon', input: {}, expected: {} },
      'the convention "rounds by the moon"',
    ],
    ['a model', { kind: 'tier', input: { model: 'auction' }, expected: {} }, 'no price model "auction"'],
    [
      'a value',
      { kind: 'tier', input: { ...graduated, quantity: '1' }, expected: { mood: 'good' } },
      'no rule gives "mood"',
    ],
    [
      'a currency',
      { kind: 'rounding', input: { currency: 'XQQ', amount: '1' }, expected: { rounded: '1' } },
      '"XQQ" is not a currency',
    ],
    ['a kind', { kind: 'horoscope', input: {}, expected: {} }, 'no rule for cases of kind horoscope'],
    [
      'an aggregation',
      { kind: 'aggregation', input: { type: 'mode' }, expected: {} },
      'no aggregation "mode"',
    ],
    ['an input', { kind: 'late-event', input: { wind: 'west' }, expected: {} }, 'its input is no run'],
  ])('is unsupported, and says why: %s', (_, golden, reason) => {
    const result = run(golden);
    expect(result?.status === 'unsupported' && result.reason).toContain(reason);
  });
});

const published = '../shared/golden/billing.json';

describe.skipIf(!existsSync(published))('the published billing cases (skipped without ../shared)', () => {
  test.each(['tier', 'aggregation', 'rounding', 'late-event'])('all of kind %s pass', (kind) => {
    const json: { cases: { kind: string }[] } = JSON.parse(readFileSync(published, 'utf8'));
    const cases = json.cases.filter((golden) => golden.kind === kind);
    const report = runGoldenFile(JSON.stringify({ ...json, cases }), {});
    expect(report.cases.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(report.totals.passed).toBeGreaterThan(0);
  });
});
