import type { Money } from '../types.ts';
import type { CreditableLine, CreditNote } from './credit-notes/plan-credit-note.ts';
import type { ServicePeriod } from './invoice.ts';

/**
 * Invoices, credit notes and collection at the payment provider. Reads are live, never from the store. Writes take the
 * idempotency key minted at approval and carry it in the record's metadata, so that a lost answer can be looked up;
 * they throw SystemError `effect_unknown` when the answer was lost, UserError when the provider refuses.
 */
export interface OutsideInvoice {
  id: string;
  number: string | null;
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  stripeCustomerId: string;
  subtotal: Money;
  tax: Money;
  total: Money;
  amountDue: Money;
  amountPaid: Money;
  amountRemaining: Money;
  dueAt: number | null;
  hostedUrl: string | null;
  attemptCount: number;
  lines: { id: string; description: string; amount: Money; period: ServicePeriod }[];
  metadata: Readonly<Record<string, string>>;
}

export interface DraftLine {
  /** Stable over repeats; kept in the line's metadata. */
  key: string;
  description: string;
  amount: Money;
  period: ServicePeriod;
}

export interface InvoiceGateway {
  getInvoice(id: string): Promise<OutsideInvoice>;
  /** An invoice that is still being written: nothing is charged, nobody is told, nothing else is swept into it. */
  createDraft(draft: {
    stripeCustomerId: string;
    currency: string;
    /** Null: the provider charges the card on finalising. Days: the customer pays until then. */
    daysUntilDue: number | null;
    description: string;
    lines: readonly DraftLine[];
    metadata: Readonly<Record<string, string>>;
    idempotencyKey: string;
  }): Promise<OutsideInvoice>;
  /** By the key it was created with; null when the provider has none. */
  findInvoice(stripeCustomerId: string, idempotencyKey: string): Promise<OutsideInvoice | null>;
  finalise(id: string, idempotencyKey: string): Promise<OutsideInvoice>;
  deleteDraft(id: string): Promise<void>;
  voidInvoice(id: string, idempotencyKey: string): Promise<OutsideInvoice>;
  markUncollectible(id: string, idempotencyKey: string): Promise<OutsideInvoice>;
  /** Settles the whole of it as paid by other means: the provider moves no money. */
  payOutside(id: string, idempotencyKey: string): Promise<OutsideInvoice>;
  /** Charges now, with this method or the one the provider would take. A decline is an answer, not an error. */
  pay(
    id: string,
    paymentMethodId: string | null,
    idempotencyKey: string,
  ): Promise<{ invoice: OutsideInvoice; declined: Decline | null }>;
}

/** What a refused charge says, as the provider says it. */
export interface Decline {
  code: string | null;
  declineCode: string | null;
  networkCode: string | null;
  adviceCode: string | null;
  message: string;
}

/** What a customer has in credit, which their next invoices use up. */
export interface BalanceGateway {
  /** In credit above 0; below 0 they owe it with the next invoice. */
  getBalance(stripeCustomerId: string): Promise<Money>;
  /** Negative takes back. Answers with the balance then. */
  creditBalance(credit: {
    stripeCustomerId: string;
    amount: Money;
    description: string;
    idempotencyKey: string;
  }): Promise<{ id: string; balance: Money }>;
  findBalanceCredit(
    stripeCustomerId: string,
    idempotencyKey: string,
  ): Promise<{ id: string; balance: Money } | null>;
}

/** An invoice as it can be credited at the provider. Amounts of its lines are minor units of `total`'s currency. */
export interface CreditableInvoice {
  id: string;
  number: string | null;
  status: OutsideInvoice['status'];
  stripeCustomerId: string;
  total: Money;
  amountPaid: Money;
  amountRemaining: Money;
  lines: readonly (CreditableLine & {
    description: string;
    /** Before discounts, which is what the provider counts a credited line in. */
    grossMinor: bigint;
  })[];
  /** Notes that stand; one that names no line counts as spread over all. */
  earlier: readonly CreditNote[];
}

/** A credit note as the provider is asked for it. */
export interface AskedCreditNote {
  invoiceId: string;
  lines: readonly {
    invoiceLineId: string;
    /** Before discounts. */
    amount: Money;
    taxes: readonly { rate: string; amount: Money; taxable: Money }[];
  }[];
  /** What is given back to the card, to the customer's balance, and outside; they sum to what was paid of it. */
  refund: Money;
  balance: Money;
  outOfBand: Money;
  reason: CreditReason | null;
  memo: string;
}

export const CREDIT_REASONS = ['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];

export interface CreditNoteGateway {
  getCreditable(invoiceId: string): Promise<CreditableInvoice>;
  /** What the provider would credit in all; nothing is made. UserError `conflict` when it would refuse. */
  previewCreditNote(note: AskedCreditNote): Promise<Money>;
  createCreditNote(
    note: AskedCreditNote & { idempotencyKey: string },
  ): Promise<{ id: string; number: string | null; total: Money }>;
  findCreditNote(
    invoiceId: string,
    idempotencyKey: string,
  ): Promise<{ id: string; number: string | null; total: Money } | null>;
  voidCreditNote(id: string, idempotencyKey: string): Promise<void>;
}

/** A coupon as the provider offers it. */
export interface OfferedCoupon {
  id: string;
  name: string | null;
  /** Decimal; null where it takes off an amount. */
  percentOff: string | null;
  amountOff: Money | null;
  duration: 'once' | 'repeating' | 'forever';
  /** With `repeating`. */
  months: number | null;
  /** False: it is used up or over. */
  valid: boolean;
}

/** A subscription of one price, live. */
export interface OutsideSubscription {
  id: string;
  stripeCustomerId: string;
  status: string;
  itemId: string;
  priceId: string;
  unitAmount: Money;
  quantity: number;
  interval: string;
  intervalCount: number;
  period: ServicePeriod;
  trialEndAt: number | null;
  endsAt: number | null;
  couponIds: readonly string[];
  /** Kept with the last change that was made under a key. */
  lastChangeKey: string | null;
}

export interface OfferedPrice {
  id: string;
  name: string;
  unitAmount: Money;
  interval: string;
  intervalCount: number;
}

export interface SubscriptionChange {
  stripeSubscriptionId: string;
  itemId: string;
  /** Null: it stays. */
  priceId: string | null;
  quantity: number;
  /** `now`: the rest of the period is billed at once, prorated to the second. `none`: the next period is the first at the new price. */
  proration: 'now' | 'none';
  prorateAt: number;
}

export interface SubscriptionGateway {
  /** Throws `conflict` for one of several prices. */
  getSubscription(id: string): Promise<OutsideSubscription>;
  listCoupons(): Promise<OfferedCoupon[]>;
  /** Those that can be subscribed to now. */
  listPrices(): Promise<OfferedPrice[]>;
  /** In place of the coupons it has. Found again by `lastChangeKey`. */
  applyCoupon(use: {
    stripeSubscriptionId: string;
    couponId: string;
    idempotencyKey: string;
  }): Promise<OutsideSubscription>;
  /** Its proration lines as the provider would bill them; nothing changes. */
  previewChange(change: SubscriptionChange): Promise<{ description: string; amount: Money }[]>;
  /** Found again by `lastChangeKey`. */
  changeSubscription(change: SubscriptionChange & { idempotencyKey: string }): Promise<OutsideSubscription>;
}

/** Corrections of what was billed. */
export type CreditGateway = BalanceGateway & CreditNoteGateway & SubscriptionGateway;

/** What the company's own API lets a customer do. */
export const SERVICE_LEVELS = ['full', 'warned', 'throttled', 'read_only', 'suspended'] as const;
export type ServiceLevel = (typeof SERVICE_LEVELS)[number];
