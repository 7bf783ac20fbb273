import type { AlertRaiser } from '../../alerts/alert.ts';
import type { Delivery } from './ports.ts';

/** What a person has to look at when an invoice did not reach its customer, and what may be done. */
export function deliveryAlert(
  delivery: Delivery,
  customerName: string,
): Parameters<AlertRaiser['raise']>[0] | null {
  const { number, address, reason, state, stripeInvoiceId } = delivery;
  const said = SAID[state];
  if (said === undefined) return null;
  return {
    kind: 'delivery_failed',
    subject: deliverySubject(delivery, customerName),
    title: `Invoice ${number} ${said.what} ${customerName}.`,
    detail: `${said.next(address, number)}${reason === null ? '' : ` What is known: ${reason}`}`,
    facts: [
      `Invoice ${number} (${stripeInvoiceId}) to ${address}: ${state}${reason === null ? '' : `, ${reason}`}`,
    ],
  };
}

export function deliverySubject({ invoiceId }: Pick<Delivery, 'invoiceId'>, name: string) {
  return { kind: 'invoice_delivery', id: invoiceId, name };
}

interface Said {
  what: string;
  next(address: string, number: string): string;
}

const AGAIN = (number: string) => `then say "resend invoice ${number}"`;

const SAID: Partial<Record<Delivery['state'], Said>> = {
  bounced: {
    what: 'came back from',
    next: (address, number) =>
      `Mail to ${address} bounced, so nothing more is sent there. Find the right address, ${AGAIN(number)}.`,
  },
  held: {
    what: 'was not sent to',
    next: (address, number) => `Nothing was sent to ${address}. Mend that, ${AGAIN(number)}.`,
  },
  failed: {
    what: 'could not be sent to',
    next: (address, number) => `Nothing left for ${address}. Mend that, ${AGAIN(number)}.`,
  },
  unknown: {
    what: 'may or may not have reached',
    next: (address) =>
      `The answer was lost after it was handed over for ${address}. Ask them, then say on the card of the invoice whether it went out.`,
  },
};
