import { describe, it } from 'vitest';
import { check, type Row, SEPTEMBER } from './read-as.ts';

const Q = 'query_metric';
/** Asked back about or misread today: a row that begins to be read moves to the table of its area. */
const ROWS: readonly Row[] = [
  ['give harrow & finch 20% off >> then credit them $200', 'issue_credit', { amount: '200.00' }],
  ['tickets opened vs closed last month', 'calls'],
  ['countries with less than 10 customers', Q, { metric: 'active_customers', by: 'country' }],
  ['what part of invoices got paid in september', Q, { metric: 'collection_rate', period: SEPTEMBER }],
];

describe('what is not read yet', () => {
  it.fails.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
