import { describe, it } from 'vitest';
import { check, type Row } from './read-as.ts';

const D = 'define_metric';
const ROWS: readonly Row[] = [
  ['what counts as nrr', D, { metric: 'nrr' }],
  ['how do you calc churn', D],
  ['define mrr', D, { metric: 'mrr' }],
  ['definition of arr?', D, { metric: 'arr' }],
  ['what exactly is net new mrr', D, { metric: 'net_new_mrr' }],
  ['what counts as an active customer', D, { metric: 'active_customers' }],
  ['what counts as churn', D],
  ['when is a customer counted as churned', D],
  ["what's included in gross revenue", D, { metric: 'revenue_gross' }],
  ['does mrr include trials', D, { metric: 'mrr' }],
  ['does revenue include tax', D, { metric: 'revenue_gross' }],
  ['how is dso calculated', D, { metric: 'dso' }],
  ['how do we work out the quick ratio', D, { metric: 'quick_ratio' }],
  ['formula for ltv', D, { metric: 'ltv' }],
  ['ltv formula', D, { metric: 'ltv' }],
  ['mrr definition', D, { metric: 'mrr' }],
  ['explain grr', D, { metric: 'grr' }],
  ['what does nrr mean', D, { metric: 'nrr' }],
  ['wat does arpa stand for', D, { metric: 'arpa' }],
  ['whats the difference between grr and nrr', D],
  ['how do u define an incident', D, { metric: 'incidents' }],
  ['what do you mean by active api customers', D, { metric: 'active_api_customers' }],
  ['how is first response time measured', D, { metric: 'first_response_time' }],
  ['who owns the csat metric', D, { metric: 'csat' }],
  ['where does the churn rate come from', 'define_metric|check_metric', { metric: 'customer_churn_rate' }],
  ['what is our definition of an active customer', D, { metric: 'active_customers' }],
  ['how does psi count signups', D, { metric: 'signups' }],
  ['which numbers do you have', D],
  ['list all metrics', D],
  ['what metrics can i ask about', D],
  ['tell me how expansion mrr is calculated', D, { metric: 'expansion_mrr' }],
  ['can you explain what quota use is', D, { metric: 'quota_use' }],
  ['what goes into cash collected', D, { metric: 'collections' }],
  ["i don't know what slo burn is", D, { metric: 'slo_burn' }],
  ['mrr last month >> how is that calculated', D, { metric: 'mrr' }],
  ['csat last month >> what does that mean', D, { metric: 'csat' }],
];

describe('what a number means is asked in many words', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
