import type { InvoiceDocument } from '../../domain/billing/document/invoice-document.ts';
import { calculateUsageInvoice, type UsageBasis } from '../../domain/billing/run/basis.ts';
import { runDocument } from '../../domain/billing/run/run-document.ts';
import { dayNameAt } from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { SystemError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

/**
 * What is done once Stripe has an invoice open: its number is given, the document written down, the file kept. May run
 * again after a crash: the number and its instant are those given first.
 */
export async function finishInvoice(
  of: {
    invoiceId: string;
    /** As it was approved. */
    basis: UsageBasis;
    note: string | null;
    stripe: { id: string; number: string | null; dueAt: number | null; url: string | null };
  },
  ctx: ToolContext,
): Promise<{ number: string; pdfPath: string; document: InvoiceDocument }> {
  const { billing, facts, customers } = ctx;
  const { entity } = billing.settings();
  const invoice = await billing.runs.get(of.invoiceId);
  if (invoice === null) throw new SystemError('store_failed', `invoice ${of.invoiceId} is gone`);
  const { basis } = of;
  const customer = await customers.get(basis.customerId);
  const { number, givenAt } = await billing.runs.giveNumber(invoice.id, entity.conventions.numbering);
  const period = makePeriod(basis.startAt, basis.endAt, basis.tz);
  const days = await facts.usageIn(period, { customerId: basis.customerId }, 'day');
  const document = runDocument({
    basis,
    invoice: calculateUsageInvoice(basis, entity.conventions),
    entity,
    buyer: {
      name: customer?.name ?? basis.customerName,
      email: customer?.email ?? '',
      country: customer?.country ?? entity.country,
    },
    number,
    issuedAt: givenAt,
    dueAt: of.stripe.dueAt,
    payUrl: of.stripe.url,
    reference: of.stripe.number,
    daily: days
      .map(({ group, calls }) => ({ on: dayNameAt(Number(group), basis.tz), quantity: calls }))
      .sort((one, other) => (one.on < other.on ? -1 : 1)),
    note: of.note,
  });
  const pdfPath = await billing.keep(document);
  await billing.runs.markIssued(invoice.id, { stripeInvoiceId: of.stripe.id, document, pdfPath });
  return { number, pdfPath, document };
}
