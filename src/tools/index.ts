import findCustomer from './customers/find-customer.ts';
import getCustomer from './customers/get-customer.ts';
import type { Tool } from './define-tool.ts';
import getInvoice from './invoices/get-invoice.ts';
import listInvoices from './invoices/list-invoices.ts';
import listPayments from './payments/list-payments.ts';
import listTickets from './support/list-tickets.ts';

/** Every tool there is: one line a tool, in the order help shows them. */
export const tools: readonly Tool[] = [
  listInvoices,
  getInvoice,
  listPayments,
  getCustomer,
  findCustomer,
  listTickets,
];
