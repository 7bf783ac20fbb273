import { explainPayment } from './explain-payment.ts';
import type { Explanation } from './explanation.ts';
import { DEFAULT_MATCH_SETTINGS, type MatchSettings } from './match-settings.ts';
import { type IncomingPayment, identityOf, type OpenInvoice } from './payment-evidence.ts';

export interface PaymentMatch {
  paymentId: string;
  /** The reading to propose; null when none is sure enough to stand alone. */
  chosen: Explanation | null;
  /** Every reading, best first, the chosen one too. */
  explanations: Explanation[];
  /** Why nothing was chosen, in a sentence; null when something was. */
  unmatched: string | null;
}

/** A reading is proposed from this score on, if the next best is clearly behind. */
const SURE = 0.6;
const AHEAD = 0.1;

/**
 * Proposes for each payment what it pays. The surest go first and take their invoices with them, so that no cent of an
 * invoice is allocated twice and no payment gives more than it has; the result does not depend on the order of either
 * list. Nothing is applied here.
 */
export function matchPayments(
  payments: readonly IncomingPayment[],
  invoices: readonly OpenInvoice[],
  settings: MatchSettings = DEFAULT_MATCH_SETTINGS,
): PaymentMatch[] {
  const open = [...invoices].sort((one, other) => one.dueAt - other.dueAt || compare(one.id, other.id));
  const waiting = [...payments].sort((one, other) => one.at - other.at || compare(one.id, other.id));
  const results = new Map<string, PaymentMatch>();
  const remaining = new Map(open.map(({ id, remainingMinor }) => [id, remainingMinor]));
  const current = () =>
    open.map((invoice) => ({ ...invoice, remainingMinor: remaining.get(invoice.id) ?? 0n }));
  let readings = waiting.map((payment) => ({
    payment,
    explanations: explainPayment(payment, current(), settings),
  }));
  for (;;) {
    const next = readings
      .filter(({ payment, explanations }) => !results.has(payment.id) && sureOf(explanations) !== null)
      .sort(
        (one, other) => (sureOf(other.explanations)?.score ?? 0) - (sureOf(one.explanations)?.score ?? 0),
      )[0];
    const chosen = next ? sureOf(next.explanations) : null;
    if (!next || !chosen) break;
    const { payment, explanations } = next;
    results.set(payment.id, { paymentId: payment.id, chosen, explanations, unmatched: null });
    const taken = new Set(chosen.allocations.map(({ invoiceId }) => invoiceId));
    for (const { invoiceId, amountMinor } of chosen.allocations) {
      remaining.set(invoiceId, (remaining.get(invoiceId) ?? 0n) - amountMinor);
    }
    readings = readings.map((reading) => {
      const touched = reading.explanations.some(({ allocations }) =>
        allocations.some(({ invoiceId }) => taken.has(invoiceId)),
      );
      if (!touched || results.has(reading.payment.id)) return reading;
      return { ...reading, explanations: explainPayment(reading.payment, current(), settings) };
    });
  }
  for (const { payment, explanations } of readings) {
    if (results.has(payment.id)) continue;
    const unmatched = whyUnmatched(payment, explanations, current());
    results.set(payment.id, { paymentId: payment.id, chosen: null, explanations, unmatched });
  }
  return payments.flatMap(({ id }) => results.get(id) ?? []);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sureOf([best, second]: readonly Explanation[]): Explanation | null {
  if (!best || best.score < SURE) return null;
  return second && best.score - second.score < AHEAD ? null : best;
}

function whyUnmatched(
  payment: IncomingPayment,
  explanations: readonly Explanation[],
  open: readonly OpenInvoice[],
): string {
  const [best, second] = explanations;
  if (best && best.score >= SURE && second) return 'Two readings fit about as well. A person has to choose.';
  if (best) return `The best reading is not sure enough: ${best.why.join(', ')}.`;
  const owed = open.filter(({ remainingMinor }) => remainingMinor > 0n);
  const own = owed.filter((invoice) => identityOf(payment, invoice) !== 'none');
  if (owed.length === 0) return 'No invoice is open.';
  if (own.length > 0) {
    const sameCurrency = own.some(({ currency }) => currency === payment.currency);
    return sameCurrency
      ? 'The customer has open invoices, but no amount or sum of them fits.'
      : `The customer’s open invoices are in another currency than ${payment.currency}, and no published rate brings them together.`;
  }
  return 'Nothing points to a customer: no invoice number, no name, and no open invoice has this amount.';
}
