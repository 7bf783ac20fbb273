import { convertMoney, toSafeMinor } from '../money/arithmetic.ts';
import { exact, multiply, roundTo } from '../money/exact.ts';

export interface MatchSettings {
  /** The most a bank takes from a transfer, minor units by currency. */
  wireFeeMinor: Readonly<Record<string, bigint>>;
  /** The most a provider takes, percent. */
  feePercent: string;
  /** How far a bank's rate may be from the published one, percent. */
  ratePercent: string;
  /** Published rates: units of `to` that one unit of `from` buys. */
  rates: readonly { from: string; to: string; rate: string }[];
  bundleSize: number;
}

export const DEFAULT_MATCH_SETTINGS: MatchSettings = {
  wireFeeMinor: { USD: 5000n, EUR: 2500n, GBP: 2500n },
  feePercent: '4',
  ratePercent: '2.5',
  rates: [],
  bundleSize: 8,
};

/** An amount in another currency by the published rate; null where there is none. */
export function converted(
  payment: { amountMinor: bigint; currency: string },
  currency: string,
  { rates }: MatchSettings,
): bigint | null {
  const rate = rates.find(({ from, to }) => from === payment.currency && to === currency)?.rate;
  if (rate === undefined) return null;
  const amount = { minor: toSafeMinor(payment.amountMinor), currency: payment.currency };
  return BigInt(convertMoney(amount, currency, rate).minor);
}

/** The larger of a bank's fixed fee and a provider's share. */
export function feeBound(amountMinor: bigint, currency: string, settings: MatchSettings): bigint {
  const wire = settings.wireFeeMinor[currency] ?? 0n;
  const share = percentOf(amountMinor, settings.feePercent);
  // A fixed fee may not eat a small invoice: it is believed up to a tenth of the amount.
  const believed = wire < amountMinor / 10n ? wire : amountMinor / 10n;
  return share > believed ? share : believed;
}

export function percentOf(amountMinor: bigint, percent: string): bigint {
  return roundTo(multiply(multiply(exact(amountMinor), exact(percent)), exact('0.01')), 0, 'up');
}
