import { describe, expect, it } from 'vitest';
import { readCompare } from '../../../src/domain/metrics/compare-words.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import { sidesOf } from '../../../src/domain/why/sides.ts';

const tz = 'America/Los_Angeles';
const company = { name: 'PsiZero', currency: 'USD', tz };
const NOW = Date.parse('2026-11-22T14:30:00-08:00');

function sides(kind: 'snapshot' | 'flow', period: string | null, compare: string | null, nowAt = NOW) {
  const read = period === null ? null : parsePeriod(period, { nowAt, tz });
  const against = compare === null ? null : readCompare(compare, { nowAt, tz, period: read, kind });
  const found = sidesOf({
    metric: { kind, title: 'It' },
    period: read,
    compare: against,
    nowAt,
    company,
    tz,
  });
  return [found.before.label, found.after.label, ...found.notes];
}

describe('between what a change is meant', () => {
  it.each<[string, 'snapshot' | 'flow', string | null, string | null, string[]]>([
    ['MRR, nothing said', 'snapshot', null, null, ['Oct 1 - 31, 2026', 'Nov 1 - 22, 2026, until 14:30 PST']],
    ['MRR last month', 'snapshot', 'last month', null, ['Sep 30, 2026', 'Oct 1 - 31, 2026']],
    ['MRR this month', 'snapshot', 'this month', 'previous', ['Oct 31, 2026', 'Nov 1 - 30, 2026']],
    ['MRR since Monday', 'snapshot', 'since monday', null, ['Nov 15, 2026', 'Nov 16 - 22, 2026']],
    [
      'MRR, a year ago',
      'snapshot',
      null,
      'last_year',
      ['Nov 1 - 22, 2025, until 14:30 PST', 'Nov 1 - 22, 2026, until 14:30 PST'],
    ],
    [
      'MRR, October against August',
      'snapshot',
      'October',
      'August',
      ['Aug 1 - 31, 2026', 'Oct 1 - 31, 2026'],
    ],
    ['revenue, nothing said', 'flow', null, null, ['Oct 1 - 22, 2026, until 14:30 PDT', 'Nov 1 - 30, 2026']],
    ['revenue last month', 'flow', 'last month', null, ['Sep 1 - 30, 2026', 'Oct 1 - 31, 2026']],
    [
      'revenue since Monday',
      'flow',
      'since monday',
      null,
      ['Nov 9 - 15, 2026, until 14:30 PST', 'Nov 16 - 22, 2026'],
    ],
    [
      'revenue, the quarter so far',
      'flow',
      null,
      'same_point last quarter',
      ['Jul 1 - Aug 22, 2026, until 14:30 PDT', 'Oct 1 - Dec 31, 2026'],
    ],
    [
      'the later one named first',
      'flow',
      'August',
      'October',
      ['Aug 1 - 31, 2026', 'Oct 1 - 31, 2026', 'Told from the earlier to the later of the two.'],
    ],
    [
      'this month against last month',
      'flow',
      'this month',
      'last month',
      [
        'Oct 1 - 22, 2026, until 14:30 PDT',
        'Nov 1 - 30, 2026',
        'Only as much of Oct 1 - 31, 2026 as has passed of Nov 1 - 30, 2026.',
      ],
    ],
  ])('%s', (_name, kind, period, compare, expected) => {
    expect(sides(kind, period, compare)).toEqual(expected);
  });

  it('in the first two days of a month the month before is worth more', () => {
    const early = Date.parse('2026-11-02T09:00:00-08:00');
    expect(sides('flow', null, null, early)).toEqual(['Sep 1 - 30, 2026', 'Oct 1 - 31, 2026']);
  });
});
