import type { CreditGateway, InvoiceGateway } from '../domain/billing/gateways.ts';
import type { UsageSource } from '../domain/billing/run/billing-desk.ts';
import type { BookSource } from '../domain/books/books-desk.ts';
import type { MailGateway, MemberMail, PaymentsGateway } from '../domain/ports.ts';
import type { CollectionGateway, ServiceGateway } from '../domain/recovery/gateways.ts';
import { UserError } from '../lib/errors.ts';

/** Stands where a system is not connected: every call says so, and what to set. */
export function paymentsNotConnected(missing: string): PaymentsGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return { getPayment: refuse, getInvoice: refuse, createRefund: refuse, findRefund: refuse };
}

/** See `paymentsNotConnected`. */
export function creditsNotConnected(missing: string): CreditGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return {
    getBalance: refuse,
    creditBalance: refuse,
    findBalanceCredit: refuse,
    getCreditable: refuse,
    previewCreditNote: refuse,
    createCreditNote: refuse,
    findCreditNote: refuse,
    voidCreditNote: refuse,
    getSubscription: refuse,
    listCoupons: refuse,
    listPrices: refuse,
    applyCoupon: refuse,
    previewChange: refuse,
    changeSubscription: refuse,
  };
}

/** See `paymentsNotConnected`. */
export function invoicesNotConnected(missing: string): InvoiceGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return {
    getInvoice: refuse,
    createDraft: refuse,
    findInvoice: refuse,
    finalise: refuse,
    deleteDraft: refuse,
    voidInvoice: refuse,
    markUncollectible: refuse,
    payOutside: refuse,
    pay: refuse,
  };
}

/** See `paymentsNotConnected`. */
export function collectionNotConnected(missing: string): CollectionGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return { getInvoice: refuse, listCards: refuse, collect: refuse, findCollected: refuse };
}

/** See `paymentsNotConnected`. */
export function serviceNotConnected(missing: string): ServiceGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'PsiZero is not connected.', missing);
  };
  return { getService: refuse, setService: refuse };
}

/** See `paymentsNotConnected`. */
export function booksNotConnected(missing: string): BookSource {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return { creditNotes: refuse, disputes: refuse };
}

/** See `paymentsNotConnected`. */
export function usageNotConnected(missing: string): UsageSource {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'PsiZero is not connected.', missing);
  };
  return { callsByDay: refuse, plans: refuse };
}

/** See `paymentsNotConnected`. */
export function mailNotConnected(missing: string): MailGateway & MemberMail {
  return {
    send: async () => {
      throw new UserError('not_connected', 'No mail server is connected.', missing);
    },
  };
}
