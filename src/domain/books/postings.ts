import { UserError } from '../../lib/errors.ts';
import type { AccountKey } from './chart.ts';
import { assertBalanced, type JournalEntry, type JournalLine } from './journal.ts';

interface Fact {
  /** The outside's id: of the invoice, charge, refund, payout. */
  id: string;
  at: number;
  currency: string;
  customerId?: string | null;
  invoiceId?: string | null;
  balanceTransactionId?: string | null;
}

/** The parts of an invoice's total. Amounts in minor units, none negative; `deferredMinor` is part of `netMinor`. */
interface InvoiceAmounts {
  netMinor: bigint;
  taxMinor: bigint;
  /** For service after the invoice's own day. */
  deferredMinor: bigint;
}

/** Whatever moves a book, as it happened outside. Amounts in minor units, none negative. */
export type BookFact = Fact &
  /** Of a void, `deferredMinor` is what is still deferred on its day; what was earned since goes back as revenue. */
  (
    | ({ kind: 'invoice' | 'void' } & InvoiceAmounts)
    /** `deferredMinor` is what of the credited net amount was not yet earned. */
    | ({ kind: 'credit_note' | 'credit_note_voided'; to: 'receivable' | 'customer_balance' } & InvoiceAmounts)
    | { kind: 'revenue_earned'; amountMinor: bigint }
    /** Through Stripe: `settled` and `feeMinor` are in the currency of the balance. */
    | {
        kind: 'payment';
        amountMinor: bigint;
        settled: { currency: string; amountMinor: bigint };
        feeMinor: bigint;
      }
    /** `settled`: the bank received another currency than the invoice's; the fee is then in the rate. */
    | {
        kind: 'bank_payment';
        amountMinor: bigint;
        feeMinor: bigint;
        settled?: { currency: string; amountMinor: bigint };
      }
    /** More came in than any invoice asks for. */
    | { kind: 'bank_surplus'; amountMinor: bigint }
    /** A credit note given back outside Stripe. */
    | { kind: 'paid_out'; amountMinor: bigint }
    /** `after`: a credit note has taken the revenue back already, or the refund does so itself. */
    | { kind: 'refund'; amountMinor: bigint; after: 'credit_note' | 'nothing' }
    | { kind: 'write_off' | 'write_off_recovered'; amountMinor: bigint }
    | { kind: 'balance_granted' | 'balance_taken_back'; amountMinor: bigint }
    | { kind: 'balance_used'; amountMinor: bigint }
    | { kind: 'overpaid'; amountMinor: bigint }
    | { kind: 'dispute_opened'; amountMinor: bigint; feeMinor: bigint }
    | { kind: 'dispute_won'; amountMinor: bigint; feeMinor: bigint }
    | { kind: 'dispute_lost'; amountMinor: bigint }
    | { kind: 'payout' | 'payout_failed'; amountMinor: bigint }
    | { kind: 'stripe_fee'; amountMinor: bigint }
  );

type Side = readonly [account: AccountKey, amountMinor: bigint, currency?: string];

const WORDS: Readonly<Record<BookFact['kind'], string>> = {
  invoice: 'Invoice finalised',
  void: 'Invoice voided',
  credit_note: 'Credit note',
  credit_note_voided: 'Credit note voided',
  revenue_earned: 'Deferred revenue earned',
  payment: 'Payment',
  bank_payment: 'Payment to the bank',
  bank_surplus: 'Paid to the bank beyond what is owed',
  paid_out: 'Credit given back from the bank',
  refund: 'Refund',
  write_off: 'Written off',
  write_off_recovered: 'Written off, then settled',
  balance_granted: 'Credit granted to the customer',
  balance_taken_back: 'Credit taken back',
  balance_used: 'Customer balance used',
  overpaid: 'Overpayment kept as customer balance',
  dispute_opened: 'Dispute opened',
  dispute_won: 'Dispute won',
  dispute_lost: 'Dispute lost',
  payout: 'Payout to the bank',
  payout_failed: 'Payout that came back',
  stripe_fee: 'Stripe fee',
};

/** The entry a fact makes; it balances in each currency. Throws `invalid_input` for a negative amount. */
export function entryOf(fact: BookFact): JournalEntry {
  const entry: JournalEntry = {
    key: `${fact.kind}:${fact.id}`,
    at: fact.at,
    words: WORDS[fact.kind],
    customerId: fact.customerId ?? null,
    invoiceId: fact.invoiceId ?? null,
    balanceTransactionId: fact.balanceTransactionId ?? null,
    lines: linesOf(sidesOf(fact), fact.currency),
  };
  assertBalanced(entry);
  return entry;
}

function linesOf(sides: readonly Side[], currency: string): JournalLine[] {
  return sides
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .map(([account, amountMinor, own]) => ({ account, amountMinor, currency: own ?? currency }));
}

/** Debits positive, credits negative. */
function sidesOf(fact: BookFact): Side[] {
  assertNoneNegative(fact);
  switch (fact.kind) {
    case 'invoice':
      return invoiceSides(fact);
    case 'void':
      return invoiceSides(fact).map(([account, amount]): Side => [account, -amount]);
    case 'credit_note':
      return creditSides(fact, 1n);
    case 'credit_note_voided':
      return creditSides(fact, -1n);
    case 'revenue_earned':
      return transfer('deferred_revenue', 'revenue', fact.amountMinor);
    case 'payment':
      return paymentSides(fact);
    case 'bank_payment':
      return bankSides(fact);
    case 'bank_surplus':
      return transfer('bank', 'customer_balance', fact.amountMinor);
    case 'paid_out':
      return transfer('receivable', 'bank', fact.amountMinor);
    case 'refund':
      return transfer(
        fact.after === 'credit_note' ? 'receivable' : 'refunds',
        'stripe_balance',
        fact.amountMinor,
      );
    case 'write_off':
      return transfer('bad_debt', 'receivable', fact.amountMinor);
    case 'write_off_recovered':
      return transfer('receivable', 'bad_debt', fact.amountMinor);
    case 'balance_granted':
      return transfer('credits_granted', 'customer_balance', fact.amountMinor);
    case 'balance_taken_back':
      return transfer('customer_balance', 'credits_granted', fact.amountMinor);
    case 'balance_used':
      return transfer('customer_balance', 'receivable', fact.amountMinor);
    case 'overpaid':
      return transfer('receivable', 'customer_balance', fact.amountMinor);
    case 'dispute_opened':
      return [
        ['disputes_held', fact.amountMinor],
        ['fees', fact.feeMinor],
        ['stripe_balance', -(fact.amountMinor + fact.feeMinor)],
      ];
    case 'dispute_won':
      return [
        ['stripe_balance', fact.amountMinor + fact.feeMinor],
        ['disputes_held', -fact.amountMinor],
        ['fees', -fact.feeMinor],
      ];
    case 'dispute_lost':
      return transfer('dispute_losses', 'disputes_held', fact.amountMinor);
    case 'payout':
      return transfer('bank', 'stripe_balance', fact.amountMinor);
    case 'payout_failed':
      return transfer('stripe_balance', 'bank', fact.amountMinor);
    case 'stripe_fee':
      return transfer('fees', 'stripe_balance', fact.amountMinor);
  }
}

function transfer(debit: AccountKey, credit: AccountKey, amountMinor: bigint): Side[] {
  return [
    [debit, amountMinor],
    [credit, -amountMinor],
  ];
}

function invoiceSides({ netMinor, taxMinor, deferredMinor }: InvoiceAmounts): Side[] {
  return [
    ['receivable', netMinor + taxMinor],
    ['revenue', -(netMinor - deferredMinor)],
    ['deferred_revenue', -deferredMinor],
    ['tax_payable', -taxMinor],
  ];
}

/** The invoice's own sides turned round, with what it takes off in one account; `sign` -1 takes that back. */
function creditSides(
  fact: InvoiceAmounts & { to: 'receivable' | 'customer_balance' },
  sign: 1n | -1n,
): Side[] {
  return [
    ...invoiceSides(fact)
      .filter(([account]) => account !== 'receivable')
      .map(([account, amount]): Side => [account, -amount * sign]),
    [fact.to, -(fact.netMinor + fact.taxMinor) * sign],
  ];
}

function bankSides({ amountMinor, feeMinor, settled }: Extract<BookFact, { kind: 'bank_payment' }>): Side[] {
  if (settled === undefined) {
    return [
      ['bank', amountMinor - feeMinor],
      ['fees', feeMinor],
      ['receivable', -amountMinor],
    ];
  }
  return [
    ['bank', settled.amountMinor, settled.currency],
    ['exchange_clearing', -settled.amountMinor, settled.currency],
    ['exchange_clearing', amountMinor],
    ['receivable', -amountMinor],
  ];
}

/** Between two currencies the clearing account holds what went in of one against what came out of the other. */
function paymentSides({
  amountMinor,
  currency,
  settled,
  feeMinor,
}: Extract<BookFact, { kind: 'payment' }>): Side[] {
  const received: Side[] = [
    ['stripe_balance', settled.amountMinor - feeMinor, settled.currency],
    ['fees', feeMinor, settled.currency],
  ];
  if (settled.currency === currency) {
    const difference = amountMinor - settled.amountMinor;
    if (difference !== 0n) {
      throw new UserError(
        'invalid_input',
        'A payment in the currency of the balance must settle for its own amount.',
      );
    }
    return [...received, ['receivable', -amountMinor]];
  }
  return [
    ...received,
    ['exchange_clearing', -settled.amountMinor, settled.currency],
    ['exchange_clearing', amountMinor],
    ['receivable', -amountMinor],
  ];
}

function assertNoneNegative(fact: BookFact): void {
  const amounts = Object.entries(fact).filter(
    (pair): pair is [string, bigint] => typeof pair[1] === 'bigint',
  );
  const negative = amounts.find(([, amount]) => amount < 0n);
  if (negative)
    throw new UserError('invalid_input', `${negative[0]} of ${fact.kind} ${fact.id} is negative.`);
  if ('deferredMinor' in fact && fact.deferredMinor > fact.netMinor) {
    throw new UserError('invalid_input', `More of ${fact.kind} ${fact.id} is deferred than it comes to.`);
  }
}
