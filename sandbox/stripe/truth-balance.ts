import type { Sandbox } from '../core/types.ts';
import { DAY, dayNumber, monthStart } from '../world/calendar.ts';
import { divideHalfUp } from '../world/money.ts';
import type { CreditNoteRecord, InvoiceRecord } from '../world/records.ts';
import type { Truth } from '../world/truth-scope.ts';
import { Books } from './books.ts';
import { renderCreditNote } from './resources/credit-notes.ts';

/** Balances by "USD receivable", minor units: debits above 0. */
class Sums {
  readonly byName = new Map<string, bigint>();

  add(currency: string, account: string, minor: bigint): void {
    const name = `${currency} ${account}`;
    this.byName.set(name, (this.byName.get(name) ?? 0n) + minor);
  }
}

/** What every account of the company's books stands at now, from the records as they are now: see TRUTH.md. */
export function trialBalanceTruth(sandbox: Sandbox, currency: string | null): Truth {
  const books = new Books(sandbox);
  const sums = new Sums();
  const notes = books.world.all('creditNotes').map((note) => partsOf(note, books));
  const credited = new Map<string, { net: bigint; tax: bigint }>();
  for (const note of notes.filter(({ standing }) => standing)) {
    sums.add(note.currency, 'customer_balance', -note.toBalance);
    sums.add(note.currency, 'bank', -note.outside);
    const before = credited.get(note.invoiceId) ?? { net: 0n, tax: 0n };
    credited.set(note.invoiceId, { net: before.net + note.net, tax: before.tax + note.tax });
  }
  for (const invoice of books.world.all('invoices'))
    addInvoice(sums, invoice, credited.get(invoice.id) ?? { net: 0n, tax: 0n }, books);
  addCharges(sums, books, new Set(notes.flatMap(({ refunds }) => refunds)));
  for (const { category, amount, fee, currency: of } of books.balance.entries()) {
    sums.add(of, 'stripe_balance', BigInt(amount - fee));
    sums.add(of, 'fees', BigInt(fee));
    if (category === 'payout') sums.add(of, 'bank', BigInt(-amount));
  }
  for (const { amount, currency: of } of books.shelves.balanceTransactions.all()) {
    sums.add(of, 'customer_balance', BigInt(amount));
    sums.add(of, 'credits_granted', BigInt(-amount));
  }
  const kept = [...sums.byName]
    .filter(([name, minor]) => minor !== 0n && (currency === null || name.startsWith(`${currency} `)))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const groups = Object.fromEntries(kept.map(([name, minor]) => [name, Number(minor)]));
  return { value: null, unit: 'money', rows: kept.length, groups };
}

function partsOf(note: CreditNoteRecord, books: Books) {
  const rendered = renderCreditNote(note, books);
  const taxes = books.annotation(note.id).creditedLines ?? [];
  const tax = BigInt(taxes.reduce((sum, line) => sum + line.taxAmount, 0));
  const refunds = books.annotation(note.id).refunds ?? [];
  const refunded = BigInt(refunds.reduce((sum, { amount }) => sum + amount, 0));
  const outside = BigInt(books.annotation(note.id).outOfBandAmount ?? 0);
  const afterPayment = BigInt(Number(rendered.post_payment_amount));
  return {
    invoiceId: note.invoiceId,
    currency: note.currency,
    standing: note.status === 'issued',
    net: BigInt(note.amount) - tax,
    tax,
    outside,
    toBalance: afterPayment - refunded - outside,
    refunds: refunds.map(({ id }) => id),
  };
}

/** Net and tax less what notes took off; of the net what is not earned yet waits as deferred. */
function addInvoice(
  sums: Sums,
  invoice: InvoiceRecord,
  credited: { net: bigint; tax: bigint },
  books: Books,
): void {
  const { currency, total, tax, status, finalizedAt } = invoice;
  if (finalizedAt === null) return;
  if (total < 0) {
    sums.add(currency, 'customer_balance', BigInt(total));
    sums.add(currency, 'revenue', BigInt(tax - total));
    sums.add(currency, 'tax_payable', BigInt(-tax));
    return;
  }
  if (status === 'void') return;
  const net = BigInt(total - tax);
  const waiting = unearned(invoice, net, books.now());
  sums.add(currency, 'deferred_revenue', -waiting);
  sums.add(currency, 'revenue', -(net - waiting - credited.net));
  sums.add(currency, 'tax_payable', -(BigInt(tax) - credited.tax));
  const left = BigInt(invoice.amountRemaining);
  if (status === 'open') sums.add(currency, 'receivable', left);
  if (status === 'uncollectible') sums.add(currency, 'bad_debt', left);
  const charged = books.index.charges.by('invoice', invoice.id).reduce((sum, { id }) => {
    const charge = books.world.get('charges', id);
    return charge?.status === 'succeeded' ? sum + charge.amount : sum;
  }, 0);
  if (status === 'paid' && second(invoice.paidAt ?? 0) + DAY <= books.now())
    sums.add(currency, 'bank', BigInt(invoice.amountPaid - charged));
  else if (status === 'paid') sums.add(currency, 'receivable', BigInt(invoice.amountPaid - charged));
}

/** Stripe tells whole seconds. */
const second = (at: number) => Math.floor(at / 1000) * 1000;

/**
 * Earned by company days, each invoice rounded half up through each month's end; a month counts as earned a day after
 * it ended, and what its end leaves behind the invoice itself is earned with the invoice.
 */
function unearned({ lines, finalizedAt }: InvoiceRecord, net: bigint, now: number): bigint {
  const spans = lines.filter((line) => second(line.periodEndAt) > second(line.periodStartAt));
  const finalized = second(finalizedAt ?? 0);
  const from = Math.min(...spans.map(({ periodStartAt }) => second(periodStartAt)));
  const to = Math.max(...spans.map(({ periodEndAt }) => second(periodEndAt)));
  if (spans.length === 0 || to <= finalized) return 0n;
  const first = dayNumber(from);
  const days = BigInt(Math.max(1, dayNumber(to) - first));
  let closed = monthStart(from);
  for (let next = nextMonth(closed); next <= finalized || next + DAY <= now; next = nextMonth(next))
    closed = next;
  const passed = BigInt(Math.max(0, dayNumber(closed) - first));
  return passed >= days ? 0n : net - divideHalfUp(net * passed, days);
}

/** The next month's first instant; noon of the day after a month of 31 is safely inside it. */
function nextMonth(start: number): number {
  return monthStart(start + 32 * DAY + DAY / 2);
}

function addCharges(sums: Sums, books: Books, byNotes: ReadonlySet<string>): void {
  for (const { status, invoiceId, amount, currency } of books.world.all('charges'))
    if (status === 'succeeded' && invoiceId === null) sums.add(currency, 'receivable', BigInt(-amount));
  for (const { id, status, amount, currency } of books.world.all('refunds'))
    if (status === 'succeeded' && !byNotes.has(id)) sums.add(currency, 'refunds', BigInt(amount));
  for (const { status, amount, currency } of books.world.all('disputes'))
    sums.add(currency, status === 'lost' ? 'dispute_losses' : 'disputes_held', BigInt(amount));
}
