import { describe, it } from 'vitest';
import { check, customerId, OCTOBER, Q3, type Row, SEPTEMBER } from '../read-as.ts';

const Q = 'query_metric';
const T = 'list_tickets';
const D = 'define_metric';
const ACME = customerId('Acme Robotics');
const ROWS: readonly Row[] = [
  ['what do we count as a churned customer', D],
  ['how is nrr worked out', D, { metric: 'nrr' }],
  ['nrr - how do you calculate it', D, { metric: 'nrr' }],
  ['whats a signup for us', D, { metric: 'signups' }],
  ['meaning of net new mrr', D, { metric: 'net_new_mrr' }],
  ['are refunds included in net revenue', D],
  ['whats dso', 'define_metric|query_metric', { metric: 'dso' }],
  ['what do you understand by active customers', D, { metric: 'active_customers' }],
  ['could you explain how you compute ltv', D, { metric: 'ltv' }],
  ['give me the definition of quick ratio', D, { metric: 'quick_ratio' }],
  ['is a paused customer counted as active', D],
  ['what is meant by collection rate', D, { metric: 'collection_rate' }],
  ['grr vs nrr whats the difference', D],
  ['show the formula behind the churn rate', D, { metric: 'customer_churn_rate' }],
  ['which kpis do you track', D],
  ['any open cases for kestrel', T, { customer: customerId('Kestrel Aerial') }],
  ['what is lyric unhappy about', T, { customer: customerId('Lyric Translation') }],
  ['tickets from the last 7 days', T],
  ['who has been waiting longest for an answer from support', T],
  ['has acme contacted support recently', T, { customer: ACME }],
  ['acme support tickets', T, { customer: ACME }],
  ['list unresolved tickets older than 3 days', T, { state: 'open' }],
  ['newest tickets', T],
  ['read me the latest complaints', T],
  ['open support cases count', Q, { metric: 'tickets_open' }],
  ['amount of tickets opened in september', Q, { metric: 'tickets_opened', period: SEPTEMBER }],
  ['how many tickets got solved last month', Q, { metric: 'tickets_closed', period: OCTOBER }],
  ['cust satisfaction last quarter', Q, { metric: 'csat', period: Q3 }],
  ['avg first reply time in october', Q, { metric: 'first_response_time', period: OCTOBER }],
  ['how long until tickets get closed', Q, { metric: 'resolution_time' }],
  ['sentiment of support tickets in october', Q, { metric: 'ticket_sentiment', period: OCTOBER }],
  ['mrr per plan', Q, { metric: 'mrr', by: 'plan' }],
  ['split october revenue by country', Q, { metric: 'revenue_gross', by: 'country', period: OCTOBER }],
  ['by region, whats our mrr', Q, { metric: 'mrr', by: 'region' }],
  ['revenue for each plan in q3', Q, { metric: 'revenue_gross', by: 'plan', period: Q3 }],
  ['which countries bring the most revenue', Q, { metric: 'revenue_gross', by: 'country' }],
  ['give me our 5 biggest customers', Q, { metric: 'mrr', by: 'customer', top: 5 }],
  ['top 3 plans by churn last month', Q, { by: 'plan', top: 3, period: OCTOBER }],
  ['signups each week this quarter', Q, { metric: 'signups', by: 'week' }],
  ['how does october mrr compare with september', Q, { metric: 'mrr', period: OCTOBER, compare: SEPTEMBER }],
  ['difference in revenue between september and october', Q, { metric: 'revenue_gross' }],
  ['did churn go up last month', Q, { compare: 'previous', period: OCTOBER }],
  ['french customers', Q, { metric: 'active_customers', filter: { country: 'FR' } }],
  ['mrr from enterprise', Q, { metric: 'mrr' }],
  ['customers that pay less than 100 a month', Q, { by: 'customer' }],
  ['how come revenue fell last month', 'explain_change', { metric: 'revenue_gross', period: OCTOBER }],
  ['whats behind the drop in signups', 'explain_change', { metric: 'signups' }],
  ['anything out of the ordinary yesterday', 'find_anomalies'],
];

describe('definitions, support and breakdowns are asked in other words again', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
