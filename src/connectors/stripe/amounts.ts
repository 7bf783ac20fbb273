/**
 * Stripe counts three currencies in other units than ISO 4217 does (https://docs.stripe.com/currencies#special-cases):
 * ISK and UGX in hundredths, MGA in whole units. Everything inside is ISO minor units.
 */
const ISO_PER_STRIPE: Readonly<Record<string, { multiply: number; divide: number }>> = {
  ISK: { multiply: 1, divide: 100 },
  UGX: { multiply: 1, divide: 100 },
  MGA: { multiply: 100, divide: 1 },
};

/** `currency` is upper case. */
export function isoMinor(stripeAmount: number, currency: string): number {
  const rule = ISO_PER_STRIPE[currency];
  return rule === undefined ? stripeAmount : Math.round((stripeAmount * rule.multiply) / rule.divide);
}

/** The inverse of `isoMinor`. */
export function stripeMinor(isoAmount: number, currency: string): number {
  const rule = ISO_PER_STRIPE[currency];
  return rule === undefined ? isoAmount : Math.round((isoAmount * rule.divide) / rule.multiply);
}
