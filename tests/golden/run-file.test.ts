import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MrrPolicy } from '../../src/domain/mrr/policy.ts';
import { printReport } from '../../src/golden/result.ts';
import { changedCases, runGoldenFile } from '../../src/golden/run-file.ts';

const start = {
  at: '2026-01-10T00:00:00Z',
  type: 'start',
  customer: 'c1',
  subscription: 's1',
  unit_amount: 5000,
  quantity: 1,
  interval: 'month',
  interval_count: 1,
  currency: 'USD',
};

const january = {
  month: '2026-01',
  opening: 0,
  new: 5000,
  expansion: 0,
  contraction: 0,
  churn: 0,
  reactivation: 0,
  fx: 0,
  closing: 5000,
  active_customers: 1,
};

function fileOf(overrides: { policy?: object; events?: object[]; monthly?: object[] }): string {
  const { policy = { vendor: 'stripe' }, events = [start], monthly = [january] } = overrides;
  const golden = {
    id: 'X-1',
    policy,
    input: { primary_currency: 'USD', events },
    expected: { monthly },
  };
  return JSON.stringify({ kind: 'mrr', cases: [golden] });
}

function onlyCase(text: string) {
  return runGoldenFile(text, {}).cases[0];
}

describe('a change of rules', () => {
  const half = { ...start, discount: { percent: 50, duration: 'repeating', months: 3 } };

  it('names the cases that would be answered differently, and no others', () => {
    const include = (policy: MrrPolicy): MrrPolicy => ({ ...policy, discounts: 'include' });
    expect(changedCases(fileOf({ events: [half] }), include)).toEqual(['X-1']);
    expect(changedCases(fileOf({}), include)).toEqual([]);
  });

  it('is refused for a file of another kind', () => {
    expect(() => changedCases('{"kind":"billing"}', (policy) => policy)).toThrow('not a golden file');
  });
});

describe('a golden file', () => {
  it('passes a timeline whose months agree', () => {
    expect(printReport(runGoldenFile(fileOf({}), {}))).toBe('pass X-1\n1 passed, 0 failed, 0 unsupported');
  });

  it('fails one whose months differ, and shows both', () => {
    const report = runGoldenFile(fileOf({ monthly: [{ ...january, new: 4000, closing: 4000 }] }), {});
    expect(report.totals).toEqual({ passed: 0, failed: 1, unsupported: 0 });
    expect(printReport(report)).toMatch(/^fail X-1 got=\{.*"new":5000.*\} expected=\{.*"new":4000/);
  });

  it('fails a movement in a month the case does not list', () => {
    const cancelled = { ...start, at: '2026-02-10T00:00:00Z', type: 'cancel', effective: 'immediate' };
    expect(onlyCase(fileOf({ events: [start, cancelled] }))).toMatchObject({ status: 'fail' });
  });

  it.each([
    ['an unknown vendor', { policy: { vendor: 'acme' } }, 'acme'],
    ['an unknown setting', { policy: { vendor: 'stripe', moon_phase: 'full' } }, 'moon_phase'],
    ['an unknown event', { events: [start, { ...start, type: 'teleport' }] }, 'teleport'],
    ['another currency', { events: [{ ...start, currency: 'EUR' }] }, 'EUR'],
    [
      'a rule the vendor has not settled',
      { policy: { vendor: 'maxio' }, events: [start, { ...start, type: 'pause' }] },
      'pause',
    ],
  ])('says unsupported, with the reason, for %s', (_name, overrides, reason) => {
    const result = onlyCase(fileOf(overrides));
    expect(result).toMatchObject({ status: 'unsupported', reason: expect.stringContaining(reason) });
  });

  it('lists every case of a kind it has no part for as unsupported', () => {
    const text = JSON.stringify({ kind: 'billing', cases: [{ id: 'a' }, { id: 'b' }] });
    expect(runGoldenFile(text, {}).totals).toEqual({ passed: 0, failed: 0, unsupported: 2 });
  });

  it.each([
    ['text that is not JSON', '{', 'not JSON'],
    ['an unknown kind', '{"kind":"astrology"}', 'kind'],
    ['a list', '[]', 'golden file'],
    ['a case without events', '{"kind":"mrr","cases":[{"id":"a"}]}', 'cases.0.policy'],
  ])('refuses %s in a sentence that says where', (_name, text, words) => {
    expect(() => runGoldenFile(text, {})).toThrow(words);
  });

  it('runs one case by its id, and refuses an id it does not have', () => {
    expect(runGoldenFile(fileOf({}), { id: 'X-1' }).cases).toHaveLength(1);
    expect(() => runGoldenFile(fileOf({}), { id: 'X-2' })).toThrow('X-2');
  });
});

const published = '../shared/golden/mrr.json';

describe.skipIf(!existsSync(published))('the published MRR cases (skipped without ../shared)', () => {
  it('hold, none of Stripe or a fixed regression left out', () => {
    const text = readFileSync(published, 'utf8');
    const report = runGoldenFile(text, {});
    expect(report.cases.filter((result) => result.status === 'fail')).toEqual([]);
    const skipped = report.cases.filter((result) => result.status === 'unsupported').map(({ id }) => id);
    expect(skipped.filter((id) => /^(ST|RG)-/.test(id))).toEqual([]);
  });
});
