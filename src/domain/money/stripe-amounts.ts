import { exponentOf } from './exponents.ts';

/**
 * Digits that Stripe's minor unit has beyond ISO 4217's (docs.stripe.com/currencies, "Special cases"): ISK and UGX are
 * counted in hundredths, MGA in whole units.
 */
const EXTRA_DIGITS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: -2 };

/** Charges in hundredths of these are whole units; of three-decimal currencies the last digit is 0. */
const WHOLE_UNIT_CHARGES: ReadonlySet<string> = new Set(['ISK', 'UGX']);

/** Paid out in whole units only, though they are charged in hundredths. */
const WHOLE_UNIT_PAYOUTS: ReadonlySet<string> = new Set(['ISK', 'UGX', 'HUF', 'TWD']);

/** By settlement currency, in ISO minor units (docs.stripe.com/currencies, "Minimum and maximum charge amounts"). */
const MINIMUM_CHARGES: Readonly<Record<string, bigint>> = {
  AED: 200n,
  AUD: 50n,
  BGN: 100n,
  BRL: 50n,
  CAD: 50n,
  CHF: 50n,
  CZK: 1500n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HKD: 400n,
  HUF: 17500n,
  INR: 50n,
  JPY: 50n,
  MXN: 1000n,
  MYR: 200n,
  NOK: 300n,
  NZD: 50n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  SGD: 50n,
  THB: 1000n,
  USD: 50n,
};

/** How many digits more than ISO 4217 Stripe's amounts of a currency (upper case) have; 0 for nearly all. */
export function extraStripeDigits(currency: string): number {
  return EXTRA_DIGITS[currency] ?? 0;
}

/** Decimals between Stripe's minor unit and the major one. Throws `invalid_input` for an unknown currency. */
export function stripeExponentOf(currency: string): number {
  return exponentOf(currency) + extraStripeDigits(currency);
}

/** The least amount Stripe charges, in ISO minor units; null where its list names none. */
export function minimumChargeMinor(currency: string): bigint | null {
  return MINIMUM_CHARGES[currency] ?? null;
}

/** What an amount in Stripe's units must be a multiple of. Throws `invalid_input` for an unknown currency. */
export function stripeStep(currency: string, use: 'charge' | 'payout'): bigint {
  const whole = use === 'charge' ? WHOLE_UNIT_CHARGES : WHOLE_UNIT_PAYOUTS;
  if (whole.has(currency)) return 100n;
  return use === 'charge' && stripeExponentOf(currency) === 3 ? 10n : 1n;
}

/** The most that a balance, both in Stripe's units, can pay out. */
export function largestPayout(balance: bigint, currency: string): bigint {
  const step = stripeStep(currency, 'payout');
  return balance < 0n ? 0n : balance - (balance % step);
}

/** Whether Stripe takes a payout of this amount, in its units. */
export function isPayoutAmount(amount: bigint, currency: string): boolean {
  return amount > 0n && amount % stripeStep(currency, 'payout') === 0n;
}
