import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

export interface InvoiceAndCustomer {
  invoiceId: string;
  customer: Customer;
}

/** The invoice an order names, or its customer's last one. Throws UserError where there is none, or it is another's. */
export async function namedInvoice(
  wanted: { invoice?: string | undefined; customer?: string | undefined },
  ctx: Pick<ToolContext, 'customers' | 'records' | 'clock'>,
): Promise<InvoiceAndCustomer> {
  const named = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  if (wanted.invoice === undefined) {
    if (named === null) throw new UserError('invalid_input', 'It takes an invoice.', 'Name its number.');
    const { rows } = await ctx.records.listInvoices({
      customerId: named.id,
      at: ctx.clock.now(),
      order: 'newest',
      limit: 20,
    });
    const last = rows.find((row) => row.status === 'open' || row.status === 'paid');
    if (last === undefined) throw new UserError('conflict', `${named.name} has no open or paid invoice.`);
    return { invoiceId: last.id, customer: named };
  }
  const record = await ctx.records.getInvoice(wanted.invoice);
  if (record === null) throw new UserError('not_found', `There is no invoice ${wanted.invoice}.`);
  if (named !== null && named.id !== record.customerId) {
    throw new UserError('conflict', `Invoice ${record.number ?? record.id} is not one of ${named.name}.`);
  }
  const customer = named ?? (await ctx.customers.get(record.customerId));
  if (customer === null)
    throw new UserError('not_found', `The customer of invoice ${record.number ?? record.id} is not known.`);
  return { invoiceId: record.id, customer };
}
