import type { ServiceLevel } from '../billing/gateways.ts';
import type { Money } from '../types.ts';
import type { Attempt, Refusal } from './attempt.ts';
import type { Decline } from './classify-decline.ts';
import type { Experiment } from './experiment.ts';
import type { CollectionGateway, ServiceGateway } from './gateways.ts';
import type { RecoverySegment } from './segments.ts';

/** An open invoice whose payment failed. */
export interface FailedInvoice {
  id: string;
  number: string | null;
  remaining: Money;
  attemptCount: number;
  hostedUrl: string | null;
  dueAt: number | null;
  firstFailedAt: number;
  lastDecline: Decline | null;
}

/** A customer who owes after a failed payment. */
export interface FailingCustomer {
  customerId: string;
  customerName: string;
  /** The oldest failure first. */
  invoices: FailedInvoice[];
  disputed: boolean;
}

/** One customer's dunning, from the first failure until nothing is owed. */
export interface Dunning {
  id: string;
  customerId: string;
  openedAt: number;
  segment: RecoverySegment;
  ladder: RecoverySegment;
  experiment: { id: string; arm: string } | null;
  closedAt: number | null;
  closedBecause: 'paid' | 'gone' | null;
}

export type DunningEventKind =
  | 'step'
  | 'rehearsal_shown'
  | 'rehearsal_approved'
  | 'paused'
  | 'resumed'
  | 'opted_out';

export interface DunningEvent {
  at: number;
  kind: DunningEventKind;
  /** Of a step of the ladder, its id. */
  step: string | null;
  /** Of a pause; null: until somebody resumes. */
  untilAt: number | null;
  by: string;
}

/** A charge of ours, before it is sent. */
export interface AttemptStart {
  /** The key it is sent under. */
  id: string;
  fingerprint: string;
  network: string;
  country: string | null;
  amount: Money;
  customerId: string;
  invoiceId: string;
  by: 'schedule' | 'person';
}

export interface RefusedAttempt {
  network: string;
  crossBorder: boolean;
  reason: Refusal;
}

/** A failed payment of the past and what became of its invoice. */
export interface PastFailure {
  invoiceId: string;
  customerId: string;
  failedAt: number;
  owed: Money;
  recoveredAt: number | null;
}

/** What is known and kept of recovery, and the two places outside where it acts. */
export interface RecoveryDesk {
  collection: CollectionGateway;
  service: ServiceGateway;
  /** Everybody who owes after a failed payment, or this one customer. */
  failing(customerId?: string): Promise<FailingCustomer[]>;
  /** Everything that was tried with a card: by the provider, by schedules and by people, across all customers. */
  attemptsOf(fingerprint: string): Promise<Attempt[]>;
  /** Written down before it is sent. Again under the same id changes nothing. */
  beginAttempt(attempt: AttemptStart): Promise<void>;
  endAttempt(
    id: string,
    /** `unsent`: the provider refused to try, so that nothing reached the bank. */
    end: { outcome: 'succeeded' | 'declined' | 'unsent'; chargeId: string | null; decline: Decline | null },
  ): Promise<void>;
  refuseAttempt(attempt: Omit<AttemptStart, 'id'>, reason: Refusal): Promise<void>;
  refusedSince(at: number): Promise<RefusedAttempt[]>;
  /** Charges since an instant, by customer: when they were tried and whether they succeeded. */
  outcomesSince(at: number): Promise<{ customerId: string; at: number; succeeded: boolean }[]>;
  failuresSince(at: number): Promise<PastFailure[]>;
  open(dunning: Omit<Dunning, 'id' | 'closedAt' | 'closedBecause'>): Promise<Dunning>;
  close(id: string, because: 'paid' | 'gone'): Promise<void>;
  openDunnings(): Promise<Dunning[]>;
  dunningOf(customerId: string): Promise<Dunning | null>;
  dunningsSince(at: number): Promise<Dunning[]>;
  note(customerId: string, event: Omit<DunningEvent, 'at'>): Promise<void>;
  eventsOf(customerId: string): Promise<DunningEvent[]>;
  /** Changes of the service's level, oldest first. */
  levelsOf(customerId: string): Promise<{ level: ServiceLevel; at: number }[]>;
  /** Customers whose service is restricted now. */
  restricted(): Promise<{ customerId: string; level: ServiceLevel }[]>;
  /** How often full service was given back since an instant. */
  restoredSince(at: number): Promise<number>;
  noteLevel(change: { id: string; customerId: string; level: ServiceLevel }): Promise<void>;
  /** Incidents of ours since an instant; open while `endAt` is null. */
  incidentsSince(at: number): Promise<{ startAt: number; endAt: number | null }[]>;
  /** The comparison of ladders that the policy names. */
  experiment(): Experiment | null;
  /**
   * Registers an experiment whole, at its first sight.
   * @throws UserError `conflict` when it is not what was registered.
   */
  register(experiment: Experiment): Promise<void>;
}
