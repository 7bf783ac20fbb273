import { UserError } from '../../lib/errors.ts';
import type { Money } from '../types.ts';
import { exact } from './exact.ts';
import { exponentOf } from './exponents.ts';

/** Numerator over denominator as one integer, halves away from zero. The denominator must be positive. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return negative ? -rounded : rounded;
}

/** An integer as a number, refused beyond 2^53 where it would no longer be exact. */
export function toSafeMinor(minor: bigint): number {
  const value = Number(minor);
  if (!Number.isSafeInteger(value)) {
    throw new UserError('invalid_input', 'The amount is too large to be counted exactly.');
  }
  return value;
}

/** The sum of amounts in one currency. Throws `invalid_input` when the currencies differ. */
export function addMoney(currency: string, amounts: readonly Money[]): Money {
  let total = 0n;
  for (const amount of amounts) {
    if (amount.currency !== currency) {
      throw new UserError('invalid_input', `Cannot add ${amount.currency} to ${currency}.`);
    }
    total += BigInt(amount.minor);
  }
  return { minor: toSafeMinor(total), currency };
}

/**
 * Converts by a rate given as a decimal string (units of `currency` that one unit of the amount's currency buys):
 * minor x 10^(exponent to - exponent from) x rate, rounded half up once.
 */
export function convertMoney(amount: Money, currency: string, rate: string): Money {
  const { numerator, denominator } = exact(rate);
  const shift = exponentOf(currency) - exponentOf(amount.currency);
  const up = shift > 0 ? 10n ** BigInt(shift) : 1n;
  const down = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  const minor = divideHalfUp(BigInt(amount.minor) * numerator * up, denominator * down);
  return { minor: toSafeMinor(minor), currency };
}
