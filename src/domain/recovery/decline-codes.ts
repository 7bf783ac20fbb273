/**
 * What the codes of a declined payment mean to us, as data.
 * Codes, next steps and hidden reasons: Stripe, docs.stripe.com/declines/codes; `heldByStripe` (the nine codes Stripe
 * executes no retry of before there is another method): docs.stripe.com/billing/revenue-recovery/smart-retries, 2026.
 * Category, retry and `newMethod` are ours, derived from the next step: Stripe publishes no column hard or soft.
 */
export const DECLINE_CATEGORIES = [
  'soft',
  'hard',
  'fraud',
  'insufficient_funds',
  'card_data',
  'authentication',
  'config',
  'test',
] as const;
export type DeclineCategory = (typeof DECLINE_CATEGORIES)[number];

/** Again by itself; again once the customer has done something; never with this card. */
export type Retry = 'auto' | 'after_action' | 'no';

export interface DeclineEntry {
  category: DeclineCategory;
  retry: Retry;
  /** The customer is to be asked for another payment method. */
  newMethod: boolean;
  /** Stripe's own schedule goes on counting, but nothing is sent to the network before there is another method. */
  heldByStripe: boolean;
  /** The customer is told no more than that the bank declined. */
  hidden: boolean;
  deprecated: boolean;
}

type Flag = 'newMethod' | 'heldByStripe' | 'hidden' | 'deprecated';

function entry(category: DeclineCategory, retry: Retry, ...flags: readonly Flag[]): DeclineEntry {
  return {
    category,
    retry,
    newMethod: flags.includes('newMethod'),
    heldByStripe: flags.includes('heldByStripe'),
    hidden: flags.includes('hidden'),
    deprecated: flags.includes('deprecated'),
  };
}

/** Of cards. */
export const CARD_DECLINES: Readonly<Record<string, DeclineEntry>> = {
  authentication_required: entry('authentication', 'after_action', 'newMethod', 'heldByStripe'),
  authentication_not_handled: entry('authentication', 'after_action'),
  approve_with_id: entry('soft', 'auto'),
  call_issuer: entry('soft', 'after_action', 'newMethod'),
  card_not_supported: entry('hard', 'no', 'newMethod'),
  card_velocity_exceeded: entry('insufficient_funds', 'auto', 'newMethod'),
  currency_not_supported: entry('hard', 'no', 'newMethod'),
  do_not_honor: entry('soft', 'auto'),
  do_not_try_again: entry('hard', 'no', 'newMethod', 'deprecated'),
  duplicate_transaction: entry('config', 'no'),
  expired_card: entry('card_data', 'after_action', 'newMethod'),
  fraudulent: entry('fraud', 'no', 'newMethod', 'hidden'),
  generic_decline: entry('soft', 'auto'),
  incorrect_address: entry('card_data', 'after_action'),
  incorrect_cvc: entry('card_data', 'after_action'),
  incorrect_number: entry('card_data', 'after_action', 'newMethod', 'heldByStripe'),
  incorrect_pin: entry('card_data', 'after_action'),
  incorrect_zip: entry('card_data', 'after_action'),
  insufficient_funds: entry('insufficient_funds', 'auto'),
  invalid_account: entry('hard', 'no', 'newMethod'),
  invalid_amount: entry('config', 'after_action'),
  invalid_cvc: entry('card_data', 'after_action'),
  invalid_expiry_month: entry('card_data', 'after_action', 'newMethod'),
  invalid_expiry_year: entry('card_data', 'after_action', 'newMethod'),
  invalid_number: entry('card_data', 'after_action', 'newMethod'),
  invalid_pin: entry('card_data', 'after_action'),
  issuer_not_available: entry('soft', 'auto'),
  lost_card: entry('fraud', 'no', 'newMethod', 'heldByStripe', 'hidden'),
  merchant_blacklist: entry('fraud', 'no', 'newMethod', 'hidden'),
  new_account_information_available: entry('card_data', 'after_action', 'newMethod'),
  no_action_taken: entry('soft', 'auto'),
  not_permitted: entry('hard', 'no', 'newMethod'),
  offline_pin_required: entry('authentication', 'after_action'),
  online_or_offline_pin_required: entry('authentication', 'after_action'),
  pickup_card: entry('fraud', 'no', 'newMethod', 'heldByStripe'),
  pin_try_exceeded: entry('hard', 'no', 'newMethod'),
  processing_error: entry('soft', 'auto'),
  reenter_transaction: entry('soft', 'auto'),
  restricted_card: entry('fraud', 'no', 'newMethod'),
  revocation_of_all_authorizations: entry('hard', 'no', 'newMethod', 'heldByStripe'),
  revocation_of_authorization: entry('hard', 'no', 'newMethod', 'heldByStripe'),
  security_violation: entry('fraud', 'no', 'newMethod'),
  service_not_allowed: entry('hard', 'no', 'newMethod'),
  stolen_card: entry('fraud', 'no', 'newMethod', 'heldByStripe', 'hidden'),
  stop_payment_order: entry('hard', 'no', 'newMethod'),
  testmode_decline: entry('test', 'no'),
  transaction_not_allowed: entry('hard', 'no', 'newMethod', 'heldByStripe'),
  try_again_later: entry('soft', 'auto', 'deprecated'),
  withdrawal_count_limit_exceeded: entry('insufficient_funds', 'auto'),
  mobile_device_authentication_required: entry('authentication', 'after_action'),
  highest_risk_level: entry('fraud', 'no', 'newMethod', 'heldByStripe', 'hidden'),
};

/** Of local payment methods (bank debits, wallets). */
export const LOCAL_DECLINES: Readonly<Record<string, DeclineEntry>> = {
  partner_generic_decline: entry('soft', 'auto'),
  invalid_customer_account: entry('hard', 'after_action', 'newMethod'),
  payment_limit_exceeded: entry('insufficient_funds', 'after_action'),
  invalid_billing_agreement: entry('hard', 'no', 'newMethod'),
  expired_card: entry('card_data', 'after_action', 'newMethod'),
  processing_error: entry('soft', 'auto'),
  insufficient_funds: entry('insufficient_funds', 'after_action'),
  currency_not_supported: entry('hard', 'no', 'newMethod'),
  invalid_amount: entry('config', 'no'),
  invalid_business_account: entry('config', 'after_action'),
  partner_high_risk_customer: entry('fraud', 'no', 'newMethod'),
  compliance_violation: entry('fraud', 'no', 'newMethod'),
  payment_disputed: entry('hard', 'after_action'),
  invalid_authorization: entry('hard', 'no', 'newMethod'),
  invalid_payment_information: entry('card_data', 'no', 'newMethod'),
  partner_payment_not_found: entry('config', 'no'),
  expired_payment_information: entry('card_data', 'after_action', 'newMethod'),
  duplicate_transaction: entry('config', 'no'),
  recurring_not_supported_by_bank: entry('hard', 'no', 'newMethod'),
  partner_action_not_supported: entry('config', 'no'),
  lost_or_stolen_card: entry('fraud', 'no', 'newMethod'),
  card_already_activated: entry('config', 'no'),
  invalid_track_data: entry('card_data', 'after_action'),
};
