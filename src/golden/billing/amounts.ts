import { divide, type Exact, exact, multiply, toDecimal } from '../../domain/money/exact.ts';
import { exponentOf } from '../../domain/money/exponents.ts';

/** More decimals than any case states, so that nothing of an exact amount is cut. */
const DIGITS = 30;

/** Between the amounts of a case and minor units. */
export interface Scale {
  toMinor(amount: string): Exact;
  /** As the price shapes want it: a decimal string in minor units. */
  toMinorText(amount: string): string;
  fromMinor(amount: Exact): string;
}

/** Of amounts in major units of a currency, unless `unit` is "minor". Throws `invalid_input` for an unknown currency. */
export function scaleOf(unit: string, currency: string): Scale {
  const factor = exact(unit === 'minor' ? 1n : 10n ** BigInt(exponentOf(currency)));
  const toMinor = (amount: string) => multiply(exact(amount), factor);
  return {
    toMinor,
    toMinorText: (amount) => toDecimal(toMinor(amount), DIGITS),
    fromMinor: (amount) => toDecimal(divide(amount, factor), DIGITS),
  };
}
