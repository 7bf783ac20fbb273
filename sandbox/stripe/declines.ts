import { createHash } from 'node:crypto';
import type { ChargeRecord, PaymentMethodRecord } from '../world/records.ts';

/** What comes with a decline besides its code. */
export interface DeclineDetails {
  advice_code: string | null;
  network_advice_code: string | null;
  network_decline_code: string | null;
}

const NOTHING: DeclineDetails = { advice_code: null, network_advice_code: null, network_decline_code: null };

/** Stripe's advice and the network's response to each decline code; Mastercard's advice is in `MASTERCARD`. */
const SAID: Readonly<Record<string, readonly [advice: string | null, network: string | null]>> = {
  insufficient_funds: ['try_again_later', '51'],
  do_not_honor: ['try_again_later', '05'],
  generic_decline: ['try_again_later', '05'],
  expired_card: ['confirm_card_data', '54'],
  lost_card: ['do_not_try_again', '41'],
  stolen_card: ['do_not_try_again', '43'],
  card_velocity_exceeded: ['try_again_later', '65'],
  incorrect_cvc: ['confirm_card_data', 'N7'],
  processing_error: ['try_again_later', '96'],
  authentication_required: [null, '1A'],
};

/** Mastercard's Merchant Advice Codes. */
const MASTERCARD: Readonly<Record<string, string>> = {
  insufficient_funds: '25',
  do_not_honor: '02',
  expired_card: '01',
  lost_card: '03',
  stolen_card: '03',
};

/** The codes that a decline of this card carries; nothing where it was not declined. */
export function declineDetails(declineCode: string | null, brand: string | null): DeclineDetails {
  if (declineCode === null) return NOTHING;
  const [advice_code, network_decline_code] = SAID[declineCode] ?? [null, null];
  const network_advice_code = brand === 'mastercard' ? (MASTERCARD[declineCode] ?? null) : null;
  return { advice_code, network_advice_code, network_decline_code };
}

/** What a declined charge tells beside its decline code, on its outcome and on the error alike. */
export function detailsOfCharge(
  charge: Pick<ChargeRecord, 'declineCode' | 'paymentMethodId'>,
  method: Pick<PaymentMethodRecord, 'brand'> | undefined,
): DeclineDetails {
  return declineDetails(charge.declineCode, method?.brand ?? null);
}

/** Names the card itself: the same one under any customer or payment method. */
export function cardFingerprint(method: Pick<PaymentMethodRecord, 'id'>): string {
  return createHash('sha256').update(`card ${method.id}`).digest('hex').slice(0, 16);
}
