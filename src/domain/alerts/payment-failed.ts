import { addMoney } from '../money/arithmetic.ts';
import { formatMoney } from '../money/format.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Money } from '../types.ts';
import type { Finding } from './finding.ts';
import { day, instant, ordinal, possessive } from './words.ts';

/** One customer's failed payments of the last `PAYMENTS_WITHIN_MS`, oldest first. */
export interface PaymentFailures {
  customer: { id: string; name: string };
  failures: readonly PaymentFailure[];
}

export interface PaymentFailure {
  id: string;
  at: number;
  amount: Money;
  declineCode: string | null;
  /** What it should have paid; null when it was not for an invoice or nobody knows yet. */
  invoice: {
    id: string;
    number: string | null;
    status: string;
    remaining: Money;
    dueAt: number | null;
  } | null;
}

export const PAYMENTS_WITHIN_MS = 35 * 86_400_000;
/** A failure without an invoice cannot be seen to be mended: it is spoken of for a day. */
const LOOSE_FOR_MS = 86_400_000;

const REASONS: Readonly<Record<string, string>> = {
  expired_card: 'the card has expired',
  insufficient_funds: 'the card has insufficient funds',
  do_not_honor: 'the bank declined it without a reason',
  generic_decline: 'the bank declined it without a reason',
  lost_card: 'the card was reported lost',
  stolen_card: 'the card was reported stolen',
  card_velocity_exceeded: 'the card was charged too often',
  incorrect_cvc: 'the security code is wrong',
  processing_error: 'the bank could not process it',
  authentication_required: 'the bank wants the cardholder to confirm it',
};

/** "the card has expired"; of a code that is not known, that the bank declined it. */
export function declineWords(code: string | null): string {
  return REASONS[code ?? ''] ?? 'the bank declined it';
}

/** A customer owes what a payment failed for. It is over when nothing of that is open any more. */
export function paymentsFailed(
  customers: readonly PaymentFailures[],
  at: { nowAt: number; tz: string },
): Finding[] {
  return customers.flatMap((customer) => finding(customer, at) ?? []);
}

function finding({ customer, failures }: PaymentFailures, at: { nowAt: number; tz: string }): Finding | null {
  const subject = { kind: 'customer', id: customer.id, name: customer.name };
  const standing = failures.filter((failure) => stands(failure, at.nowAt));
  const latest = standing.at(-1);
  if (!latest) {
    return { verdict: 'clear', kind: 'payment_failed', subject, words: overWords(failures, at.tz) };
  }
  const reason = declineWords(latest.declineCode);
  return {
    verdict: 'raise',
    kind: 'payment_failed',
    subject,
    title: `${possessive(customer.name)} payment of ${formatMoney(latest.amount)} failed: ${reason}.`,
    detail: detail(failures, standing, latest, at.tz),
    facts: standing.map((failure) => factLine(failure, at.tz)),
    amount: owed(standing, latest),
    count: standing.length,
    lastSeenAt: latest.at,
  };
}

function stands({ invoice, at }: PaymentFailure, nowAt: number): boolean {
  if (invoice === null) return nowAt - at < LOOSE_FOR_MS;
  return invoice.status === 'open' && invoice.remaining.minor > 0;
}

/** What remains of the invoices in the latest one's currency: amounts are never added across currencies. */
function owed(standing: readonly PaymentFailure[], latest: PaymentFailure): Money {
  const { currency } = latest.amount;
  const open = openInvoices(standing).filter(({ remaining }) => remaining.currency === currency);
  if (open.length === 0) return latest.amount;
  return addMoney(
    currency,
    open.map(({ remaining }) => remaining),
  );
}

function openInvoices(standing: readonly PaymentFailure[]) {
  return [
    ...new Map(standing.flatMap(({ invoice }) => (invoice ? [[invoice.id, invoice] as const] : []))).values(),
  ];
}

function detail(
  failures: readonly PaymentFailure[],
  standing: readonly PaymentFailure[],
  latest: PaymentFailure,
  tz: string,
): string {
  const month = dayNameAt(latest.at, tz).slice(0, 7);
  const nth = failures.filter(
    (failure) => dayNameAt(failure.at, tz).startsWith(month) && failure.at <= latest.at,
  );
  const often = `${ordinal(nth.length)} failure this month`;
  const open = openInvoices(standing);
  if (open.length > 1) {
    return `${often}; ${open.length} invoices are unpaid, ${formatMoney(owed(standing, latest))} in all.`;
  }
  const { invoice } = latest;
  if (!invoice) return `${often}; it names no invoice.`;
  const due = invoice.dueAt === null ? '' : ` and due ${day(invoice.dueAt, tz)}`;
  return `${often}; invoice ${invoice.number ?? invoice.id} is open${due}.`;
}

function factLine({ id, at, amount, declineCode, invoice }: PaymentFailure, tz: string): string {
  const what = invoice ? `, invoice ${invoice.number ?? invoice.id} ${invoice.status}` : '';
  return `${instant(at, tz)}: ${formatMoney(amount)} failed, ${declineWords(declineCode)}${what}, payment ${id}`;
}

function overWords(failures: readonly PaymentFailure[], tz: string): string {
  if (failures.length === 0) return 'Its last failure lies five weeks back; what is still unpaid is overdue.';
  const invoice = failures.findLast((failure) => failure.invoice !== null)?.invoice;
  if (!invoice) return 'It is more than a day ago and names no invoice that could be watched.';
  const became: Record<string, string> = {
    paid: 'has been paid',
    void: 'has been voided',
    uncollectible: 'was written off as uncollectible',
  };
  const due = invoice.status === 'open' && invoice.dueAt !== null ? `, due ${day(invoice.dueAt, tz)}` : '';
  return `Invoice ${invoice.number ?? invoice.id} ${became[invoice.status] ?? `is ${invoice.status}`}${due}.`;
}
