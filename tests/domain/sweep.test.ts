import { describe, expect, it } from 'vitest';
import { describeFirstReading } from '../../src/domain/first-reading.ts';
import { describeSweep, type SweepReport } from '../../src/domain/sweep.ts';
import { nextSweepAt } from '../../src/domain/sweep-times.ts';

const TZ = 'America/Los_Angeles';
const at = (text: string) => Date.parse(text);
const table = (name: string, counts: Partial<SweepReport['tables'][number]> = {}) => ({
  table: name,
  compared: 100,
  missing: 0,
  stale: 0,
  surplus: 0,
  ...counts,
});
const report = (over: Partial<SweepReport>): SweepReport => ({
  source: 'stripe',
  startedAt: at('2026-11-22T11:10:00Z'),
  endedAt: at('2026-11-22T11:12:00Z'),
  fromAt: 0,
  tables: [table('payments'), table('invoices')],
  error: null,
  ...over,
});

describe('a sweep is told', () => {
  it.each<[string, Partial<SweepReport>, string]>([
    [
      'where it mended',
      { tables: [table('payments', { missing: 2 }), table('invoices', { stale: 1 })] },
      'Stripe: 2 payments were missing and 1 invoice was out of date; mended Nov 22, 2026, 03:12 PST.',
    ],
    [
      'where nothing was wrong',
      {},
      'Stripe: 200 rows compared Nov 22, 2026, 03:12 PST; nothing was missing or out of date.',
    ],
    [
      'where it broke off',
      { error: 'Stripe is in trouble: status 500' },
      'Stripe: The comparison of Nov 22, 2026, 03:12 PST was not finished: Stripe is in trouble: status 500.',
    ],
  ])('%s', (_what, over, words) => {
    expect(describeSweep(report(over), TZ)).toBe(words);
  });
});

describe('the next sweep', () => {
  it.each([
    [
      'is within the hour after one that broke off',
      '2026-11-22T22:30:00Z',
      'unfinished',
      '2026-11-22T23:30:00Z',
    ],
    ['is the coming night', '2026-11-22T22:30:00Z', 'well', '2026-11-23T11:10:00Z'],
    ['is the night after the last', '2026-11-22T11:10:01Z', 'well', '2026-11-23T11:10:00Z'],
    ['keeps to the wall clock when clocks change', '2026-03-07T20:00:00Z', 'well', '2026-03-08T10:10:00Z'],
    ['is soon while fields drift', '2026-11-22T22:30:00Z', 'drifting', '2026-11-22T22:35:00Z'],
  ])('%s', (_what, lastAt, how, due) => {
    expect(
      new Date(
        nextSweepAt(
          { lastAt: at(lastAt), beganAt: 0, drifting: how === 'drifting', unfinished: how === 'unfinished' },
          TZ,
        ),
      ).toISOString(),
    ).toBe(new Date(due).toISOString());
  });
});

it.each([
  [
    { rows: 12_400, reachedAt: at('2025-03-10T00:00:00Z'), backwards: false, percent: 41 },
    'Reading Stripe for the first time: 12,400 rows, through Mar 2025 (41%).',
  ],
  [
    { rows: 300, reachedAt: at('2026-03-10T00:00:00Z'), backwards: true, percent: null },
    'Reading Stripe for the first time: 300 rows, back to Mar 2026.',
  ],
  [
    { rows: 0, reachedAt: null, backwards: false, percent: null },
    'Reading Stripe for the first time: 0 rows.',
  ],
])('a first reading is told as %o', (reading, words) => {
  expect(describeFirstReading('stripe', reading, TZ)).toBe(words);
});
