import type { Customer } from '../../types.ts';
import type { InvoiceDocument, Language } from '../document/invoice-document.ts';
import type { DeliveryChannel } from './settings.ts';

/** An invoice that has its number and is open at the payment provider. */
export interface IssuedInvoice {
  /** Psi's own id of it. */
  id: string;
  number: string;
  customerId: string;
  document: InvoiceDocument;
  pdfPath: string;
  stripeInvoiceId: string;
}

/** Where a customer's invoices go, as things stand. */
export interface DeliveryRoute {
  channel: DeliveryChannel;
  /** A mail address, a channel's name, or the customer's own id at the API. */
  address: string;
  name: string;
  language: Language;
  /** "next business day at 09:00 Europe/Berlin". */
  timeWords: string;
  /** Why nothing would reach them; null where nothing is known to stand in the way. */
  hindrance: string | null;
}

/**
 * `queued` waits for its time; `sending` is under way; `sent` was taken over by the first server; `delivered` was
 * confirmed by the last; `bounced` came back; `unknown` nobody can tell; `failed` was refused before anything left;
 * `held` was not tried, since the address is known not to take mail or nobody wants it sent; `cancelled` was overtaken
 * by the invoice being voided.
 */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'unknown',
  'failed',
  'held',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One way of an invoice to its customer. */
export interface Delivery {
  id: string;
  /** Names it for good; also the ledger step that let it be queued. */
  key: string;
  invoiceId: string;
  stripeInvoiceId: string;
  number: string;
  customerId: string;
  channel: DeliveryChannel;
  address: string;
  name: string;
  language: Language;
  dueAt: number;
  state: DeliveryState;
  attempts: number;
  sentAt: number | null;
  settledAt: number | null;
  /** Why it is held, failed, cancelled or came back, in a sentence. */
  reason: string | null;
}

/** An address that mail came back from for good. */
export interface Suppression {
  address: string;
  reason: string;
  at: number;
}

/** What a person asked for, beyond what the customer chose. */
export interface AskedDelivery {
  /** At once, also where mail came back before: whoever approved it was told. */
  now?: boolean;
  /** A mail address in place of the customer's own. */
  to?: string | null;
}

/** Invoices on their way, as tools see them. */
export interface InvoiceDelivery {
  routeOf(customer: Pick<Customer, 'id' | 'name' | 'email' | 'country'>): Promise<DeliveryRoute>;
  /**
   * Queues an invoice for its customer's preferred time, unless asked otherwise; the same key gives what was queued then. It goes
   * out once, later, under the approval whose step `key` is.
   */
  deliver(issued: IssuedInvoice, key: string, asked?: AskedDelivery): Promise<Delivery>;
  /** By its key; null when nothing was queued under it. */
  queued(key: string): Promise<Delivery | null>;
  /** Newest first; by Stripe's id, printed number, or Psi's own id of the invoice. */
  ofInvoice(reference: string): Promise<Delivery[]>;
  /** Whether mail to this address is known to come back. */
  suppression(address: string): Promise<Suppression | null>;
}

/** What is handed to a channel. */
export interface Parcel {
  delivery: Delivery;
  customer: { id: string; name: string; domain: string };
  document: InvoiceDocument;
  pdf: { fileName: string; bytes: Uint8Array };
  message: { subject: string; text: string; html: string };
}

/**
 * One way out. `send` throws UserError where certainly nothing left, SystemError `effect_unknown` where nobody can
 * tell; it is not called again under a key that may have worked, unless `lookUp` has said that it did not.
 */
export interface InvoiceChannel {
  kind: string;
  system: string;
  send(parcel: Parcel, key: string): Promise<{ outsideId: string }>;
  lookUp?(parcel: Parcel, key: string): Promise<{ outsideId: string } | null>;
}

/** What became of a mail after it was taken over, as its carrier tells. */
export interface MailFate {
  /** The key the mail carried. */
  messageKey: string;
  address: string;
  fate: 'delivered' | 'bounced_hard' | 'bounced_soft';
  /** The carrier's own words or code, short. */
  reason: string;
  at: number;
}

/** Reads what a carrier reports of mails. */
export interface MailReportReader {
  /** Reports come to `/webhooks/<path>`. */
  path: string;
  /** @throws UserError `not_allowed` for a bad signature, `invalid_input` for what cannot be read. */
  read(body: Buffer, headers: Readonly<Record<string, string | undefined>>, nowAt: number): MailFate[];
}
