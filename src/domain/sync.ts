import type { Sources } from './ports.ts';
import type { SweepReport } from './sweep.ts';
import type { SourceName } from './types.ts';

/** How a source is read into the store: connectors implement `SyncResource`, the store writes what they sink. */
export interface SyncResource {
  source: SourceName;
  name: string;
  /** The tables it fills; their sizes are shown beside its freshness. */
  tables: readonly SyncTable[];
  /** A question asked when it was read longer ago than this reads it again first. */
  refreshMs: number;
  /** How often it is read when nobody asks. */
  pollMs: number;
  /** No answer is made from it: its age is not its source's, and a question does not wait for it. */
  forChecksOnly?: true;
  /**
   * Reads what changed since the cursor (null: everything), handing over page by page in order. Each page is
   * stored together with its cursor, so that a crash loses at most one page's work.
   * @throws SystemError when the source cannot be read; pages handed over until then stay.
   */
  read(cursor: string | null, sink: (page: SyncPage) => void): Promise<void>;
  /**
   * Gives everything the source has now of what falls on or after `fromAt`, whatever was read before, so that it
   * can be held against the store.
   * @throws SystemError when the source cannot be read to the end.
   */
  compare(fromAt: number, hold: (page: ComparedPage) => Promise<void>): Promise<Compared>;
}

/** Rows as the source has them now, in a complete comparison. */
export interface ComparedPage {
  rows: SyncRows;
  malformed: readonly Malformed[];
  fields?: SeenFields;
}

/** What a comparison was complete for: a stored row there which the source did not give is no longer in the source. */
export type Compared = readonly { table: SyncTable; fromAt: number }[];

/** The names of the fields a source's rows came with, by resource. */
export type SeenFields = Readonly<Record<string, readonly string[]>>;

export interface SyncPage {
  rows: SyncRows;
  /** Rows that could not be read. The last good version of each is kept. */
  malformed: readonly Malformed[];
  fields?: SeenFields;
  cursor: string | null;
  /** Facts up to this instant are in once this page is; null while more pages are to come. */
  dataThroughAt: number | null;
}

export interface Malformed {
  resource: string;
  id: string;
  what: string;
  /** Where it can be told: the field that is not as agreed. */
  drift?: Drift;
}

/** "status: expected one of open, pending, closed, got escalated". Never more of a value than a word. */
export interface Drift {
  field: string;
  expected: string;
  got: string;
}

/** Rows as the store keeps them, column for column, any number of tables a page. */
export type SyncRows = { [T in SyncTable]?: readonly SyncRow[T][] };

export type SyncTable = keyof SyncRow;

/**
 * In rows from Stripe `customer_id` may still be Stripe's id (`cus_...`); the store replaces it by the PsiZero
 * id as soon as that is known. `seen_at` is the instant the state was true at: an older one never overwrites.
 */
export type SyncRow = {
  customers: {
    id: string;
    name: string;
    domain: string;
    email: string;
    country: string;
    region: string;
    currency: string;
    segment: string;
    channel: string;
    owner_email: string | null;
    stripe_customer_id: string | null;
    signed_up_at: number;
    updated_at: number;
  };
  user_profiles: {
    id: string;
    customer_id: string;
    email: string;
    full_name: string;
    role: string;
    created_at: number;
    last_seen_at: number | null;
    updated_at: number;
  };
  subscription_versions: {
    subscription_id: string;
    version: number;
    customer_id: string;
    plan: string;
    status: string;
    currency: string;
    unit_amount_minor: number;
    quantity: number;
    interval: string;
    interval_count: number;
    discount_percent: string | null;
    discount_amount_minor: number | null;
    discount_duration: string | null;
    cancel_at: number | null;
    valid_from: number;
    valid_to: number | null;
    updated_at: number;
  };
  subscriptions: {
    id: string;
    customer_id: string;
    plan: string;
    status: string;
    currency: string;
    unit_amount_minor: number;
    quantity: number;
    interval: string;
    interval_count: number;
    started_at: number;
    current_period_start_at: number;
    current_period_end_at: number;
    trial_end_at: number | null;
    cancel_at_period_end: number;
    cancel_at: number | null;
    canceled_at: number | null;
    ended_at: number | null;
    seen_at: number;
  };
  invoices: {
    id: string;
    number: string | null;
    customer_id: string;
    subscription_id: string | null;
    status: string;
    currency: string;
    subtotal_minor: number;
    tax_minor: number;
    total_minor: number;
    amount_due_minor: number;
    amount_paid_minor: number;
    amount_remaining_minor: number;
    attempt_count: number;
    hosted_url: string | null;
    created_at: number;
    finalized_at: number | null;
    due_at: number | null;
    paid_at: number | null;
    voided_at: number | null;
    uncollectible_at: number | null;
    service_start_at: number | null;
    service_end_at: number | null;
    /** What its own lines, discounts and added taxes come to; null where the source tells none. */
    lines_total_minor: number | null;
    /** Of the customer's credit, what it used up; null where the source does not say. */
    balance_used_minor: number | null;
    seen_at: number;
  };
  /** Which invoice a payment intent pays: Stripe's charges no longer say it themselves. */
  invoice_payments: { payment_intent_id: string; invoice_id: string };
  payments: {
    id: string;
    payment_intent_id: string | null;
    invoice_id: string | null;
    customer_id: string;
    status: string;
    currency: string;
    amount_minor: number;
    amount_refunded_minor: number;
    decline_code: string | null;
    /** Names the card; `card_details` is JSON: its network and country, and the codes of a decline. */
    card_fingerprint?: string | null;
    card_details?: string | null;
    method: string | null;
    disputed: number;
    created_at: number;
    seen_at: number;
  };
  refunds: {
    id: string;
    payment_id: string;
    customer_id: string;
    status: string;
    currency: string;
    amount_minor: number;
    reason: string | null;
    created_at: number;
    seen_at: number;
  };
  credit_notes: {
    id: string;
    invoice_id: string;
    customer_id: string;
    status: string;
    currency: string;
    amount_minor: number;
    created_at: number;
    seen_at: number;
  };
  /** A movement of Stripe's balance; what leaves it is below zero. */
  balance_transactions: {
    id: string;
    source_id: string | null;
    category: string;
    currency: string;
    /** 1: the currency is not the one the customer paid in. */
    converted: number;
    amount_minor: number;
    fee_minor: number;
    net_minor: number;
    created_at: number;
  };
  /** Stripe's balance, available and pending together; null while it moved too fast to be held against anything. */
  balances: { currency: string; amount_minor: number | null; seen_at: number };
  tickets: {
    id: string;
    customer_id: string;
    subject: string;
    body: string;
    status: string;
    priority: string;
    opened_at: number;
    first_response_at: number | null;
    closed_at: number | null;
    /** 1 to 5, as the requester rated the answer; null while unrated. */
    csat_score: number | null;
    csat_rated_at: number | null;
    updated_at: number;
  };
  usage_daily: {
    customer_id: string;
    bucket_start_at: number;
    category: string;
    calls: number;
    errors_4xx: number;
    errors_5xx: number;
  };
  performance_hourly: {
    bucket_start_at: number;
    calls: number;
    errors_4xx: number;
    errors_5xx: number;
    latency_counts: string;
  };
  incidents: {
    id: string;
    title: string;
    severity: string;
    started_at: number;
    ended_at: number | null;
    updated_at: number;
  };
  /** What each plan includes; `included_calls` null: not known, or no limit. `overage_prices` is JSON by currency. */
  plans: {
    id: string;
    name: string;
    included_calls: number | null;
    overage_prices: string;
    updated_at: number;
  };
  fx_rates: { day: string; currency: string; rate: string };
};

/** What a webhook brought, once its signature was found right. */
export interface WebhookReader {
  source: SourceName;
  /**
   * Turns a stored event into rows, asking the source where the event alone does not tell. `refresh` names
   * resources of any source that must be read because of it.
   */
  process(payload: string): Promise<{ page: SyncPage | null; refresh: readonly ResourceName[] }>;
  /**
   * Checks the signature against the raw body, then the envelope.
   * @throws UserError `not_allowed` for a bad signature, `invalid_input` for a bad envelope.
   */
  verify(body: Buffer, signature: string | undefined, nowAt: number): WebhookEvent;
}

export interface WebhookEvent {
  id: string;
  type: string;
  eventAt: number;
  payload: string;
}

export interface ResourceName {
  source: SourceName;
  name: string;
}

/** What the store already knows, for a reader that must not fetch or overwrite needlessly. */
export interface SyncMemory {
  /** The instant the stored state of a row was true at; null when there is no such row. */
  seenAt(
    table: 'subscriptions' | 'invoices' | 'payments' | 'refunds' | 'credit_notes',
    id: string,
  ): number | null;
  /** True when this event came by webhook and has been worked in. */
  eventProcessed(source: SourceName, eventId: string): boolean;
  /** True when it is known which invoice this payment intent pays. */
  intentLinked(paymentIntentId: string): boolean;
  /** Stored invoices made before this instant that may still change: neither paid nor void. */
  unsettledInvoices(beforeAt: number): string[];
}

/** The sources as those who feed them see them. */
export interface SyncedSources extends Sources {
  /** Reads every resource whose poll is due, however long it takes. Failures are recorded, not thrown. */
  poll(): Promise<void>;
  /** When the next poll of any resource is due; null when nothing is connected. */
  nextPollAt(): number | null;
  /** Reads these resources now, whatever their age. Failures are recorded, not thrown. */
  readNow(resources: readonly ResourceName[]): Promise<void>;
  /** Stores rows that came by webhook. */
  accept(page: SyncPage, source: SourceName): void;
  /**
   * Holds the last 35 days of these sources (small tables whole) against the store and mends what differs. One
   * comparison of a source at a time; who asks meanwhile gets the same. Failures are in the reports, not thrown.
   */
  sweep(sources?: readonly SourceName[]): Promise<SweepReport[]>;
  /** The latest comparison of each source that has had one. */
  lastSweeps(): SweepReport[];
  /** The sources that are connected. */
  connected(): SourceName[];
  /** True while rows of this source come otherwise than agreed. */
  drifting(source: SourceName): boolean;
  /** A webhook of this source carried a signature that does not match. */
  countBadSignature(source: SourceName): void;
}

/** Webhooks as they were received: acknowledged only once they stand here. */
export interface WebhookEvents {
  /** False when this event is known already. */
  record(source: SourceName, event: WebhookEvent, receivedAt: number): boolean;
  /** Received and not worked in yet, oldest first. */
  open(source: SourceName): { id: string; payload: string }[];
  done(source: SourceName, id: string, at: number): void;
  failed(source: SourceName, id: string, error: string): void;
}
