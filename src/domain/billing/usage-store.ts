import type { Exact } from '../money/exact.ts';
import type { BillingConventions } from './conventions.ts';
import type { ServicePeriod } from './invoice.ts';
import type { UsageEvent } from './usage-event.ts';
import type { Rejection } from './usage-intake.ts';

/** What became of a batch. Every event is counted once among stored, duplicates and rejected. */
export interface IngestReport {
  stored: number;
  /** Known already, with the same content. */
  duplicates: number;
  /** Of the stored: those that replace another event. */
  corrections: number;
  /** Of the stored: those that fell into a period already rated or closed. */
  late: number;
  /** Kept as dead letters, by reason. */
  rejected: Partial<Record<Rejection, number>>;
}

/** How far a feed has been read. */
export interface FeedPosition {
  source: string;
  cursor: string | null;
  /** Events published up to this instant are in; null while more pages are to come. */
  throughAt: number | null;
  /** With the first page: what was published from this instant on was asked for. */
  sinceAt?: number | null;
}

export interface FeedState extends FeedPosition {
  /** Null where nothing was read, or what was read was not from a known beginning. */
  sinceAt: number | null;
  readAt: number | null;
  error: { at: number; message: string } | null;
}

/** Usage of one customer, meter and group over a period, in every way that adds up from hour to hour. */
export interface UsageTotal {
  customerId: string;
  meter: string;
  /** The value of the meter's `groupBy` property; '' where the event has none. */
  group: string;
  count: number;
  sum: Exact;
  max: Exact | null;
  /** For meters by their last value: the latest event's; of several at one instant that with the greatest id. */
  last: { at: number; value: Exact } | null;
  /**
   * For meters weighted by time: the level over the period in value x milliseconds, from `opening` and each change
   * until the period's end. Divided by the period's length it is the mean level. 0 for other meters.
   */
  weightedMs: Exact;
  /** What the level was when the period began: 0 unless the meter carries over. */
  opening: Exact;
}

export interface UsageQuestion {
  meter: string;
  period: ServicePeriod;
  /** Null: all customers. */
  customerId: string | null;
}

/** A stored event, with what became of it. */
export interface StoredUsageEvent extends UsageEvent {
  receivedAt: number;
  /** The event that replaces this one: it does not count. */
  replacedBy: string | null;
}

export type PeriodState = 'rated' | 'closed';

/** What is to be done about a period for which something came after it had been rated. */
export interface DirtyPeriod extends ServicePeriod {
  customerId: string;
  treatment: 're_rate' | 'next_invoice_original_period' | 'next_invoice_current_period';
  /** Events that came since it was last settled. */
  events: number;
  firstAt: number;
  lastAt: number;
}

export interface DeadLetter {
  no: number;
  source: string | null;
  eventId: string | null;
  reason: Rejection;
  words: string;
  payload: unknown;
  /** How often it was sent. */
  times: number;
  receivedAt: number;
  lastAt: number;
}

export interface ReplayReport {
  /** Taken now, duplicates of what is stored included. */
  taken: number;
  /** Still not taken; the letter says why. */
  refused: number;
}

/** Where usage is kept: raw events for proof, hours for reading. */
export interface UsageStore {
  /**
   * Takes a batch in one transaction, together with the feed's position where one is given: all of it or, after a
   * crash, nothing. An event is named by (source, id): the same one again changes nothing, whatever order they come
   * in. What cannot be taken becomes a dead letter. Until a feed was read to its present for the first time, nothing
   * it brings is too old.
   * @throws UserError `invalid_input` for a batch above the limit.
   */
  ingest(
    batch: readonly unknown[],
    conventions: BillingConventions,
    nowAt: number,
    feed?: FeedPosition,
  ): IngestReport;
  /**
   * By customer and group: whole hours from the rollups, the parts of hours at either end from the events. Exact.
   * @throws UserError `not_found` for an unknown meter.
   */
  getUsage(question: UsageQuestion): UsageTotal[];
  /** The same, from the events alone: the proof. Needs one reading of all events of the period. */
  getUsageFromEvents(question: UsageQuestion): UsageTotal[];
  /** In order of time, replaced ones too unless `countingOnly`. */
  getRawEvents(
    question: UsageQuestion & { group?: string; countingOnly?: boolean },
  ): Iterable<StoredUsageEvent>;
  /** Says that a closed period is open again: its invoice was taken back. */
  reopenPeriod(customerId: string, period: ServicePeriod, nowAt: number): void;
  /** Says that a period was rated (it may be rated again) or closed by an invoice: what comes later makes it dirty. */
  markPeriod(customerId: string, period: ServicePeriod, state: PeriodState, nowAt: number): void;
  /** Periods with something new, not settled yet. */
  dirtyPeriods(customerId?: string): DirtyPeriod[];
  /** What was settled is to be done again: the invoice that did it was taken back. */
  unsettlePeriod(customerId: string, period: ServicePeriod): void;
  /** A dirty period was rated anew. */
  settlePeriod(customerId: string, period: ServicePeriod, nowAt: number): void;
  /** Oldest first. */
  deadLetters(filter?: { reason?: Rejection; limit?: number }): DeadLetter[];
  openDeadLetters(): { reason: Rejection; count: number; oldestAt: number }[];
  /**
   * Takes dead letters again after mending: as they are (the customer is known now), or with other content by number.
   * `acceptOld` takes what was too old for the conventions.
   */
  replayDeadLetters(
    replay: {
      nos: readonly number[];
      by: string;
      mended?: ReadonlyMap<number, unknown>;
      acceptOld?: boolean;
    },
    conventions: BillingConventions,
    nowAt: number,
  ): ReplayReport;
  /** A person decided that these are not worth taking. */
  dropDeadLetters(nos: readonly number[], by: string, nowAt: number): void;
  feed(source: string): FeedState;
  feedFailed(source: string, message: string, nowAt: number): void;
}

/** All events of a day are published so long after it began: the day itself and three more. */
export const EVENTS_WITHIN_MS = (4 * 24 + 1) * 3_600_000;

/** A source's events in the order it publishes them. */
export interface UsageFeed {
  source: string;
  /**
   * The page after the cursor; without one, what was published from `sinceAt` on.
   * @throws SystemError when the source cannot be read.
   */
  page(cursor: string | null, sinceAt: number): Promise<UsageFeedPage>;
}

export interface UsageFeedPage {
  /** In the shape of UsageEvent as far as they are well formed; nothing is left out. */
  events: readonly unknown[];
  cursor: string | null;
  more: boolean;
  throughAt: number;
}

/** What became of an offered batch: taken into the queue, or to be offered again later. */
export type Offer =
  | { accepted: true; done: Promise<IngestReport> }
  | { accepted: false; retryAfterMs: number; words: string };

/** The way in for whoever brings events: bounded, in order, a batch at a time. */
export interface UsageQueue {
  /** @throws UserError `invalid_input` for a batch above the limit. */
  offer(batch: readonly unknown[], feed?: FeedPosition): Offer;
  /** Events that wait. */
  waiting(): number;
}
