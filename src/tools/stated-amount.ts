import { parseAmount } from '../domain/policy/amount.ts';
import type { Money } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';

/**
 * The sum a tool was asked for, above 0, in the currency of what it changes. `what` begins the refusal of another
 * currency: "The balance of Acme". Throws `invalid_input`.
 */
export function statedAmount(
  wanted: { amount: string; currency?: string | undefined },
  currency: string,
  what: string,
): Money {
  if (wanted.currency !== undefined && wanted.currency !== currency) {
    throw new UserError(
      'invalid_input',
      `${what} is in ${currency}, not ${wanted.currency}.`,
      `Say the amount in ${currency}.`,
    );
  }
  const amount = parseAmount(wanted.amount, currency);
  if (amount === null || amount.minor <= 0) {
    throw new UserError('invalid_input', `"${wanted.amount}" is not an amount in ${currency}.`);
  }
  return amount;
}
