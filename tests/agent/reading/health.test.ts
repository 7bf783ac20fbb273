import { describe, it } from 'vitest';
import { check, customerId, type Row } from './read-as.ts';

const ACME = customerId('Acme Robotics');
const ROWS: readonly Row[] = [
  ['how healthy is acme?', 'get_health', { customer: ACME }],
  ['is acme at risk', 'get_health', { customer: ACME }],
  ['why is acme red?', 'explain_health', { customer: ACME }],
  ['who is at risk?', 'list_at_risk'],
  ['churn watchlist', 'list_at_risk'],
  ['who is likely to churn?', 'list_at_risk'],
  ['who might churn?', 'list_at_risk'],
  ['top 5 accounts at risk', 'list_at_risk', { limit: 5 }],
  ['whose health fell this month?', 'health_trends'],
  ['who improved their health this week?', 'health_trends', { direction: 'rose', days: 7 }],
  ['tell me about acme >> why is it at risk?', 'explain_health', { customer: ACME }],
  ['how is acme doing?', 'get_customer', { customer: ACME }],
];

describe('questions about the health of customers', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
