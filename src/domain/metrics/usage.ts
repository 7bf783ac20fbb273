import { CUSTOMER_TRAITS, type MetricFacts, type UsageFact, type UsageGroup } from './facts.ts';
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
import { overageAmount, overageCalls, quotaUse } from './quota-metrics.ts';
import { activeApiCustomers, callsPerCustomer, uniqueApis } from './reach.ts';

const GROUPS = ['customer', 'plan', ...CUSTOMER_TRAITS, 'category'] as const satisfies Dimension[] &
  UsageGroup[];

/** Daily usage summed by the store, one contribution a group. */
async function measureUsage(
  facts: MetricFacts,
  scope: MetricScope,
  shares: (row: UsageFact) => { amount: number; base: number },
): Promise<Measured> {
  const group = GROUPS.find((candidate) => candidate === scope.by) ?? null;
  const rows = await facts.usageIn(scope.period, scope.filter, group);
  const contributions = rows.map((row): Contribution => {
    const named = group === null ? {} : groupName(group, row.group);
    return { ...NOBODY, ...named, ...shares(row) };
  });
  return { contributions, rows: rows.reduce((sum, row) => sum + row.rows, 0), notes: [] };
}

function groupName(by: (typeof GROUPS)[number], name: string | null): Partial<Contribution> {
  return by === 'customer' ? { customerId: name } : { [by]: name };
}

const USAGE = {
  version: 1,
  grain: "one customer's day in one category",
  kind: 'flow',
  byDay: true,
  owner: 'engineering',
  sources: ['psizero'],
  dimensions: GROUPS,
  narrows: true,
} as const;

export const apiCalls: Metric = {
  ...USAGE,
  name: 'api_calls',
  additivity: 'sum',
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
    'api traffic',
    'how busy was the api',
    'how busy is the api',
    'busy was the api',
    'api volume',
    'calls made',
    'requests made',
    'requests served',
    'calls served',
    'request volume',
    'request count',
    'call count',
    'number of calls',
    'number of requests',
    'api hits',
    'hits',
    'usage volume',
    'total calls',
    'total requests',
    'queries',
    'invocations',
    'api activity',
    'use of the api',
    'consumption',
    'uses the api most',
    'api consumption',
  ],
  measure: (facts, scope) => measureUsage(facts, scope, (row) => ({ amount: row.calls, base: 0 })),
  total: sumAmounts,
};

export const errorRate: Metric = {
  ...USAGE,
  name: 'error_rate',
  additivity: 'ratio',
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
    '5xx rate',
    '5xx errors',
    'share of failed calls',
    'failed requests',
    'failing requests',
    'percent of calls failed',
    'share of calls that fail',
    'share of calls failing',
    'server error rate',
    'error percentage',
    'error ratio',
    'api error rate',
    'failure percentage',
    'api failure rate',
    'calls failed',
    'calls fail',
    'requests failed',
    'errors on the api',
  ],
  measure: (facts, scope) =>
    measureUsage(facts, scope, (row) => ({ amount: row.errors5xx, base: row.calls })),
  total: ratioOf,
};

export const clientErrorRate: Metric = {
  ...errorRate,
  name: 'error_rate_4xx',
  title: 'Client error rate',
  words:
    '4xx answers over calls, in the daily usage rows whose day starts in the period: calls the customer made wrongly.',
  synonyms: [
    'client error rate',
    'client errors',
    '4xx',
    '4xx rate',
    '4xx errors',
    '4xx error rate',
    'error rate 4xx',
    'bad requests',
    'rejected calls',
    'client side errors',
    'client side error rate',
    '4xx share',
    '4xx percentage',
    'bad request rate',
    'rejected requests',
    'invalid requests',
    'share of bad requests',
    'client error percentage',
    'user errors',
    'share of rejected calls',
    'malformed requests',
  ],
  measure: (facts, scope) =>
    measureUsage(facts, scope, (row) => ({ amount: row.errors4xx, base: row.calls })),
};

export const USAGE_METRICS: readonly Metric[] = [
  apiCalls,
  errorRate,
  clientErrorRate,
  uniqueApis,
  activeApiCustomers,
  callsPerCustomer,
  quotaUse,
  overageCalls,
  overageAmount,
];
