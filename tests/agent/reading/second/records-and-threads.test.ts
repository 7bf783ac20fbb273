import { describe, it } from 'vitest';
import { check, customerId, OCTOBER, type Row, SEPTEMBER } from '../read-as.ts';

const Q = 'query_metric';
const ACME = customerId('Acme Robotics');
const ROWS: readonly Row[] = [
  ['who still has to pay', 'list_invoices', { state: 'open' }],
  [
    'any unpaid invoices from pelham',
    'list_invoices',
    { customer: customerId('Pelham Outfitters'), state: 'open' },
  ],
  ['give me acmes overdue bills', 'list_invoices', { customer: ACME, state: 'overdue' }],
  ['late invoices please', 'list_invoices', { state: 'overdue' }],
  ['invoices we sent out in september', 'list_invoices', { period: SEPTEMBER }],
  ['largest open invoice', 'list_invoices', { state: 'open', order: 'largest' }],
  ['whats up with invoice PSI-0042', 'get_invoice', { invoice: 'PSI-0042' }],
  [
    'did lyrics payment go through',
    'list_payments|list_invoices',
    { customer: customerId('Lyric Translation') },
  ],
  [
    'show me what lyric paid us in october',
    'list_payments|query_metric',
    { customer: customerId('Lyric Translation'), period: OCTOBER },
  ],
  ['latest failed payments', 'list_payments', { status: 'failed' }],
  ['please give acme a refund', 'refund_payment', { customer: ACME }],
  ['refund the last payment of acme in full', 'refund_payment', { customer: ACME }],
  ['acme should get 30 dollars back', 'refund_payment|ask|say'],
  [
    'could you nudge lyric about their invoice',
    'send_payment_reminder',
    { customer: customerId('Lyric Translation') },
  ],
  ['email acme a reminder to pay', 'send_payment_reminder', { customer: ACME }],
  ['is there anything i need to approve', 'list_approvals', { for_me: true }],
  ['which approvals are still open', 'list_approvals', { state: 'pending' }],
  ['who signed off on the acme refund', 'get_audit', { customer: ACME }],
  [
    'out of office until thursday, jonas approves for me',
    'set_delegate',
    { until: /thursday/i, delegate: /jonas/i },
  ],
  ['send us mrr in #finance every monday morning at 9', 'create_report', { where: '#finance' }],
  ['each friday at 4pm share the overdue invoices in #finance', 'create_report', { where: '#finance' }],
  ['please post the signups of yesterday here every day at 8am', 'create_report', { where: 'here' }],
  ['reschedule the mrr report to wednesdays at 9', 'move_report'],
  ['can you stop posting the mrr report', 'stop_report'],
  ['show my scheduled reports', 'list_reports'],
  ['which reports are coming here', 'list_reports'],
  ['delete the monday report', 'stop_report'],
  ['send me arr every monday at 8 >> please stop that again', 'stop_report'],
  ['post arr here every monday at 9 >> make it 10', 'move_report'],
  ['where will arr be in june', 'forecast_metric', { metric: 'arr' }],
  ['predict next months churn', 'forecast_metric', { months: 2 }],
  ['what does tomas make a year', 'say'],
  ['share the password for stripe', 'say'],
  ['whats in jonas private messages', 'say'],
  ['what is our revenue goal', 'say', { text: /target/i }],
  ['how is northgate doing', 'say', { text: /Northgate Analytic/ }],
  ['remind northgate to pay', 'say', { text: /Northgate Analytic/ }],
  ['change it', 'say|ask'],
  ['revenue in september >> oops, i meant october', Q, { metric: 'revenue_gross', period: OCTOBER }],
  ['mrr >> split that by country', Q, { metric: 'mrr', by: 'country' }],
  [
    'signups last month >> and how many of them in germany',
    Q,
    { metric: 'signups', filter: { country: 'DE' } },
  ],
  ['churn last month >> same for september', Q, { period: SEPTEMBER }],
  ['how is acme doing >> what did they pay last month', 'list_payments|query_metric', { customer: ACME }],
  ['how is acme doing >> anything overdue?', 'list_invoices', { customer: ACME, state: 'overdue' }],
  ['mrr by plan >> and for september?', Q, { metric: 'mrr', by: 'plan' }],
  ['net revenue last month >> gross please', Q, { metric: 'revenue_gross', period: OCTOBER }],
];

describe('records, schedules and threads are spoken of in other words again', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
