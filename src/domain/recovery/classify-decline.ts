import {
  CARD_DECLINES,
  type DeclineCategory,
  type DeclineEntry,
  LOCAL_DECLINES,
  type Retry,
} from './decline-codes.ts';
import { ADVICE_CODES, MASTERCARD_ADVICE, type NetworkAdvice, VISA_NEVER } from './network-codes.ts';

/** What a provider said about a declined payment; null where it said nothing. */
export interface Decline {
  method: 'card' | 'local';
  /** "visa", "mastercard", in any case. */
  network: string | null;
  /** Stripe's `outcome.advice_code`. */
  adviceCode: string | null;
  /** `outcome.network_advice_code`: Mastercard's Merchant Advice Code. */
  networkAdviceCode: string | null;
  /** `outcome.network_decline_code`: the network's response code. */
  networkDeclineCode: string | null;
  declineCode: string | null;
}

export type DecidedBy = 'advice_code' | 'network_code' | 'decline_code' | 'nothing_known';

export interface DeclineClass {
  category: DeclineCategory;
  retry: Retry;
  askForNewMethod: boolean;
  /** From the decline to the first attempt, where the network names a time; otherwise 0. */
  waitMs: number;
  /** A network's rule forbids another attempt with this card, whatever softer code came along. */
  networkForbids: boolean;
  /** Stripe sends nothing to the network before there is another method. */
  heldByStripe: boolean;
  /** Nothing we know decides: at most one more attempt is made by itself. */
  onceOnly: boolean;
  decidedBy: DecidedBy;
  /** The code that decided; null when none did. */
  code: string | null;
  /** What the customer may be told: never that a bank suspects theft or fraud. */
  customerWords: string;
}

interface Verdict {
  retry: Retry;
  newMethod: boolean;
  waitMs: number;
  by: DecidedBy;
  code: string | null;
}

/**
 * What a decline means. The advice code decides, else the network's code, else the decline code; a code nobody knows
 * allows one more attempt. The category comes from the decline code as far as it agrees with that decision, and what
 * a network forbids stays forbidden.
 */
export function classifyDecline(decline: Decline): DeclineClass {
  const entry = entryOf(decline);
  const network = networkAdvice(decline);
  const verdict = verdictOf(decline, network, entry);
  const known = entry !== null && decline.declineCode !== null;
  const category = categoryOf(entry, verdict);
  return {
    category,
    retry: verdict.retry,
    askForNewMethod: verdict.newMethod,
    waitMs: verdict.retry === 'no' ? 0 : Math.max(verdict.waitMs, network?.waitMs ?? 0),
    networkForbids: network?.forbids === true,
    heldByStripe: entry?.heldByStripe === true,
    onceOnly: verdict.by === 'nothing_known',
    decidedBy: verdict.by,
    code: verdict.code,
    customerWords: wordsFor(
      known && entry.hidden ? null : category,
      known ? decline.declineCode : null,
      verdict.newMethod,
    ),
  };
}

function entryOf({ method, declineCode }: Decline): DeclineEntry | null {
  const table = method === 'card' ? CARD_DECLINES : LOCAL_DECLINES;
  return declineCode !== null && Object.hasOwn(table, declineCode) ? (table[declineCode] ?? null) : null;
}

function networkAdvice(decline: Decline): (NetworkAdvice & { code: string }) | null {
  const network = decline.network?.toLowerCase();
  if (network === 'mastercard' && decline.networkAdviceCode !== null) {
    const code = decline.networkAdviceCode.padStart(2, '0');
    const advice = MASTERCARD_ADVICE[code];
    if (advice) return { ...advice, code };
  }
  const response = decline.networkDeclineCode?.toUpperCase() ?? null;
  if (network === 'visa' && response !== null && VISA_NEVER.has(response)) {
    return { retry: 'no', newMethod: true, forbids: true, waitMs: 0, code: response };
  }
  return null;
}

function verdictOf(
  decline: Decline,
  network: (NetworkAdvice & { code: string }) | null,
  entry: DeclineEntry | null,
): Verdict {
  const adviceCode = decline.adviceCode;
  const advice =
    adviceCode !== null && Object.hasOwn(ADVICE_CODES, adviceCode) ? ADVICE_CODES[adviceCode] : undefined;
  if (advice) return { ...advice, waitMs: 0, by: 'advice_code', code: adviceCode };
  if (network) {
    const { retry, newMethod, waitMs, code } = network;
    return { retry, newMethod, waitMs, by: 'network_code', code };
  }
  if (entry) {
    const { retry, newMethod } = entry;
    return { retry, newMethod, waitMs: 0, by: 'decline_code', code: decline.declineCode };
  }
  return { retry: 'auto', newMethod: false, waitMs: 0, by: 'nothing_known', code: null };
}

/** A decline code that is milder than the decision gives way to what the decision implies. */
function categoryOf(entry: DeclineEntry | null, { retry, by }: Verdict): DeclineCategory {
  if (entry && (by === 'decline_code' || entry.retry === retry)) return entry.category;
  if (entry && (entry.category === 'fraud' || entry.category === 'config' || entry.category === 'test'))
    return entry.category;
  if (retry === 'no') return 'hard';
  if (retry === 'after_action') return entry?.category === 'authentication' ? 'authentication' : 'card_data';
  return entry?.category === 'insufficient_funds' ? 'insufficient_funds' : 'soft';
}

const BANK_DECLINED = 'Your bank declined the payment.';

const BY_CODE: Readonly<Record<string, string>> = {
  expired_card: 'The card has expired.',
  incorrect_cvc: 'The security code of the card did not match.',
  invalid_cvc: 'The security code of the card did not match.',
  incorrect_number: 'The card number was not right.',
  invalid_number: 'The card number was not right.',
  incorrect_zip: 'The postal code did not match the card.',
  incorrect_address: 'The billing address did not match the card.',
  currency_not_supported: 'The card cannot be charged in this currency.',
  card_not_supported: 'The card does not support this kind of payment.',
  card_velocity_exceeded: 'The card has reached a limit of your bank.',
  withdrawal_count_limit_exceeded: 'The card has reached a limit of your bank.',
};

const BY_CATEGORY: Readonly<Record<DeclineCategory, string>> = {
  soft: BANK_DECLINED,
  hard: BANK_DECLINED,
  fraud: BANK_DECLINED,
  insufficient_funds: 'Your bank declined the payment because the balance did not cover it.',
  card_data: 'Some details of the payment method need to be updated.',
  authentication: 'Your bank wants you to confirm the payment.',
  config: 'The payment could not be processed. We are looking into it.',
  test: 'The payment could not be processed. We are looking into it.',
};

function wordsFor(category: DeclineCategory | null, code: string | null, newMethod: boolean): string {
  const reason =
    category === null || category === 'fraud'
      ? BANK_DECLINED
      : ((code === null ? undefined : BY_CODE[code]) ?? BY_CATEGORY[category]);
  return newMethod ? `${reason} Please use another payment method, or ask your bank.` : reason;
}
