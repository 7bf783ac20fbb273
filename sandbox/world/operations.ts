/** Every way the company's books change, for the simulation and the stand-ins alike: each puts and emits consistently. */
export {
  createInvoice,
  finalizeInvoice,
  markUncollectible,
  voidInvoice,
} from './invoice-operations.ts';
export { attemptInvoicePayment, DECLINES, failInvoicePayment, payInvoice } from './payment-operations.ts';
export { createRefund, issueCreditNote, openDispute } from './refund-operations.ts';
export { replaceCard, signUp } from './signups.ts';
export {
  cancelSubscription,
  changeSubscription,
  hasEnded,
  setSubscriptionStatus,
  startSubscription,
} from './subscription-operations.ts';
