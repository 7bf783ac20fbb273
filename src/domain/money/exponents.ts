import { code } from 'currency-codes';
import { UserError } from '../../lib/errors.ts';

/** The list is searched from its start each time, so what was found is kept; there are under 200. */
const known = new Map<string, number>();

/**
 * Decimals between the minor and the major unit after ISO 4217 (USD 2, JPY 0, KWD 3).
 * Never taken from Intl, whose display digits differ (HUF). Throws `invalid_input` for an unknown code.
 */
export function exponentOf(currency: string): number {
  const kept = known.get(currency);
  if (kept !== undefined) return kept;
  const record = code(currency.toUpperCase());
  if (!record) throw new UserError('invalid_input', `"${currency}" is not a currency I know.`);
  known.set(currency, record.digits);
  return record.digits;
}
