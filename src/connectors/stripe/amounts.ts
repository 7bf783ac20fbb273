import { extraStripeDigits } from '../../domain/money/stripe-amounts.ts';

/** Stripe counts a few currencies in other units than ISO 4217 does. Everything inside is ISO minor units. `currency` is upper case. */
export function isoMinor(stripeAmount: number, currency: string): number {
  return shift(stripeAmount, -extraStripeDigits(currency));
}

/** The inverse of `isoMinor`. */
export function stripeMinor(isoAmount: number, currency: string): number {
  return shift(isoAmount, extraStripeDigits(currency));
}

function shift(amount: number, digits: number): number {
  if (digits === 0) return amount;
  return digits > 0 ? Math.round(amount * 10 ** digits) : Math.round(amount / 10 ** -digits);
}
