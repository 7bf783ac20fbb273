import { describe, it } from 'vitest';
import { check, type Row } from '../read-as.ts';

const ROWS: readonly Row[] = [
  ['mrr right now pls', 'query_metric', { metric: 'mrr' }],
  [
    'show mrr trend over past 6 months',
    'query_metric',
    { metric: 'mrr', by: 'month', period: '2026-05-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'whats arr looking like vs last quarter',
    'query_metric',
    { metric: 'arr', compare: '2026-07-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'net revenue sept',
    'query_metric',
    { metric: 'revenue_net', period: '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'gross rev q3 by plan',
    'query_metric',
    { metric: 'revenue_gross', by: 'plan', period: '2026-07-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'how many new logos in october',
    'query_metric',
    { metric: 'new_customers', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'how many customers left us last month',
    'query_metric',
    { metric: 'churned_customers', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'churn rate oct vs sept',
    'query_metric',
    {
      metric: 'customer_churn_rate',
      compare: '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z',
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  [
    'logo churn last quarter by segment',
    'query_metric',
    {
      metric: 'customer_churn_rate',
      by: 'segment',
      period: '2026-07-01T07:00:00.000Z/2026-10-01T07:00:00.000Z',
    },
  ],
  [
    'which plan churned the most last month',
    'query_metric',
    { metric: 'churned_customers', by: 'plan', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'expansion mrr last month by customer top 10',
    'query_metric',
    {
      metric: 'expansion_mrr',
      by: 'customer',
      top: 10,
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  [
    'contraction in q3',
    'query_metric',
    { metric: 'contraction_mrr', period: '2026-07-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'nrr last quarter',
    'query_metric',
    { metric: 'nrr', period: '2026-07-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'grr for october pls',
    'query_metric',
    { metric: 'grr', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  ["what's our average revenue per account", 'query_metric', { metric: 'arpa' }],
  ['ltv by segment', 'get_ltv', { by: 'segment' }],
  [
    'quick ratio last month',
    'query_metric',
    { metric: 'quick_ratio', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'trial to paid conversion october',
    'query_metric',
    { metric: 'trial_conversion', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  ['how many trials are running', 'query_metric', { metric: 'trials' }],
  [
    'signups yesterday by channel',
    'query_metric',
    { metric: 'signups', by: 'channel', period: '2026-11-21T08:00:00.000Z/2026-11-22T08:00:00.000Z' },
  ],
  [
    'sign ups per week since august',
    'query_metric',
    { metric: 'signups', by: 'week', period: '2026-08-01T07:00:00.000Z/2026-11-23T08:00:00.000Z' },
  ],
  [
    'did signups grow last week',
    'query_metric',
    { metric: 'signups', compare: 'previous', period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z' },
  ],
  [
    'api calls today so far',
    'query_metric',
    { metric: 'api_calls', period: '2026-11-22T08:00:00.000Z/2026-11-23T08:00:00.000Z' },
  ],
  [
    'api traffic last week per day as a chart',
    'query_metric',
    { metric: 'api_calls', by: 'day', period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z' },
  ],
  [
    'error rate yesterday vs day before',
    'query_metric',
    {
      metric: 'error_rate',
      compare: '2026-11-20T08:00:00.000Z/2026-11-21T08:00:00.000Z',
      period: '2026-11-21T08:00:00.000Z/2026-11-22T08:00:00.000Z',
    },
  ],
  [
    'p99 latency last 7 days',
    'query_metric',
    { metric: 'latency_p99', period: '2026-11-16T08:00:00.000Z/2026-11-23T08:00:00.000Z' },
  ],
  [
    'uptime this quarter',
    'query_metric',
    { metric: 'uptime', period: '2026-10-01T07:00:00.000Z/2027-01-01T08:00:00.000Z' },
  ],
  [
    'how many incidents this month',
    'query_metric',
    { metric: 'incidents', period: '2026-11-01T07:00:00.000Z/2026-12-01T08:00:00.000Z' },
  ],
  [
    'downtime minutes in october',
    'query_metric',
    { metric: 'incident_minutes', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'top 10 customers by usage last month',
    'query_metric',
    {
      metric: 'api_calls',
      by: 'customer',
      top: 10,
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  ['who uses us the most', 'query_metric', { metric: 'api_calls', by: 'customer' }],
  [
    'acme usage last week',
    'query_metric',
    {
      metric: 'api_calls',
      customer: 'cst_acmerobotics',
      period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z',
    },
  ],
  ['hoshino foods mrr', 'query_metric', { metric: 'mrr', customer: 'cst_hoshinofoods' }],
  [
    'compare acme and okapi studios mrr',
    'query_metric',
    { metric: 'mrr', by: 'customer', where: { customer: ['cst_acmerobotics', 'cst_okapistudios'] } },
  ],
  [
    "whats acme's quota usage this month",
    'query_metric',
    {
      metric: 'quota_use',
      customer: 'cst_acmerobotics',
      period: '2026-11-01T07:00:00.000Z/2026-12-01T08:00:00.000Z',
    },
  ],
  ['customers above 90% of quota', 'query_metric', { metric: 'quota_use', by: 'customer' }],
  [
    'whose usage dropped over 30% month over month',
    'query_metric',
    {
      metric: 'api_calls',
      by: 'customer',
    },
  ],
  [
    'signups from ads last month',
    'query_metric',
    {
      metric: 'signups',
      filter: { channel: 'ads' },
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  [
    "lena's accounts by mrr",
    'query_metric',
    { metric: 'mrr', by: 'customer', filter: { owner: 'lena.fischer@psizero.dev' } },
  ],
  [
    'how many accounts does marcus look after',
    'query_metric',
    { metric: 'active_customers', filter: { owner: 'marcus.bell@psizero.dev' } },
  ],
  ['customers paying more than $2000 a month', 'query_metric', { metric: 'mrr', by: 'customer' }],
  [
    'payments that bounced last week',
    'query_metric',
    { metric: 'failed_payments', period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z' },
  ],
  ['refunds given to tamarind tours', 'query_metric', { metric: 'refunds', customer: 'cst_tamarindtours' }],
  ['open tickets please', 'query_metric', { metric: 'tickets_open' }],
  [
    'how many tickets came in last week',
    'query_metric',
    { metric: 'tickets_opened', period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z' },
  ],
  [
    'avg first response time last month',
    'query_metric',
    { metric: 'first_response_time', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  [
    'csat this quarter',
    'query_metric',
    { metric: 'csat', period: '2026-10-01T07:00:00.000Z/2027-01-01T08:00:00.000Z' },
  ],
];

describe('numbers are asked for in yet other words', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
