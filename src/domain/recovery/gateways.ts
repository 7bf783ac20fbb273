import type { OutsideInvoice, Decline as ProviderDecline, ServiceLevel } from '../billing/gateways.ts';

/** A card on file, as the provider has it now. */
export interface CardOnFile {
  id: string;
  /** The same card under any customer or payment method has one; null where the provider tells none. */
  fingerprint: string | null;
  /** "visa". */
  network: string;
  /** Where it was issued, ISO 3166 alpha-2. */
  country: string | null;
  last4: string | null;
  expiry: { month: number; year: number } | null;
  isDefault: boolean;
  addedAt: number;
  /** When its details last changed at the bank or by the customer; null: never that the provider remembers. */
  actedAt: number | null;
}

/** What a charge came to. A decline is an answer, not an error. */
export interface Collected {
  outcome: 'paid' | 'declined';
  /** The provider's charge; null where it does not say. */
  chargeId: string | null;
  declined: (ProviderDecline & { networkAdviceCode: string | null }) | null;
  invoice: OutsideInvoice;
}

/**
 * Charging what is owed, at the payment provider. Reads are live. A charge takes the key minted at approval; it throws
 * SystemError `effect_unknown` when the answer was lost, UserError when the provider refuses to try.
 */
export interface CollectionGateway {
  getInvoice(id: string): Promise<OutsideInvoice>;
  /** The default first. */
  listCards(stripeCustomerId: string): Promise<CardOnFile[]>;
  collect(charge: {
    invoiceId: string;
    paymentMethodId: string | null;
    idempotencyKey: string;
  }): Promise<Collected>;
  /** What became of a charge whose answer was lost; null when the provider has tried no more than `attemptsBefore`. */
  findCollected(invoiceId: string, attemptsBefore: number): Promise<Collected | null>;
}

/** How much of the company's own API a customer may use. */
export interface ServiceState {
  customerId: string;
  level: ServiceLevel;
  /** Null: it was never changed. */
  sinceAt: number | null;
  /** The key of the change that led here. */
  lastKey: string | null;
}

/** The company's own API, as far as it can be restricted. Writes are keyed like those of `CollectionGateway`. */
export interface ServiceGateway {
  getService(customerId: string): Promise<ServiceState>;
  setService(change: {
    customerId: string;
    level: ServiceLevel;
    reason: string;
    idempotencyKey: string;
  }): Promise<ServiceState>;
}
