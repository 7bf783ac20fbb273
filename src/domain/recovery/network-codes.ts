import type { Retry } from './decline-codes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Stripe's `outcome.advice_code` of a charge: it has read the network's codes already, so it is asked first. */
export const ADVICE_CODES: Readonly<Record<string, { retry: Retry; newMethod: boolean }>> = {
  do_not_try_again: { retry: 'no', newMethod: true },
  try_again_later: { retry: 'auto', newMethod: false },
  confirm_card_data: { retry: 'after_action', newMethod: true },
};

export interface NetworkAdvice {
  retry: Retry;
  newMethod: boolean;
  /** The network charges for, or forbids, any further attempt with this card. */
  forbids: boolean;
  /** From the decline to the first attempt that may be made. */
  waitMs: number;
}

const wait = (waitMs: number): NetworkAdvice => ({ retry: 'auto', newMethod: false, forbids: false, waitMs });
const never = (): NetworkAdvice => ({ retry: 'no', newMethod: true, forbids: true, waitMs: 0 });
const afterUpdate = (): NetworkAdvice => ({
  retry: 'after_action',
  newMethod: true,
  forbids: false,
  waitMs: 0,
});

/**
 * Mastercard's Merchant Advice Codes as Braintree and Antom document them. Some gateways renumber (Rapyd: 01 to 18):
 * a connector translates before it stores. 02 has no time of its own; Solidgate waits 72 hours, and so do we.
 */
export const MASTERCARD_ADVICE: Readonly<Record<string, NetworkAdvice>> = {
  '01': afterUpdate(),
  '02': wait(72 * HOUR_MS),
  '03': never(),
  '04': afterUpdate(),
  '21': never(),
  '24': wait(HOUR_MS),
  '25': wait(DAY_MS),
  '26': wait(2 * DAY_MS),
  '27': wait(4 * DAY_MS),
  '28': wait(6 * DAY_MS),
  '29': wait(8 * DAY_MS),
  '30': wait(10 * DAY_MS),
  // Prepaid and virtual cards: the code says what the card is. One that cannot be charged again asks for another.
  '40': afterUpdate(),
  '41': afterUpdate(),
  '43': wait(0),
};

/** Visa's response codes of category 1, "issuer will never approve": no attempt may follow. */
export const VISA_NEVER: ReadonlySet<string> = new Set([
  '04',
  '07',
  '12',
  '14',
  '15',
  '41',
  '43',
  '46',
  '57',
  'R0',
  'R1',
  'R3',
]);
