import type { BalanceGateway, CreditNoteGateway } from '../domain/billing/gateways.ts';
import type { MailGateway, MemberMail, PaymentsGateway } from '../domain/ports.ts';
import { UserError } from '../lib/errors.ts';

/** Stands where a system is not connected: every call says so, and what to set. */
export function paymentsNotConnected(missing: string): PaymentsGateway {
  const refuse = async (): Promise<never> => {
    throw new UserError('not_connected', 'Stripe is not connected.', missing);
  };
  return { getPayment: refuse, getInvoice: refuse, createRefund: refuse, findRefund: refuse };
}

/** See `paymentsNotConnected`. */
export function creditsNotConnected(missing: string): BalanceGateway & CreditNoteGateway {
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
  };
}

/** See `paymentsNotConnected`. */
export function mailNotConnected(missing: string): MailGateway & MemberMail {
  return {
    send: async () => {
      throw new UserError('not_connected', 'No mail server is connected.', missing);
    },
  };
}
