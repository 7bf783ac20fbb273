import type { AlertDesk } from './alerts/alert.ts';
import type { InvoiceDelivery } from './billing/delivery/ports.ts';
import type { CreditGateway } from './billing/gateways.ts';
import type { BillingDesk } from './billing/run/billing-desk.ts';
import type { BooksDesk } from './books/books-desk.ts';
import type { FirstReading } from './first-reading.ts';
import type { ForecastLedger } from './forecast/ledger.ts';
import type { HealthDesk } from './health/desk.ts';
import type { MetricFacts } from './metrics/facts.ts';
import type { PeopleSettings } from './people/settings.ts';
import type { DataQuality } from './quality/check.ts';
import type { RecoveryDesk } from './recovery/desk.ts';
import type { ReportDesk } from './reports/report.ts';
import type {
  Customer,
  Freshness,
  Json,
  Money,
  Period,
  Place,
  Principal,
  Role,
  Scope,
  SourceName,
} from './types.ts';

/** The shared linker: free text or an id to one customer. */
export interface CustomerDirectory {
  get(id: string): Promise<Customer | null>;
  /** Exactly one, or throws UserError `ambiguous` / `not_found` with the nearest as choices. */
  resolve(reference: string): Promise<Customer>;
  /** Best first: exact id, name, domain, then prefix, then small edit distance. */
  search(text: string, limit: number): Promise<CustomerMatch[]>;
  /** Customers whose name (or a misspelling of it) stands in a sentence, with where. */
  mentionedIn(text: string): Promise<CustomerMention[]>;
}

export interface CustomerMatch {
  customer: Customer;
  /** 1 is exact. */
  score: number;
}

export interface CustomerMention {
  start: number;
  end: number;
  text: string;
  /** One: resolved. Several: ambiguous. */
  candidates: Customer[];
  /** 1 exact, lower where letters had to be forgiven. */
  score: number;
}

export interface InvoiceRecord {
  id: string;
  number: string | null;
  customerId: string;
  customerName: string;
  subscriptionId: string | null;
  status: string;
  total: Money;
  tax: Money;
  amountDue: Money;
  amountPaid: Money;
  amountRemaining: Money;
  attemptCount: number;
  hostedUrl: string | null;
  createdAt: number;
  finalizedAt: number | null;
  dueAt: number | null;
  paidAt: number | null;
}

export interface PaymentRecord {
  id: string;
  invoiceId: string | null;
  customerId: string;
  customerName: string;
  status: 'succeeded' | 'failed' | 'pending';
  amount: Money;
  amountRefunded: Money;
  declineCode: string | null;
  method: string | null;
  disputed: boolean;
  createdAt: number;
}

export interface TicketRecord {
  id: string;
  customerId: string;
  customerName: string;
  subject: string;
  /** Outside text: always shown through the untrusted-text boundary. */
  body: string;
  status: string;
  priority: string;
  openedAt: number;
  firstResponseAt: number | null;
  closedAt: number | null;
}

export interface SubscriptionRecord {
  id: string;
  customerId: string;
  plan: string;
  status: string;
  price: Money;
  quantity: number;
  interval: string;
  startedAt: number;
  currentPeriodEndAt: number;
  trialEndAt: number | null;
  cancelAtPeriodEnd: boolean;
  endedAt: number | null;
}

export type InvoiceState = 'open' | 'overdue' | 'paid' | 'draft' | 'void' | 'uncollectible';

/** Read models over the store. Lists come with the total beside the page. */
export interface Records {
  listInvoices(filter: {
    customerId?: string;
    state?: InvoiceState;
    createdIn?: Period;
    at: number;
    order: 'oldest' | 'newest' | 'largest';
    limit: number;
  }): Promise<{ rows: InvoiceRecord[]; total: number }>;
  /** By Stripe id or printed number. */
  getInvoice(reference: string): Promise<InvoiceRecord | null>;
  listPayments(filter: {
    customerId?: string;
    invoiceId?: string;
    status?: PaymentRecord['status'];
    createdIn?: Period;
    limit: number;
  }): Promise<{ rows: PaymentRecord[]; total: number }>;
  getPayment(id: string): Promise<PaymentRecord | null>;
  listTickets(filter: {
    customerId?: string;
    state?: 'open' | 'closed';
    openedIn?: Period;
    limit: number;
  }): Promise<{ rows: TicketRecord[]; total: number }>;
  listSubscriptions(customerId: string): Promise<SubscriptionRecord[]>;
  /** Members of a customer, for the address a reminder goes to. */
  listContacts(customerId: string): Promise<{ email: string; name: string; role: string }[]>;
}

export interface SourceStatus {
  source: SourceName;
  connected: boolean;
  /** Missing configuration in plain words, when not connected. */
  missing: string | null;
  throughAt: number | null;
  lastSuccessAt: number | null;
  lastError: { at: number; message: string } | null;
  rows: Record<string, number>;
  badSignatures: number;
  /** While it is read for the very first time: how far that has come. */
  firstReading?: FirstReading | null;
}

export interface Sources {
  status(): Promise<SourceStatus[]>;
  freshness(sources: readonly SourceName[]): Promise<Freshness[]>;
  /**
   * Brings the named sources up to now if they are older than their refresh rate; a failure shows as staleness.
   * `checks` reads what only checks need as well.
   * @throws UserError `not_ready` while one is still read for the very first time, saying how far that is.
   */
  refresh(sources: readonly SourceName[], purpose?: 'answers' | 'checks'): Promise<void>;
  /** Compares each source completely with the store for the last days, and puts right what was missed. */
  sweep?(sources: readonly SourceName[]): Promise<
    readonly {
      source: SourceName;
      tables: readonly { compared: number; missing: number; stale: number; surplus: number }[];
      error: string | null;
    }[]
  >;
}

/** Live reads and writes at Stripe. Writes take the idempotency key minted at approval. */
export interface PaymentsGateway {
  /** Straight from Stripe, never from the store: the fact a plan is checked against. */
  getPayment(id: string): Promise<{
    id: string;
    stripeCustomerId: string | null;
    status: PaymentRecord['status'];
    amount: Money;
    amountRefunded: Money;
    invoiceId: string | null;
    disputed: boolean;
    createdAt: number;
  }>;
  getInvoice(id: string): Promise<{
    id: string;
    number: string | null;
    status: string;
    amountRemaining: Money;
    dueAt: number | null;
    hostedUrl: string | null;
  }>;
  createRefund(input: {
    paymentId: string;
    amount: Money;
    reason: 'duplicate' | 'fraudulent' | 'requested_by_customer';
    idempotencyKey: string;
  }): Promise<{ id: string; status: string; amount: Money }>;
  /** Looks for a refund carrying this key in its metadata; null when Stripe has none. */
  findRefund(
    paymentId: string,
    idempotencyKey: string,
  ): Promise<{ id: string; status: string; amount: Money } | null>;
}

export interface MailGateway {
  /** SMTP has no look-up: an answer lost after sending throws SystemError `effect_unknown`. */
  send(mail: {
    to: { email: string; name: string };
    subject: string;
    text: string;
    html?: string;
    attachments?: readonly MailAttachment[];
    messageKey: string;
  }): Promise<{ messageId: string }>;
}

export interface MailAttachment {
  fileName: string;
  /** "application/pdf" */
  contentType: string;
  bytes: Uint8Array;
}

/** Mail inside the company, which is no effect and needs no approval: to the address Slack has of a full member. */
export interface MemberMail {
  /**
   * Handed over at most once.
   * @throws SystemError `effect_unknown` when the answer was lost: it must not be sent again; UserError
   *   `not_connected` or `invalid_input`.
   */
  send(mail: {
    to: { email: string; name: string };
    subject: string;
    text: string;
    html: string;
    /** Becomes the Message-ID: the same mail carries the same one. */
    messageKey: string;
  }): Promise<{ messageId: string }>;
}

/** What tools may read of the ledger. */
export interface ApprovalReader {
  list(filter: {
    /** Only of this workspace. */
    teamId?: string;
    state?: string;
    waitingFor?: { userId: string; roles: readonly Role[] };
    /** Only what this person asked for. */
    requesterId?: string;
    /** Only what was decided, or ran out, at or after this instant. */
    settledSinceAt?: number;
    limit: number;
  }): Promise<{
    rows: ApprovalSummary[];
    total: number;
  }>;
  /** Members of the workspace, guests left out: whom somebody can name to stand in for them. */
  colleagues(teamId: string): Promise<{ userId: string; name: string }[]>;
  audit(filter: { subject?: string; limit: number }): Promise<{
    rows: {
      seq: number;
      at: number;
      actor: string;
      /** Looked up at reading: the trail keeps ids only. */
      actorName: string | null;
      action: string;
      subject: string;
      details: Json;
    }[];
    total: number;
  }>;
  /** Whether the audit log is as it was written; absent where that cannot be told. */
  verifyAudit?(): Promise<{ ok: boolean; rows: number; brokenAt?: number }>;
}

export interface ApprovalSummary {
  id: string;
  title: string;
  state: string;
  requesterName: string;
  amount: Money | null;
  createdAt: number;
  expiresAt: number;
  /** The batch whose row it is. */
  batch: { id: string; title: string } | null;
  /** Who decided, and when it was decided or ran out. */
  deciderNames: string[];
  decidedAt: number | null;
  /** What came of it, in a sentence. */
  outcome: string | null;
}

/** Playbooks, as tools and schedules see them: started by name, with the starter's rights. */
export interface SkillRuns {
  skills(): readonly SkillCard[];
  /**
   * Begins a run, or gives the one this key began before; one that failed goes on where it failed. Returns when it
   * has ended or parked, or after `waitMs` as it is then: its end is told in its place in that case, as it is
   * after parking. An aborted signal stops the run, unless it has parked.
   * @throws UserError `not_found`, `not_allowed` or `invalid_input`.
   */
  start(run: {
    skill: string;
    input: { [key: string]: Json };
    principal: Principal;
    place: Place;
    key: string;
    signal: AbortSignal;
    waitMs?: number;
  }): Promise<SkillRunSummary>;
  list(filter: { state?: SkillRunState; limit: number }): Promise<SkillRunSummary[]>;
}

/** A playbook as it is introduced to people and models. */
export interface SkillCard {
  name: string;
  description: string;
  scope: Scope;
  /** What people say when they mean it: "chase the overdue invoices". */
  phrases?: readonly string[];
}

export type SkillRunState = 'running' | 'parked' | 'done' | 'failed' | 'stopped';

export interface SkillRunSummary {
  id: string;
  skill: string;
  state: SkillRunState;
  /** The step it is at, or was at when it ended. */
  step: string | null;
  starterName: string;
  startedAt: number;
  endedAt: number | null;
  /** What it came to, what it waits for, or why it failed, in a sentence. */
  summary: string | null;
}

/** What Psi remembers of conversations, as far as whoever takes part in one may change it. */
export interface Memory {
  /**
   * Forgets what a person said in a thread, and the answers to it. That Psi took part there stays known.
   * @returns how many of their messages were remembered.
   */
  forgetThread(
    thread: Pick<Place, 'teamId' | 'channelId' | 'threadTs'>,
    userId: string,
  ): Promise<{ turns: number }>;
}

export interface Ports {
  customers: CustomerDirectory;
  facts: MetricFacts;
  records: Records;
  sources: Sources;
  payments: PaymentsGateway;
  credits: CreditGateway;
  mail: MailGateway;
  approvals: ApprovalReader;
  skills: SkillRuns;
  settings: PeopleSettings;
  alerts: AlertDesk;
  quality: DataQuality;
  memory: Memory;
  reports: ReportDesk;
  billing: BillingDesk;
  deliveries: InvoiceDelivery;
  books: BooksDesk;
  forecasts: ForecastLedger;
  health: HealthDesk;
  recovery: RecoveryDesk;
}
