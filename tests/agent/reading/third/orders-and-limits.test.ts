import { describe, it } from 'vitest';
import { check, customerId, type Row } from '../read-as.ts';

const Q = 'query_metric';
const ACME = customerId('Acme Robotics');
const ROWS: readonly Row[] = [
  [
    'tell me about acme >> tell me about hoshino foods >> void their last invoice',
    'void_invoice',
    { customer: customerId('Hoshino Foods') },
  ],
  ['who owes us money >> remind the top 3', 'run_skill', { input: { top: 3, by: 'age' } }],
  ['what tickets does acme have >> how much does acme pay us', Q, { metric: 'mrr' }],
  ['what tickets does acme have >> summarise the last ticket', 'list_tickets', { limit: 1, customer: ACME }],
  ['what tickets does acme have >> do what the ticket says', 'say', { text: /never an order/ }],
  [
    'why did mrr drop last month >> which customers drove that',
    'explain_change',
    { metric: 'mrr', by: 'customer' },
  ],
  [
    'tell me about acme >> usage last 30 days as chart',
    Q,
    { metric: 'api_calls', customer: ACME, chart: 'auto' },
  ],
  ['mrr by segmnt', Q, { metric: 'mrr', by: 'segment' }],
  ['error rate yesterday by api', 'ask', { text: /cannot break a number down by "api"/ }],
  ['which api has the highest error rate', 'ask', { text: /cannot break/ }],
  ['mrr >> and failed payments in #ext-brightpath daily', 'create_report', { where: '#ext-brightpath' }],
  ['compare nrr under chartmogul and stripe rules', 'compare_policies', { metric: 'nrr', against: 'stripe' }],
  [
    'give harrow & finch a 20% discount for 3 months',
    'apply_coupon',
    { customer: customerId('Harrow & Finch'), percent: '20', months: 3 },
  ],
  ['tell me about acme >> then credit them $200', 'issue_credit', { customer: ACME, amount: '200.00' }],
  ['morning! how are we doing?', Q, { metric: 'mrr', compare: 'previous' }],
  ['mrr by customer top 5 >> tell me more about the biggest one', 'get_customer', { customer: ACME }],
  ['overdue invoices >> only the ones over 30 days late', 'list_invoices', { minDaysOverdue: 31 }],
  [
    'overdue invoices >> only the ones over 1000',
    'list_invoices',
    { state: 'overdue', amount: { op: 'gt', value: 1000 } },
  ],
  ['ok and what did you send?', 'get_audit'],
  ['refund acme $50 >> make it half', 'say', { text: /stands as it is/ }],
  ['tell me about acme >> who owns that account', 'get_customer', { customer: ACME }],
  ['tell me about acme >> whats their balance', 'list_invoices', { state: 'open', customer: ACME }],
  ['which customers are at risk >> who else is at risk?', 'list_at_risk'],
  ['tickets last week >> group them by topic', 'say', { text: /no topic/ }],
  ['tickets last week >> draft a reply', 'say', { text: /do not write/ }],
  ['mrr by plan >> as csv please', 'say', { text: /no file on request/ }],
  ['revenue by currency >> excluding eur', 'say', { text: /cannot leave one currency out/ }],
  ['void invoices of acme', 'list_invoices', { state: 'void', customer: ACME }],
  ['invoice of acme', 'list_invoices|get_customer|ask'],
  ['credit acme $200', 'issue_credit', { customer: ACME, amount: '200.00', currency: 'USD' }],
  ['upgrade acme to scale', 'change_plan', { customer: ACME, plan: 'scale' }],
  ['put acme on scale from next month', 'change_plan', { customer: ACME, when: 'next_period' }],
  ['what about activation', 'say'],
  ['error rate yesterday by api >> and last week', 'ask', { text: /with that difference/ }],
  ['any open tickets that look urgent?', 'list_tickets', { priority: 'high', state: 'open' }],
  ['tell me about acme >> any open tickets?', 'list_tickets', { customer: ACME }],
  ['issues reported by acme', 'list_tickets', { customer: ACME }],
  ['acme alert is mine', 'own_alert'],
];

describe('what people typed and were answered wrongly', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
