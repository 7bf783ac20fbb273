import type { PlanFact } from '../../metrics/facts.ts';
import type { InvoiceDocument } from '../document/invoice-document.ts';
import type { InvoiceGateway } from '../gateways.ts';
import type { ServicePeriod } from '../invoice.ts';
import type { UsageStore } from '../usage-store.ts';
import type { UsageBasis } from './basis.ts';
import type { RunDraft } from './plan-run.ts';
import type { Proof } from './prove.ts';
import type { BillingSettings } from './settings.ts';
import type { ProofBasis } from './usage-evidence.ts';

export type RunInvoiceState = 'draft' | 'blocked' | 'issued' | 'unwound';

/** An invoice of a run as it is kept. */
export interface RunInvoice {
  id: string;
  runId: string;
  state: RunInvoiceState;
  basis: UsageBasis;
  subtotalMinor: number;
  taxMinor: number;
  totalMinor: number;
  proof: Proof;
  flags: readonly string[];
  problems: readonly string[];
  stripeInvoiceId: string | null;
  number: string | null;
  document: InvoiceDocument | null;
  pdfPath: string | null;
  issuedAt: number | null;
}

export interface BillingRun {
  id: string;
  entityId: string;
  /** "2026-10". */
  month: string;
  startAt: number;
  endAt: number;
  startedAt: number;
  closedAt: number | null;
  /** By what its sums were last computed a second time; null where they were not yet. */
  provedBy: ProofBasis | null;
}

/** The close of months as it is kept: one run a month, one invoice a customer and month. */
export interface BillingRuns {
  /** The month's run, begun now if there is none. */
  open(run: Omit<BillingRun, 'id' | 'startedAt' | 'closedAt' | 'provedBy'>): Promise<BillingRun>;
  ofMonth(entityId: string, month: string): Promise<BillingRun | null>;
  close(runId: string): Promise<void>;
  /** Puts a run's drafts in place of those before; what was issued stays as it is. */
  saveDrafts(runId: string, drafts: readonly RunDraft[], provedBy: ProofBasis): Promise<RunInvoice[]>;
  get(id: string): Promise<RunInvoice | null>;
  /** By its printed number. */
  numbered(number: string): Promise<RunInvoice | null>;
  /** The run's, the largest first. */
  list(runId: string): Promise<RunInvoice[]>;
  ofCustomer(customerId: string): Promise<RunInvoice[]>;
  /** The invoice's number, given once, without gaps; and when. */
  giveNumber(id: string, rule: BillingSettings['entity']['conventions']['numbering']): Promise<GivenNumber>;
  markIssued(
    id: string,
    issued: { stripeInvoiceId: string; document: InvoiceDocument; pdfPath: string | null },
  ): Promise<void>;
  /** It was taken back: it keeps its number, and its run is open again. `how` in a word: "voided". */
  markUnwound(id: string, how: string): Promise<void>;
}

export interface GivenNumber {
  number: string;
  givenAt: number;
}

/** What the source itself says now, past the store. */
export interface UsageSource {
  /** Calls by customer and by the instant a day begins, of the days that begin in [startAt, endAt). */
  callsByDay(startAt: number, endAt: number): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>;
  plans(): Promise<PlanFact[]>;
}

/** Usage as it was metered, event by event. */
export interface MeteredUsage
  extends Pick<
    UsageStore,
    | 'deadLetters'
    | 'openDeadLetters'
    | 'getUsageFromEvents'
    | 'markPeriod'
    | 'reopenPeriod'
    | 'dirtyPeriods'
    | 'settlePeriod'
    | 'unsettlePeriod'
  > {
  /** The time of whose usage every event is here; null where no source publishes events or none was read. */
  settled(): ServicePeriod | null;
  /** Reads what the source has published meanwhile. What cannot be read is left for later. */
  catchUp(signal: AbortSignal): Promise<void>;
}

/** Billing as tools and playbooks see it. */
export interface BillingDesk {
  settings(): BillingSettings;
  runs: BillingRuns;
  invoices: InvoiceGateway;
  source: UsageSource;
  metering: MeteredUsage;
  /** Draws the invoice and keeps the file. @returns its path under the data directory. */
  keep(document: InvoiceDocument): Promise<string>;
  draw(document: InvoiceDocument): Promise<Uint8Array>;
}
