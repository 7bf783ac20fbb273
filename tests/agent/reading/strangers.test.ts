import { describe, it } from 'vitest';
import { check, type Row } from './read-as.ts';

const unknown = (name: string) => ({ text: new RegExp(`I do not know "${name}"`, 'i') });

/** Names of nobody: an answer about everybody would be taken for one about them. */
const ROWS: readonly Row[] = [
  ["what is Globex's mrr?", 'ask', unknown('Globex')],
  ["what is globex's mrr?", 'ask', unknown('globex')],
  ['mrr for globex inc', 'ask', unknown('globex')],
  ['mrr of Globex', 'ask', unknown('Globex')],
  ['invoices of Globex', 'ask', unknown('Globex')],
  ["show me globex's invoices", 'ask', unknown('globex')],
  ['overdue invoices for Globex', 'ask', unknown('Globex')],
  ['tickets from globex', 'ask', unknown('globex')],
  ["show globex's payments", 'ask', unknown('globex')],
  ["show Acme Robotics's payments", 'list_payments', { customer: /acme/i }],
  ['tickets answered by support', 'list_tickets|ask|query_metric'],
  ['overdue invoices from last month', 'list_invoices', { customer: null }],
  ['payments in October', 'list_payments', { customer: null }],
  ["last month's invoices", 'list_invoices', { customer: null }],
  ["today's payments", 'list_payments|query_metric', { customer: null }],
  ["lena's tickets", 'list_tickets|ask|say|query_metric'],
];

describe('a name that is nobody’s', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
