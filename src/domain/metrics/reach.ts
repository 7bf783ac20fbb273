import { CUSTOMER_TRAITS, type CustomerUsageFact, type MetricFacts } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  sumAmounts,
} from './metric.ts';

/** How far usage reaches: by how many customers, over how many APIs. */

async function measureReach(
  facts: MetricFacts,
  { period, filter }: MetricScope,
  share: (fact: CustomerUsageFact) => number,
): Promise<Measured> {
  const used = (await facts.customerUsageIn(period, filter)).filter(({ calls }) => calls > 0);
  const contributions = used.map(
    (fact): Contribution => ({
      ...ofCustomer(fact, fact.plan),
      category: fact.category,
      amount: share(fact),
    }),
  );
  return { contributions, rows: used.reduce((sum, { rows }) => sum + rows, 0), notes: [] };
}

function distinct(rows: readonly Contribution[], key: 'customerId' | 'category'): number {
  return new Set(rows.map((row) => row[key])).size;
}

const REACH = {
  version: 1,
  unit: 'count',
  grain: "one customer's day in one category",
  kind: 'flow',
  owner: 'engineering',
  sources: ['psizero'],
  narrows: true,
} as const;

export const uniqueApis: Metric = {
  ...REACH,
  name: 'unique_apis',
  additivity: 'distinct',
  title: 'Unique APIs',
  words:
    'How many different API categories had at least one call in the period; by customer, how many that customer used.',
  dimensions: ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency'],
  synonyms: [
    'unique apis',
    'distinct apis',
    'different apis',
    'number of apis',
    'how many apis',
    'apis used',
    'apis in use',
    'apis called',
    'how many endpoints',
    'endpoints used',
    'unique endpoints',
    'distinct endpoints',
    'api categories used',
    'how many categories',
    'different endpoints',
    'apis are used',
    'number of different apis',
    'apis being used',
    'different apis are being used',
    'number of endpoints',
    'endpoints called',
    'endpoints are used',
    'distinct endpoints called',
    'variety of apis',
    'api variety',
    'api breadth',
    'unique categories',
  ],
  measure: (facts, scope) => measureReach(facts, scope, () => 1),
  total: (rows) => distinct(rows, 'category'),
};

export const activeApiCustomers: Metric = {
  ...REACH,
  name: 'active_api_customers',
  additivity: 'distinct',
  title: 'Active API customers',
  words: 'Customers that made at least one call in the period, whether they pay or not.',
  owner: 'success',
  dimensions: ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency', 'category'],
  synonyms: [
    'active api customers',
    'api customers',
    'customers calling the api',
    'customers using the api',
    'customers used the api',
    'customers called the api',
    'customers that called',
    'customers made calls',
    'customers with calls',
    'customers with usage',
    'calling customers',
    'active api users',
    'api users',
    'active users of the api',
    'customers active on the api',
    'customers hitting the api',
    'customers calling us',
    'customers making calls',
    'customers make calls',
    'customers used us',
    'accounts using the api',
    'accounts calling the api',
    'active api accounts',
    'customers active',
    'customers that use the api',
    'customers used it',
    'customers that used the api',
  ],
  measure: (facts, scope) => measureReach(facts, scope, () => 1),
  total: (rows) => distinct(rows, 'customerId'),
};

export const callsPerCustomer: Metric = {
  ...activeApiCustomers,
  name: 'calls_per_customer',
  additivity: 'ratio',
  title: 'Calls per customer',
  words: 'Calls of the period over the customers that made at least one in it; no value where none did.',
  owner: 'engineering',
  synonyms: [
    'calls per customer',
    'api calls per customer',
    'requests per customer',
    'usage per customer',
    'calls per account',
    'average calls per customer',
    'average calls',
    'average usage per customer',
    'average requests per customer',
    'requests per account',
    'traffic per customer',
    'calls per client',
    'mean calls per customer',
    'average calls per account',
    'average api calls per customer',
    'average usage',
    'per customer usage',
    'usage per account',
  ],
  measure: (facts, scope) => measureReach(facts, scope, ({ calls }) => calls),
  total: (rows) => (rows.length === 0 ? null : sumAmounts(rows) / distinct(rows, 'customerId')),
};
