/** ISO 4217: how many digits the minor unit has. */
function exponentOf(currency: string): number {
  return currency.toUpperCase() === 'JPY' ? 0 : 2;
}

/** a / b rounded half up; both not negative. */
export function divideHalfUp(a: bigint, b: bigint): bigint {
  return (2n * a + b) / (2n * b);
}

/** Part of an amount in percent (up to two decimals of a percent), rounded half up to the minor unit. */
export function percentOf(minor: number, percent: number): number {
  return Number(divideHalfUp(BigInt(minor) * BigInt(Math.round(percent * 100)), 10_000n));
}

/** `rate` is the six-decimal price of one `currency` in the company's; the answer is company minor units. */
export function toCompany(minor: bigint, currency: string, rate: string): bigint {
  const micro = BigInt(rate.replace('.', ''));
  return divideHalfUp(minor * 10n ** BigInt(2 - exponentOf(currency)) * micro, 1_000_000n);
}
