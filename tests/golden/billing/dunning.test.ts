import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { BillingFile } from '../../../src/golden/billing/file.ts';
import { runBillingCase } from '../../../src/golden/billing/run.ts';

const SHARED = ['../shared/golden/billing.json', '../../shared/golden/billing.json'].find((path) =>
  existsSync(path),
);

function run(input: z.input<typeof BillingFile>['cases'], index = 0) {
  const golden = BillingFile.parse({ kind: 'billing', cases: input }).cases[index];
  if (!golden) throw new Error('no case');
  return runBillingCase(golden);
}

function status(
  input: Record<string, z.core.util.JSONType>,
  expected: Record<string, z.core.util.JSONType>,
  more = {},
) {
  return run([{ id: 'x', kind: 'dunning', input, expected, ...more }]).status;
}

const CAMPAIGN = {
  max_attempts: 2,
  days_between: 2,
  thresholds_minor: { EUR: 15_000 },
  overdue: [['2025-01-01', 'EUR', 15_000]] as [string, string, number][],
  runs: ['2025-01-03', '2025-01-05', '2025-01-06'],
};

describe('dunning cases', () => {
  it.skipIf(SHARED === undefined)('of the shared file all pass', () => {
    const file = BillingFile.parse(JSON.parse(readFileSync(SHARED ?? '', 'utf8')));
    const results = file.cases.filter(({ kind }) => kind === 'dunning').map(runBillingCase);
    expect(results).toHaveLength(15);
    expect(results.filter((result) => result.status !== 'pass')).toEqual([]);
  });

  it.each([
    [
      'a state begins on its day',
      { states: [{ name: 'A', days: 5 }], days_since_earliest_unpaid_invoice: 5 },
      { state: 'A' },
    ],
    [
      'a day before it does not',
      { states: [{ name: 'A', days: 5 }], days_since_earliest_unpaid_invoice: 4 },
      { state: 'CLEAR' },
    ],
    [
      'states may stand in any order',
      {
        states: [
          { name: 'B', days: 9 },
          { name: 'A', days: 5 },
        ],
        days_since_earliest_unpaid_invoice: 9,
      },
      { state: 'B' },
    ],
    [
      'an unpaid customer stays where they are',
      { state: 'OD2', all_invoices_paid: false },
      { state: 'OD2', immediately: false },
    ],
    [
      'a soft code is sent again',
      { decline_code: 'insufficient_funds', new_payment_method: false },
      { charge_created: true },
    ],
    [
      'a held code is sent with a new method',
      { decline_code: 'lost_card', new_payment_method: true },
      { charge_created: true },
    ],
    [
      'a source of the subscription goes before the customer',
      { sources: ['customer.default_source', 'subscription.default_source'] },
      { used: 'subscription.default_source' },
    ],
    ['a cancelling end cancels', { setting: 'cancel' }, { subscription_status: 'canceled' }],
    ['an unpaid end is unpaid', { setting: 'mark_unpaid' }, { subscription_status: 'unpaid' }],
    [
      'a first attempt is always allowed',
      { network: 'visa', response_code: '41', attempt: 1 },
      { allowed: true },
    ],
    [
      'a code of another category is allowed',
      { network: 'visa', response_code: '51', attempt: 2 },
      { allowed: true },
    ],
    [
      'the 15th of Visa is allowed',
      { network: 'visa', category: 2, attempts_in_30_days: 14 },
      { next_allowed_safe_cap: true },
    ],
    [
      'the 21st of Visa is not, by any rule',
      { network: 'visa', category: 2, attempts_in_30_days: 20 },
      { next_allowed_rule_2026_04: false },
    ],
    [
      'nothing follows category 1',
      { network: 'visa', category: 1, attempts_in_30_days: 1 },
      { next_allowed_rule_2026_04: false },
    ],
    [
      'Mastercard stops below its 35',
      { network: 'mastercard', attempts_in_30_days: 34 },
      { next_allowed: false },
    ],
    [
      'Mastercard stops below its 10 in a day',
      { network: 'mastercard', attempts_in_24_hours: 9 },
      { next_allowed: false },
    ],
    ['and not before', { network: 'mastercard', attempts_in_24_hours: 8 }, { next_allowed: true }],
    [
      'a threshold that is just reached counts',
      CAMPAIGN,
      { attempts_after_run: [{ EUR: 1 }, { EUR: 1 }, { EUR: 2 }] },
    ],
    [
      'one cent less does not',
      { ...CAMPAIGN, overdue: [['2025-01-01', 'EUR', 14_999]] },
      { payment_requests_total: 0, finished_event_after_run: null },
    ],
    [
      'a third request is never made',
      { ...CAMPAIGN, runs: [...CAMPAIGN.runs, '2025-02-01'] },
      { payment_requests_total: 2, finished_event_after_run: 3 },
    ],
  ])('%s', (_name, input, expected) => {
    expect(status(input, expected)).toBe('pass');
  });

  it('credits the days that the note says were blocked', () => {
    const input = { state: 'OD3', all_invoices_paid: true };
    const expected = { state: 'CLEAR', immediately: true, repair_credit: '50.00' };
    const note = 'days blocked (5-10 April of a 300.00 / 30-day month) are credited back';
    expect(status(input, expected, { note })).toBe('pass');
    expect(status(input, expected, { note: note.replace('5-10', '5-11') })).toBe('fail');
    expect(status(input, expected)).toBe('unsupported');
  });

  it('says so when a case asks for what no rule gives', () => {
    expect(status({ moon: 'full' }, { state: 'CLEAR' })).toBe('unsupported');
    expect(status({ setting: 'leave' }, { tide: 'high' })).toBe('unsupported');
    expect(status({ setting: 'leave' }, {})).toBe('unsupported');
    expect(status({ setting: 'leave' }, { subscription_status: 'active' })).toBe('fail');
  });
});
