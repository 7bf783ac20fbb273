import type { InvoiceDocument } from '../../domain/billing/document/invoice-document.ts';
import type { UsageBasis } from '../../domain/billing/run/basis.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { SystemError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';
import { printedInvoice } from './printed-invoice.ts';

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
    stripe: { id: string; number: string | null; dueMinor: number; dueAt: number | null; url: string | null };
  },
  ctx: ToolContext,
): Promise<{ number: string; pdfPath: string; document: InvoiceDocument }> {
  const { billing } = ctx;
  const { entity } = billing.settings();
  const invoice = await billing.runs.get(of.invoiceId);
  if (invoice === null) throw new SystemError('store_failed', `invoice ${of.invoiceId} is gone`);
  const { basis } = of;
  const { number, givenAt } = await billing.runs.giveNumber(invoice.id, entity.conventions.numbering);
  const period = makePeriod(basis.startAt, basis.endAt, basis.tz);
  const document = await printedInvoice(
    basis,
    {
      number,
      issuedAt: givenAt,
      dueMinor: of.stripe.dueMinor,
      dueAt: of.stripe.dueAt,
      payUrl: of.stripe.url,
      reference: of.stripe.number,
      note: of.note,
    },
    ctx,
  );
  const pdfPath = await billing.keep(document);
  await billing.runs.markIssued(invoice.id, { stripeInvoiceId: of.stripe.id, document, pdfPath });
  billing.metering.markPeriod(basis.customerId, period, 'closed', givenAt);
  for (const { now } of basis.late) billing.metering.settlePeriod(basis.customerId, now, givenAt);
  return { number, pdfPath, document };
}
