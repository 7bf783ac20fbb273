/**
 * The company's own records: what is true outside the bot. Every stand-in (Stripe, Supabase, the PsiZero API)
 * renders these; `truth` computes from these. Instants are epoch milliseconds UTC; money is integer minor units.
 */
export interface CustomerRecord {
  /** PsiZero id, the customer's name everywhere: `psz_...`. */
  id: string;
  stripeId: string;
  name: string;
  domain: string;
  email: string;
  country: string;
  region: string;
  currency: string;
  segment: string;
  channel: string;
  ownerEmail: string | null;
  createdAt: number;
  updatedAt: number;
  paymentMethodId: string | null;
}

export interface PaymentMethodRecord {
  id: string;
  customerId: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  /** Every charge with this card is declined with this code; null when it works. */
  declineCode: string | null;
  createdAt: number;
}

export interface ProductRecord {
  id: string;
  name: string;
  createdAt: number;
}

export interface PriceRecord {
  id: string;
  productId: string;
  plan: string;
  nickname: string;
  currency: string;
  unitAmount: number;
  interval: 'month' | 'year';
  intervalCount: number;
  createdAt: number;
}

export interface DiscountRecord {
  couponId: string;
  percentOff: number | null;
  amountOff: number | null;
  duration: 'once' | 'repeating' | 'forever';
  months: number | null;
  startAt: number;
  endAt: number | null;
}

export type SubscriptionStatus =
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'unpaid'
  | 'paused'
  | 'canceled'
  | 'incomplete';

export interface SubscriptionRecord {
  id: string;
  itemId: string;
  customerId: string;
  priceId: string;
  plan: string;
  status: SubscriptionStatus;
  currency: string;
  unitAmount: number;
  quantity: number;
  interval: 'month' | 'year';
  intervalCount: number;
  discount: DiscountRecord | null;
  startedAt: number;
  trialStartAt: number | null;
  trialEndAt: number | null;
  currentPeriodStartAt: number;
  currentPeriodEndAt: number;
  /** The anchor renewals are counted from. */
  anchorAt: number;
  cancelAtPeriodEnd: boolean;
  cancelAt: number | null;
  canceledAt: number | null;
  endedAt: number | null;
}

/** One state a subscription was in; a new one for every change of price, quantity, discount, status or end. */
export interface SubscriptionVersionRecord {
  id: string;
  subscriptionId: string;
  version: number;
  customerId: string;
  plan: string;
  status: SubscriptionStatus;
  currency: string;
  unitAmount: number;
  quantity: number;
  interval: 'month' | 'year';
  intervalCount: number;
  discountPercent: number | null;
  discountAmount: number | null;
  discountDuration: 'once' | 'repeating' | 'forever' | null;
  cancelAt: number | null;
  validFrom: number;
  validTo: number | null;
  updatedAt: number;
}

export interface InvoiceLineRecord {
  id: string;
  description: string;
  priceId: string | null;
  quantity: number;
  unitAmount: number;
  amount: number;
  taxAmount: number;
  periodStartAt: number;
  periodEndAt: number;
}

export interface InvoiceRecord {
  id: string;
  number: string | null;
  customerId: string;
  subscriptionId: string | null;
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  currency: string;
  lines: InvoiceLineRecord[];
  subtotal: number;
  discountAmount: number;
  tax: number;
  total: number;
  amountDue: number;
  amountPaid: number;
  amountRemaining: number;
  attemptCount: number;
  collectionMethod: 'charge_automatically' | 'send_invoice';
  paymentIntentId: string | null;
  createdAt: number;
  finalizedAt: number | null;
  dueAt: number | null;
  paidAt: number | null;
  voidedAt: number | null;
  uncollectibleAt: number | null;
  nextAttemptAt: number | null;
  periodStartAt: number;
  periodEndAt: number;
  metadata: Record<string, string>;
}

export interface PaymentIntentRecord {
  id: string;
  customerId: string;
  invoiceId: string | null;
  amount: number;
  currency: string;
  status: 'requires_payment_method' | 'requires_confirmation' | 'processing' | 'succeeded' | 'canceled';
  latestChargeId: string | null;
  createdAt: number;
  metadata: Record<string, string>;
}

export interface ChargeRecord {
  id: string;
  customerId: string;
  invoiceId: string | null;
  paymentIntentId: string | null;
  paymentMethodId: string | null;
  status: 'succeeded' | 'failed' | 'pending';
  amount: number;
  amountRefunded: number;
  currency: string;
  declineCode: string | null;
  failureMessage: string | null;
  disputed: boolean;
  createdAt: number;
  metadata: Record<string, string>;
}

export interface RefundRecord {
  id: string;
  chargeId: string;
  customerId: string;
  amount: number;
  currency: string;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
  reason: string | null;
  createdAt: number;
  metadata: Record<string, string>;
}

export interface CreditNoteRecord {
  id: string;
  number: string;
  invoiceId: string;
  customerId: string;
  amount: number;
  currency: string;
  status: 'issued' | 'void';
  reason: string | null;
  createdAt: number;
}

export interface DisputeRecord {
  id: string;
  chargeId: string;
  customerId: string;
  amount: number;
  currency: string;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
  createdAt: number;
}

export interface UserProfileRecord {
  id: string;
  customerId: string;
  email: string;
  fullName: string;
  role: 'owner' | 'billing' | 'developer';
  createdAt: number;
  lastSeenAt: number | null;
  updatedAt: number;
}

export interface TicketRecord {
  id: string;
  customerId: string;
  requesterEmail: string;
  subject: string;
  body: string;
  status: 'open' | 'pending' | 'closed';
  priority: 'low' | 'normal' | 'high' | 'urgent';
  openedAt: number;
  firstResponseAt: number | null;
  closedAt: number | null;
  /** What the requester will have thought of the answer, 1 to 5; nobody knows it before `ratedAt`. Null: never rated. */
  csatScore: number | null;
  ratedAt: number | null;
  updatedAt: number;
}

export interface IncidentRecord {
  id: string;
  title: string;
  severity: 'minor' | 'major' | 'critical';
  startedAt: number;
  endedAt: number | null;
  updatedAt: number;
}

/** Collections by name; the order of insertion is the order of creation. */
/** How much of the API a customer may use, from everything to nothing. */
export const SERVICE_LEVELS = ['full', 'warned', 'throttled', 'read_only', 'suspended'] as const;
export type ServiceLevel = (typeof SERVICE_LEVELS)[number];

export interface ServiceRecord {
  id: string;
  customerId: string;
  level: ServiceLevel;
  reason: string | null;
  /** Null: it was never changed. */
  sinceAt: number | null;
  /** The key of the change that led here. */
  lastKey: string | null;
}

export interface Collections {
  customers: CustomerRecord;
  paymentMethods: PaymentMethodRecord;
  products: ProductRecord;
  prices: PriceRecord;
  subscriptions: SubscriptionRecord;
  subscriptionVersions: SubscriptionVersionRecord;
  invoices: InvoiceRecord;
  paymentIntents: PaymentIntentRecord;
  charges: ChargeRecord;
  refunds: RefundRecord;
  creditNotes: CreditNoteRecord;
  disputes: DisputeRecord;
  userProfiles: UserProfileRecord;
  tickets: TicketRecord;
  incidents: IncidentRecord;
  services: ServiceRecord;
}

export type CollectionName = keyof Collections;

/** Something happened at an instant. Stripe types (`invoice.paid`) become Stripe events and webhooks. */
export interface WorldChange {
  at: number;
  /** Stripe's event type, or `psizero.customer.created`, `psizero.usage.reported`, `psizero.incident.started` ... */
  type: string;
  collection: CollectionName;
  id: string;
  /** Stripe's `previous_attributes`, where it gives them. */
  previous?: Record<string, unknown>;
}

/** The daily usage of a customer in one category, as known at the world's now (today's row grows by the hour). */
export interface UsageRow {
  id: string;
  customerId: string;
  bucketStartAt: number;
  category: string;
  calls: number;
  errors4xx: number;
  errors5xx: number;
  updatedAt: number;
}

/** Calls of some hours of a company day that are over (`fromAt` = `toAt`: of one instant), never changed any more. */
export interface UsagePiece {
  customerId: string;
  category: string;
  fromAt: number;
  toAt: number;
  calls: number;
}

/** One UTC hour of the whole platform. */
export interface PerformanceRow {
  bucketStartAt: number;
  calls: number;
  errors4xx: number;
  errors5xx: number;
  /** Counts by LATENCY_BUCKETS_MS upper bounds, and one more for everything above. */
  latencyCounts: number[];
  updatedAt: number;
}

/** Upper bounds, milliseconds. p95 = the upper bound of the first bucket that reaches 95 % of the calls. */
export const LATENCY_BUCKETS_MS = [
  5, 10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 180, 200, 230, 260, 300, 350, 400, 500, 600, 800,
  1000, 1500, 2000, 3000, 5000, 10000,
] as const;

export const COMPANY = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' } as const;

/** The company's books, its time and its changes. Implemented by sandbox/world. */
export interface World {
  readonly anchor: { seed: number; now: number; scale: number };
  /** The simulated instant everything is true at. */
  now(): number;
  get<C extends CollectionName>(collection: C, id: string): Collections[C] | undefined;
  /** All records in creation order. Treat as read-only; change through `put`. */
  all<C extends CollectionName>(collection: C): readonly Collections[C][];
  /** By index: charges of an invoice, invoices of a customer ... never a scan. */
  of<C extends CollectionName>(collection: C, customerId: string): readonly Collections[C][];
  /** Stores a new or changed record and remembers it for the next start. */
  put<C extends CollectionName>(collection: C, record: Collections[C]): void;
  /** Tells every listener; records must be put first. */
  emit(change: WorldChange): void;
  onChange(listener: (change: WorldChange) => void): void;
  /** Deterministic ids: `${prefix}_` and base-62, unique in this world. */
  newId(prefix: string): string;
  /** Lets everything happen that falls due up to and including `at`, each at its own instant, in order. */
  advanceTo(at: number): void;
  usage(filter: { fromAt: number; toAt: number; customerId?: string }): UsageRow[];
  /** A company day's usage in pieces: once the day is over they add up to its rows. */
  usagePieces(day: number): UsagePiece[];
  performance(filter: { fromAt: number; toAt: number }): PerformanceRow[];
  /** Company-currency units that one unit of `currency` buys on a company day (YYYY-MM-DD), six decimals. */
  fxRate(currency: string, day: string): string;
}
