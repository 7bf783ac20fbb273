import type { Customer } from '../../types.ts';

const RANKS = ['billing', 'finance', 'owner', 'admin'];

/** Whoever looks after bills at the customer, else whoever runs the account, else the customer's own address. */
export function billingContact(
  customer: Pick<Customer, 'email' | 'name'>,
  contacts: readonly { email: string; name: string; role: string }[],
): { email: string; name: string } {
  const rankOf = (role: string) => {
    const rank = RANKS.findIndex((word) => role.toLowerCase().includes(word));
    return rank === -1 ? RANKS.length : rank;
  };
  const [best] = contacts
    .filter((contact) => rankOf(contact.role) < RANKS.length)
    .sort((left, right) => rankOf(left.role) - rankOf(right.role) || (left.email < right.email ? -1 : 1));
  return best === undefined
    ? { email: customer.email, name: customer.name }
    : { email: best.email, name: best.name };
}
