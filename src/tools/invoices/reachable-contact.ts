import { billingContact } from '../../domain/billing/delivery/billing-contact.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

/** Whoever a mail about bills goes to. Throws `conflict` where mail to them has come back for good. */
export async function reachableContact(
  customer: Customer,
  ctx: Pick<ToolContext, 'records' | 'deliveries'>,
): Promise<{ email: string; name: string }> {
  const to = billingContact(customer, await ctx.records.listContacts(customer.id));
  const suppression = await ctx.deliveries.suppression(to.email);
  if (suppression === null) return to;
  throw new UserError(
    'conflict',
    `Mail to ${to.email} comes back (${suppression.reason}), so nothing is sent there.`,
    'Find the right address of their billing contact.',
  );
}
