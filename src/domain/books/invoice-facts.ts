import { recogniseByMonth } from '../billing/revenue/recognise.ts';
import { monthNamed } from '../billing/run/month.ts';
import type { BookedBankPayment, BookedInvoice, BookedNote } from './book-records.ts';
import type { BookFact } from './postings.ts';

const DAY_MS = 86_400_000;

export interface BookClock {
  nowAt: number;
  /** The company's zone, whose months earn revenue. */
  tz: string;
}

/**
 * Everything an invoice and what came to it put into the books by now. Revenue of service that lasts is deferred when
 * the invoice is finalised and earned by the day, posted at the end of each company month; a month, and a payment that
 * no record speaks of, is posted a day later, when late news of it is in.
 */
export function invoiceFacts(invoice: BookedInvoice, clock: BookClock): BookFact[] {
  const { id, customerId, currency, finalizedAt, netMinor, taxMinor } = invoice;
  const about = { customerId, currency, invoiceId: id };
  if (netMinor + taxMinor < 0n) {
    const amounts = { netMinor: -netMinor, taxMinor: -taxMinor, deferredMinor: 0n };
    return [{ ...about, kind: 'credit_note', id, at: finalizedAt, to: 'customer_balance', ...amounts }];
  }
  if (netMinor < 0n || taxMinor < 0n) return [];
  const earned = earnedLater(invoice, clock.tz);
  const deferredMinor = sumOf(earned);
  return [
    { ...about, kind: 'invoice', id, at: finalizedAt, netMinor, taxMinor, deferredMinor },
    ...amountFact(invoice.balanceUsedMinor, (amountMinor) => ({
      ...{ ...about, kind: 'balance_used', id, at: finalizedAt, amountMinor },
    })),
    ...earned
      .filter(({ endAt }) => endAt + DAY_MS <= clock.nowAt && endAt <= (invoice.voidedAt ?? endAt))
      .flatMap(({ month, endAt, amountMinor }) =>
        amountFact(amountMinor, () => ({
          ...{ ...about, kind: 'revenue_earned', id: `${id}:${month}`, at: endAt - 1, amountMinor },
        })),
      ),
    ...invoice.notes.flatMap(noteFacts),
    ...invoice.bankPayments.map(bankFact),
    ...outsideFacts(invoice, clock.nowAt),
    ...writeOffFacts(invoice),
    ...voidFacts(invoice, earned),
  ];
}

/** Nothing of the invoice can become another fact any more, unless somebody changes it. */
export function isSettled(invoice: BookedInvoice, { nowAt }: BookClock): boolean {
  const endAt = invoice.service?.endAt ?? invoice.finalizedAt;
  const closed = invoice.paidAt ?? invoice.voidedAt;
  const month = 32 * DAY_MS;
  return closed !== null && closed + 2 * DAY_MS <= nowAt && endAt + month <= nowAt;
}

interface EarnedMonth {
  month: string;
  endAt: number;
  amountMinor: bigint;
}

/** The months whose end comes after the invoice, with what is earned in them. */
function earnedLater({ netMinor, service, finalizedAt }: BookedInvoice, tz: string): EarnedMonth[] {
  if (service === null || service.endAt <= finalizedAt) return [];
  return recogniseByMonth(netMinor, service, tz)
    .map(({ month, amountMinor }) => ({ month, amountMinor, endAt: monthNamed(month, tz).endAt }))
    .filter(({ endAt }) => endAt > finalizedAt);
}

function noteFacts(note: BookedNote): BookFact[] {
  const { id, customerId, currency, invoiceId, at, totalMinor, taxMinor } = note;
  const about = { customerId, currency, invoiceId };
  const owedMinor = note.beforePaymentMinor + note.refundedMinor + note.outsideMinor;
  const balanceMinor = totalMinor - owedMinor;
  // Of the tax each part takes its share; the second takes what rounding left.
  const owedTax =
    balanceMinor === 0n ? taxMinor : totalMinor === 0n ? 0n : (taxMinor * owedMinor) / totalMinor;
  const parts = [
    { to: 'receivable' as const, id, total: owedMinor, tax: owedTax },
    { to: 'customer_balance' as const, id: `${id}:balance`, total: balanceMinor, tax: taxMinor - owedTax },
  ].filter(({ total }) => total > 0n);
  const credited = parts.flatMap((part): BookFact[] => {
    const amounts = { netMinor: part.total - part.tax, taxMinor: part.tax, deferredMinor: 0n };
    const fact = { ...about, id: part.id, to: part.to, ...amounts };
    return [
      { ...fact, kind: 'credit_note', at },
      ...(note.voidedAt === null
        ? []
        : [{ ...fact, kind: 'credit_note_voided' as const, at: note.voidedAt }]),
    ];
  });
  return [
    ...credited,
    ...amountFact(note.outsideMinor, (amountMinor) => ({ ...about, kind: 'paid_out', id, at, amountMinor })),
  ];
}

function bankFact({ lineId, invoiceId, customerId, at, allocated, received }: BookedBankPayment): BookFact {
  const about = { id: `${lineId}:${invoiceId}`, at, customerId, invoiceId, currency: allocated.currency };
  return allocated.currency === received.currency
    ? {
        ...{ ...about, kind: 'bank_payment', amountMinor: allocated.minor },
        feeMinor: allocated.minor - received.minor,
      }
    : {
        ...{ ...about, kind: 'bank_payment', amountMinor: allocated.minor, feeMinor: 0n },
        settled: { currency: received.currency, amountMinor: received.minor },
      };
}

/** Paid, but by neither a charge nor a bank line we know: it went to the bank. */
function outsideFacts(invoice: BookedInvoice, nowAt: number): BookFact[] {
  const { id, customerId, currency, paidAt, amountPaidMinor, charges, bankPayments } = invoice;
  if (paidAt === null || paidAt + DAY_MS > nowAt) return [];
  const known = sumOf(charges) + bankPayments.reduce((sum, { allocated }) => sum + allocated.minor, 0n);
  return amountFact(amountPaidMinor - known, (amountMinor) => ({
    ...{
      kind: 'bank_payment',
      id,
      at: paidAt,
      customerId,
      currency,
      invoiceId: id,
      amountMinor,
      feeMinor: 0n,
    },
  }));
}

/** What was still owed when it was written off; settled later, that comes back. */
function writeOffFacts(invoice: BookedInvoice): BookFact[] {
  const { id, customerId, currency, uncollectibleAt, netMinor, taxMinor, balanceUsedMinor } = invoice;
  if (uncollectibleAt === null) return [];
  const about = { id, customerId, currency, invoiceId: id };
  const until = <T extends { at: number }>(list: readonly T[]) =>
    list.filter(({ at }) => at <= uncollectibleAt);
  const owed =
    netMinor +
    taxMinor -
    balanceUsedMinor -
    creditedBy(invoice, uncollectibleAt).total -
    sumOf(until(invoice.charges)) -
    until(invoice.bankPayments).reduce((sum, { allocated }) => sum + allocated.minor, 0n);
  const settledAt = [invoice.paidAt, invoice.voidedAt].find((at) => at !== null && at >= uncollectibleAt);
  return amountFact(owed, (amountMinor) => [
    { ...about, kind: 'write_off', at: uncollectibleAt, amountMinor },
    ...(settledAt == null
      ? []
      : [{ ...about, kind: 'write_off_recovered' as const, at: settledAt, amountMinor }]),
  ]);
}

/** What notes had taken off by an instant, before payment. */
function creditedBy({ notes }: BookedInvoice, at: number): { total: bigint; tax: bigint } {
  const standing = notes.filter((note) => note.at <= at && (note.voidedAt === null || note.voidedAt > at));
  const total = standing.reduce((sum, note) => sum + note.beforePaymentMinor, 0n);
  const tax = standing.reduce(
    (sum, note) =>
      sum + (note.totalMinor === 0n ? 0n : (note.taxMinor * note.beforePaymentMinor) / note.totalMinor),
    0n,
  );
  return { total, tax };
}

function voidFacts(invoice: BookedInvoice, earned: readonly EarnedMonth[]): BookFact[] {
  const { id, customerId, currency, voidedAt, netMinor, taxMinor } = invoice;
  if (voidedAt === null) return [];
  const about = { customerId, currency, invoiceId: id, at: voidedAt };
  const credited = creditedBy(invoice, voidedAt);
  const left = { netMinor: netMinor - (credited.total - credited.tax), taxMinor: taxMinor - credited.tax };
  const open = sumOf(earned.filter(({ endAt }) => endAt > voidedAt));
  const deferredMinor = open < left.netMinor ? open : left.netMinor;
  return [
    { ...about, kind: 'void', id, ...left, deferredMinor },
    // Notes took revenue back; what they leave deferred is over with the invoice.
    ...amountFact(open - deferredMinor, (amountMinor) => ({
      ...{ ...about, kind: 'revenue_earned', id: `${id}:void`, amountMinor },
    })),
  ];
}

function amountFact(amountMinor: bigint, fact: (amountMinor: bigint) => BookFact | BookFact[]): BookFact[] {
  return amountMinor > 0n ? [fact(amountMinor)].flat() : [];
}

function sumOf(list: readonly { amountMinor: bigint }[]): bigint {
  return list.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
