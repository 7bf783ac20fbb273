import { describe, it } from 'vitest';
import { check, type Row } from '../read-as.ts';

const ROWS: readonly Row[] = [
  ['refunds last month by reason', 'ask'],
  ["who's unpaid", 'list_invoices', { state: 'open', order: 'oldest' }],
  [
    'unpaid invoices of acme',
    'list_invoices',
    { customer: 'cst_acmerobotics', state: 'open', order: 'oldest' },
  ],
  [
    'overdue invoices above $1,000',
    'list_invoices',
    { state: 'overdue', order: 'oldest', amount: { op: 'gt', value: 1000 } },
  ],
  [
    'invoices more than 2 weeks overdue',
    'list_invoices',
    { state: 'overdue', order: 'oldest', minDaysOverdue: 15 },
  ],
  [
    'invoices we sent last month',
    'list_invoices',
    { period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  ['biggest open invoice', 'list_invoices', { state: 'open', order: 'largest' }],
  ['paid invoices for hoshino foods', 'list_invoices', { customer: 'cst_hoshinofoods', state: 'paid' }],
  [
    'does acme owe us anything',
    'list_invoices',
    { customer: 'cst_acmerobotics', state: 'open', order: 'oldest' },
  ],
  [
    'did okapi studios pay last month',
    'list_invoices',
    {
      customer: 'cst_okapistudios',
      state: 'paid',
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  [
    'last payment from acme',
    'list_payments',
    { customer: 'cst_acmerobotics', limit: 1, status: 'succeeded' },
  ],
  ['failed payments of acme', 'list_payments', { customer: 'cst_acmerobotics', status: 'failed' }],
  ['latest payments', 'list_payments'],
  ['acme overview', 'get_customer', { customer: 'cst_acmerobotics' }],
  ['who is the account manager for acme', 'get_customer', { customer: 'cst_acmerobotics' }],
  ['what plan is hoshino foods on', 'get_customer', { customer: 'cst_hoshinofoods' }],
  ['when does acme renew', 'get_customer', { customer: 'cst_acmerobotics' }],
  ["what's going on with ferro cycles", 'get_customer', { customer: 'cst_ferrocycles' }],
  ['urgent tickets', 'list_tickets', { priority: 'high' }],
  [
    'tickets from hoshino foods last month',
    'list_tickets',
    { customer: 'cst_hoshinofoods', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  ['oldest unanswered tickets', 'list_tickets', { state: 'open' }],
  ['what are people complaining about', 'list_tickets', { state: 'open' }],
  ['what does mrr mean', 'define_metric', { metric: 'mrr' }],
  ['how do you calculate nrr', 'define_metric', { metric: 'nrr' }],
  ['whats the difference between mrr and arr', 'define_metric', { metric: 'mrr and arr' }],
  ['define churn', 'define_metric', { metric: 'churned_customers' }],
  ['remind acme about the overdue invoice', 'send_payment_reminder', { customer: 'cst_acmerobotics' }],
  ['could you nudge hoshino foods to pay', 'send_payment_reminder', { customer: 'cst_hoshinofoods' }],
  [
    "chase everyone who's over 30 days late",
    'run_skill',
    { skill: 'collections-nudge', input: { minDaysLate: 31 } },
  ],
  ["refund acme's last payment", 'refund_payment', { customer: 'cst_acmerobotics' }],
  ['refund $40 to okapi studios', 'refund_payment', { customer: 'cst_okapistudios', amount: '40.00' }],
  ['refund tamarind tours', 'refund_payment', { customer: 'cst_tamarindtours' }],
  ['whats waiting for my approval', 'list_approvals'],
  ['who approved the last refund', 'get_audit'],
  ['any alerts', 'list_alerts'],
  ['snooze the acme alert until monday', 'ask'],
  ["i'll take the acme alert", 'own_alert', { about: 'cst_acmerobotics' }],
  [
    'send me mrr every monday at 8',
    'create_report',
    { where: 'dm', question: 'mrr', when: 'every monday at 8' },
  ],
  [
    'post signups in #general every weekday at 9am',
    'create_report',
    { where: '#general', question: 'signups', when: 'every weekday at 9am' },
  ],
  ['move my mrr report to 10am', 'move_report', { when: 'to 10am', report: 'my mrr report' }],
  ['pause the monday report', 'stop_report', { report: 'the monday report', how: 'pause' }],
  ['what reports are scheduled', 'list_reports'],
  ['brief me at 7 from now on', 'set_briefing', { time: '07:00' }],
  [
    'why did revenue fall in september',
    'explain_change',
    { metric: 'revenue_gross', period: '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'what drove churn last month',
    'explain_change',
    { metric: 'churned_customers', period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z' },
  ],
  ['anything weird lately', 'find_anomalies'],
  ['finance says mrr is 90k', 'check_metric', { metric: 'mrr', claimed: '90k' }],
  ['mrr under chartmogul rules', 'compare_policies', { metric: 'mrr', policy: 'chartmogul' }],
  ['mrr >> by country >> just the top 5', 'query_metric', { metric: 'mrr', by: 'country', top: 5 }],
  [
    'mrr last month >> and the month before >> why',
    'explain_change',
    { metric: 'mrr', period: '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z' },
  ],
  [
    'signups last week >> by channel >> only ads',
    'query_metric',
    {
      metric: 'signups',
      by: 'channel',
      filter: { channel: 'ads' },
      period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z',
    },
  ],
  [
    'acme overview >> any overdue invoices? >> remind them',
    'send_payment_reminder',
    { customer: 'cst_acmerobotics' },
  ],
  ['overdue invoices >> largest first >> the first one', 'get_invoice'],
  ['mrr by customer top 3 >> the second one', 'get_customer', { customer: 'cst_hoshinofoods' }],
  ['tickets of acme >> and hoshino foods', 'list_tickets', { customer: 'cst_hoshinofoods' }],
  [
    'churned customers last month >> who were they',
    'query_metric',
    {
      metric: 'churned_customers',
      by: 'customer',
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
    },
  ],
  [
    'api calls yesterday >> for acme >> and hoshino foods?',
    'query_metric',
    {
      metric: 'api_calls',
      customer: 'cst_hoshinofoods',
      period: '2026-11-21T08:00:00.000Z/2026-11-22T08:00:00.000Z',
    },
  ],
  [
    'failed payments last week >> how much was that in total',
    'query_metric',
    { metric: 'failed_payments', period: '2026-11-09T08:00:00.000Z/2026-11-16T08:00:00.000Z' },
  ],
];

describe('records, orders and threads are worded in yet other ways', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
