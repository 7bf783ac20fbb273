import type { InvoiceDocument } from '../../domain/billing/document/invoice-document.ts';
import { calculateUsageInvoice, type UsageBasis } from '../../domain/billing/run/basis.ts';
import { type DocumentRequest, runDocument } from '../../domain/billing/run/run-document.ts';
import { dayNameAt } from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import type { ToolContext } from '../define-tool.ts';

/** The invoice of a basis as it is printed, with whom it is to and the calls of each day. */
export async function printedInvoice(
  basis: UsageBasis,
  said: Pick<DocumentRequest, 'number' | 'issuedAt' | 'dueMinor' | 'dueAt' | 'payUrl' | 'reference' | 'note'>,
  { billing, facts, customers }: Pick<ToolContext, 'billing' | 'facts' | 'customers'>,
): Promise<InvoiceDocument> {
  const { entity } = billing.settings();
  const customer = await customers.get(basis.customerId);
  const period = makePeriod(basis.startAt, basis.endAt, basis.tz);
  const days = await facts.usageIn(period, { customerId: basis.customerId }, 'day');
  return runDocument({
    ...said,
    basis,
    invoice: calculateUsageInvoice(basis, entity.conventions),
    entity,
    buyer: {
      name: customer?.name ?? basis.customerName,
      email: customer?.email ?? '',
      country: customer?.country ?? entity.country,
    },
    daily: days
      .map(({ group, calls }) => ({ on: dayNameAt(Number(group), basis.tz), quantity: calls }))
      .sort((one, other) => (one.on < other.on ? -1 : 1)),
  });
}
