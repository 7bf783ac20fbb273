import { describe, expect, it } from 'vitest';
import type { QualityCheckName, QualityResult } from '../../../src/domain/quality/check.ts';
import { doubtSentences } from '../../../src/domain/quality/doubts.ts';
import { judgeSource, type QualityFacts } from '../../../src/domain/quality/judge.ts';
import { judgeVolumes } from '../../../src/domain/quality/volume.ts';

const NOW = Date.parse('2026-11-22T22:30:00Z');
const TZ = 'America/Los_Angeles';
const fine = { bad: 0, of: 4_102 };
const facts = (over: Partial<QualityFacts> = {}): QualityFacts => ({
  source: 'stripe',
  unread: null,
  throughAt: NOW,
  stale: false,
  lastError: null,
  readSources: ['stripe', 'supabase', 'psizero'],
  counts: {
    invoices_without_dates: fine,
    subscriptions_without_end: fine,
    failures_without_reason: fine,
    invoice_numbers_twice: fine,
    invoices_paid_twice: fine,
    payments_of_nobody: fine,
    invoices_of_nobody: fine,
    subscriptions_of_nobody: fine,
    payments_of_no_invoice: fine,
    refunds_of_nothing: fine,
    credit_notes_of_nothing: fine,
    movements_of_nothing: fine,
    invoices_not_as_lines: fine,
    invoices_not_as_paid: fine,
    payments_not_in_balance: fine,
    refunds_not_in_balance: fine,
    movements_not_net: fine,
    balances_not_as_moved: { bad: 0, of: 3 },
  },
  volumes: [{ of: 'payments', last: 20, before: [18, 25, 21, 19] }],
  drift: [],
  newFields: [],
  ...over,
});
const judged = (check: QualityCheckName, over: Partial<QualityFacts>) => {
  const { state, words } =
    judgeSource(facts(over), NOW, TZ).find((result) => result.check === check) ?? never();
  return `${state}: ${words}`;
};
const withCount = (count: QualityFacts['counts']) => ({ counts: { ...facts().counts, ...count } });

describe('the checks of a source', () => {
  it('are all well where nothing is wrong', () => {
    expect(judgeSource(facts(), NOW, TZ).map(({ state }) => state)).toEqual(Array(7).fill('ok'));
  });

  it.each<[string, QualityCheckName, Partial<QualityFacts>, string]>([
    [
      'one slip in many',
      'references',
      withCount({ payments_of_nobody: { bad: 1, of: 4_102 } }),
      'warn: 1 of 4,102 payments names a customer nobody knows.',
    ],
    [
      'several',
      'references',
      withCount({ payments_of_nobody: { bad: 3, of: 4_102 } }),
      'fail: 3 of 4,102 payments name a customer nobody knows.',
    ],
    [
      'one of few',
      'duplicates',
      withCount({ invoices_paid_twice: { bad: 1, of: 90 } }),
      'fail: 1 of 90 paid invoices was paid more than once.',
    ],
    [
      'customers that were never read',
      'references',
      { readSources: ['stripe'] },
      'unknown: Not all could be checked: payments, invoices, subscriptions.',
    ],
    [
      'a single invoice in many that does not add up',
      'reconciliation',
      withCount({ invoices_not_as_lines: { bad: 1, of: 4_102 } }),
      'fail: 1 of 4,102 invoices is not the sum of its lines, discounts and tax.',
    ],
    [
      'a balance that was never read',
      'reconciliation',
      { counts: { invoices_not_as_lines: fine, invoices_not_as_paid: fine } },
      "unknown: Not all could be checked: payments, refunds, movements of Stripe's balance, currencies.",
    ],
    [
      'lateness',
      'freshness',
      { stale: true, lastError: 'Stripe is in trouble: status 500' },
      'fail: Facts are in up to Nov 22, 2026, 14:30 PST only: Stripe is in trouble: status 500.',
    ],
    [
      'a source that is not connected',
      'nulls',
      { unread: 'It is not connected.' },
      'unknown: It is not connected.',
    ],
    [
      'a drift',
      'schema',
      {
        drift: [
          { resource: 'invoice', field: 'total', expected: 'int', got: 'nothing', rows: 2, since: NOW },
        ],
      },
      'fail: total of invoice: expected int, got nothing, in 2 rows since Nov 22, 2026, 14:30 PST. The last good rows are kept.',
    ],
  ])('say %s', (_what, check, over, said) => {
    expect(judged(check, over)).toBe(said);
  });
});

describe('volume', () => {
  it.each([
    ['nothing where much is usual', { last: 0, before: [20, 22, 18] }, 'fail'],
    ['a fifth of the usual', { last: 4, before: [20, 22, 18] }, 'warn'],
    ['nothing where little is usual', { last: 0, before: [5, 3, 4] }, 'ok'],
    ['as little as on a holiday before', { last: 2, before: [20, 2, 18] }, 'ok'],
    ['a flood', { last: 500, before: [20, 22, 18] }, 'warn'],
    ['a company younger than three weeks', { last: 0, before: [20, 22] }, 'unknown'],
  ])('%s is %o', (_what, volume, state) => {
    expect(judgeVolumes([{ of: 'payments', ...volume }]).state).toBe(state);
  });
});

describe('what an answer says of its sources', () => {
  const result = (over: Partial<QualityResult>): QualityResult => ({
    source: 'stripe',
    check: 'references',
    state: 'fail',
    words: '3 of 9 payments name a customer nobody knows; 1 of 2 refunds is odd.',
    checkedAt: NOW,
    ...over,
  });

  it('is one short sentence a source, and nothing where checks are merely worth a look or unknown', () => {
    expect(
      doubtSentences([
        result({}),
        result({ check: 'nulls', words: '1 of 9 invoices lacks a date.' }),
        result({ source: 'psizero', state: 'warn' }),
        result({ source: 'supabase', state: 'unknown' }),
        result({ source: 'supabase', check: 'freshness' }),
      ]),
    ).toEqual([
      'Stripe data is in doubt: 3 of 9 payments name a customer nobody knows (and 1 more; see psi doctor).',
    ]);
  });
});

function never(): never {
  throw new Error('no such check');
}
