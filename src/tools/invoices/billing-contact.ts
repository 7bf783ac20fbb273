import type { Customer } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

/** Whoever looks after bills at the customer, else whoever runs the account, else the customer's own address. */
export async function billingContact(
  customer: Customer,
  ctx: Pick<ToolContext, 'records'>,
): Promise<{ email: string; name: string }> {
  const contacts = await ctx.records.listContacts(customer.id);
  const ranks = ['billing', 'finance', 'owner', 'admin'];
  const rankOf = (role: string) => {
    const rank = ranks.findIndex((word) => role.toLowerCase().includes(word));
    return rank === -1 ? ranks.length : rank;
  };
  const [best] = contacts
    .filter((contact) => rankOf(contact.role) < ranks.length)
    .sort((left, right) => rankOf(left.role) - rankOf(right.role) || (left.email < right.email ? -1 : 1));
  return best === undefined
    ? { email: customer.email, name: customer.name }
    : { email: best.email, name: best.name };
}
