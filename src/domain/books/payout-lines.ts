import type { IncomingPayment } from './payment-evidence.ts';

/** Money the payment provider sent to the bank. */
export interface Payout {
  at: number;
  amountMinor: bigint;
  currency: string;
}

const DAY_MS = 86_400_000;
/** Bank holidays included, a transfer has arrived by then. */
const ARRIVES_WITHIN_DAYS = 7;

/** Whether a bank line is a payout of the provider: its name, its amount, and a payout of that amount shortly before. */
export function isPayoutLine(line: IncomingPayment, payouts: readonly Payout[]): boolean {
  if (!/\bstripe\b/i.test(`${line.payer ?? ''} ${line.reference}`)) return false;
  return payouts.some(
    ({ at, amountMinor, currency }) =>
      amountMinor === line.amountMinor &&
      currency === line.currency &&
      line.at >= at - DAY_MS &&
      line.at <= at + ARRIVES_WITHIN_DAYS * DAY_MS,
  );
}
