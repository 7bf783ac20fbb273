import type { Dispute } from '../recovery/dispute.ts';
import type { Money } from '../types.ts';
import type { BookedNote } from './book-records.ts';
import type { MatchKind } from './explanation.ts';
import type { JournalEntry, TrialBalance } from './journal.ts';
import type { MatchSettings } from './match-settings.ts';
import type { IncomingPayment, OpenInvoice } from './payment-evidence.ts';
import type { BalanceTransaction } from './reconcile-balance.ts';

/** A disputed payment at the provider, live. */
export interface OutsideDispute extends Dispute {
  chargeId: string;
  amount: Money;
  status: string;
}

/** What the books need of the provider that is not kept in the store: read anew each time, all of it. */
export interface BookSource {
  creditNotes(): Promise<BookedNote[]>;
  disputes(): Promise<OutsideDispute[]>;
}

/** What a person said a bank line pays. */
export interface ConfirmedMatch {
  lineId: string;
  kind: MatchKind;
  parts: readonly {
    invoiceId: string;
    customerId: string;
    allocated: Money;
    received: Money;
  }[];
  /** Of the line, for no invoice. */
  surplusMinor: number;
}

/** A bank line as a statement has it, before it is imported. */
export interface StatementLine {
  at: number;
  amountMinor: bigint;
  currency: string;
  reference: string;
  payer: string | null;
  /** The bank's own id; null where it gives none. */
  bankId: string | null;
}

/** The company's books as tools, playbooks and commands see them. */
export interface BooksDesk {
  /**
   * Posts whatever the records say by now and the journal does not have. Doing it again posts nothing.
   * @returns how many entries were new, and the keys of those that the records now give with other amounts: what was
   *   posted stays.
   * @throws UserError `not_connected`.
   */
  bringUp(): Promise<{ posted: number; changed: string[] }>;
  /** Posted for [startAt, endAt), in the order of time. */
  entries(period: { startAt: number; endAt: number }): Promise<JournalEntry[]>;
  trialBalance(beforeAt: number): Promise<TrialBalance>;
  /** Movements of Stripe's balance in [startAt, endAt). */
  movements(period: { startAt: number; endAt: number }): Promise<BalanceTransaction[]>;
  /** What all movements before an instant come to, by currency. */
  movedBefore(at: number): Promise<{ currency: string; netMinor: bigint }[]>;
  /** New lines only: what was imported before is recognised. */
  importLines(lines: readonly StatementLine[], file: string): Promise<{ added: number; known: number }>;
  /** Incoming lines nobody has matched; the provider's own payouts are left out. The oldest first. */
  openLines(): Promise<IncomingPayment[]>;
  /** Finalised and not settled, with what bank lines have paid of them taken off. */
  openInvoices(): Promise<OpenInvoice[]>;
  /** By the published rates of the latest day. */
  matchSettings(): Promise<MatchSettings>;
  /** Writes it down once; the same line again changes nothing. */
  confirm(match: ConfirmedMatch): Promise<void>;
  source: BookSource;
}
