import type { MetricFacts, UsageFact, UsageGroup } from './facts.ts';
import {
  type Contribution,
  type Dimension,
  type Measured,
  type Metric,
  type MetricScope,
  NOBODY,
  ratioOf,
  sumAmounts,
} from './metric.ts';

const GROUPS: ReadonlyMap<Dimension, UsageGroup> = new Map([
  ['customer', 'customer'],
  ['country', 'country'],
  ['category', 'category'],
  ['plan', 'plan'],
]);

/** Daily usage summed by the store, one contribution a group. */
async function measureUsage(
  facts: MetricFacts,
  scope: MetricScope,
  shares: (row: UsageFact) => { amount: number; base: number },
): Promise<Measured> {
  const group = scope.by === null ? null : (GROUPS.get(scope.by) ?? null);
  const rows = await facts.usageIn(scope.period, scope.filter, group);
  const contributions = rows.map((row): Contribution => {
    const named = scope.by === null ? {} : groupName(scope.by, row.group);
    return { ...NOBODY, ...named, ...shares(row) };
  });
  return { contributions, rows: rows.reduce((sum, row) => sum + row.rows, 0), notes: [] };
}

function groupName(by: Dimension, name: string | null): Partial<Contribution> {
  if (by === 'customer') return { customerId: name };
  return by === 'country' ? { country: name } : by === 'plan' ? { plan: name } : { category: name };
}

const USAGE = {
  version: 1,
  grain: "one customer's day in one category",
  kind: 'flow',
  sources: ['psizero'],
  dimensions: ['customer', 'plan', 'country', 'category'],
  narrows: true,
} as const;

export const apiCalls: Metric = {
  ...USAGE,
  name: 'api_calls',
  title: 'API calls',
  words: "Calls of the daily usage rows whose day starts in the period; today's row grows by the hour.",
  unit: 'count',
  synonyms: [
    'api calls',
    'calls',
    'requests',
    'api requests',
    'api usage',
    'usage',
    'traffic',
    'call volume',
    'use the api',
    'uses us',
    'using us',
    'uses the api',
    'using the api',
    'used the api',
  ],
  measure: (facts, scope) => measureUsage(facts, scope, (row) => ({ amount: row.calls, base: 0 })),
  total: sumAmounts,
};

export const errorRate: Metric = {
  ...USAGE,
  name: 'error_rate',
  title: 'Error rate',
  words: '5xx answers over calls, in the daily usage rows whose day starts in the period.',
  unit: 'ratio',
  synonyms: [
    'error rate',
    'errors',
    '5xx',
    'server errors',
    'api errors',
    'failure rate',
    'failed calls',
    'failing calls',
  ],
  measure: (facts, scope) =>
    measureUsage(facts, scope, (row) => ({ amount: row.errors5xx, base: row.calls })),
  total: ratioOf,
};

export const USAGE_METRICS: readonly Metric[] = [apiCalls, errorRate];
