import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';

/** Stripe's id of a customer. Throws `conflict` for one who is not billed there. */
export function stripeCustomerOf(customer: Customer): string {
  if (customer.stripeCustomerId !== null) return customer.stripeCustomerId;
  throw new UserError('conflict', `${customer.name} is not a customer at Stripe.`);
}
