import { type Explanation, explain, type Side } from './explanation.ts';
import {
  converted,
  DEFAULT_MATCH_SETTINGS,
  feeBound,
  type MatchSettings,
  percentOf,
} from './match-settings.ts';
import { type IncomingPayment, identityOf, namedIn, type OpenInvoice } from './payment-evidence.ts';
import { subsetsWithSum } from './subset-sum.ts';

/**
 * Every way a payment can be read against open invoices, best first. Numbers in the reference are followed before
 * amounts are guessed; guesses of sums and parts are made only among the invoices of one customer the payment points
 * to. Equal amounts of several invoices make each less sure.
 */
export function explainPayment(
  payment: IncomingPayment,
  open: readonly OpenInvoice[],
  settings: MatchSettings = DEFAULT_MATCH_SETTINGS,
): Explanation[] {
  const invoices = open.filter(({ remainingMinor }) => remainingMinor > 0n);
  const found = [
    ...explainNamed(payment, namedIn(payment.reference, invoices), settings),
    ...invoices.flatMap((invoice) => explainSingle(payment, invoice, settings)),
    ...byCustomer(payment, invoices).flatMap((side) => explainBundle(payment, side, settings)),
  ];
  const best = new Map<string, Explanation>();
  for (const explanation of found) {
    const key = explanation.allocations
      .map(({ invoiceId, amountMinor }) => `${invoiceId} ${amountMinor}`)
      .sort()
      .join();
    const known = best.get(key);
    if (!known || explanation.score > known.score) best.set(key, explanation);
  }
  return withRivals([...best.values()]).sort(
    (one, other) => other.score - one.score || oldest(one, open) - oldest(other, open),
  );
}

/** Readings that rest on the amount alone share what speaks for it. */
function withRivals(explanations: readonly Explanation[]): Explanation[] {
  return explanations.map((explanation) => {
    const rivals = explanations.filter(
      (other) =>
        other !== explanation && other.kind === explanation.kind && other.score === explanation.score,
    ).length;
    if (rivals === 0) return explanation;
    return {
      ...explanation,
      score: explanation.score / (1 + 0.35 * rivals),
      why: [...explanation.why, `${rivals} other ${rivals === 1 ? 'reading fits' : 'readings fit'} as well`],
    };
  });
}

function oldest({ allocations }: Explanation, open: readonly OpenInvoice[]): number {
  return Math.min(...allocations.map(({ invoiceId }) => open.find(({ id }) => id === invoiceId)?.dueAt ?? 0));
}

/** One side for each customer the payment points to. */
function byCustomer(payment: IncomingPayment, invoices: readonly OpenInvoice[]): Side[] {
  const ids = [...new Set(invoices.map(({ customerId }) => customerId))];
  return ids.flatMap((id) => {
    const own = invoices.filter(
      ({ customerId, currency }) => customerId === id && currency === payment.currency,
    );
    const [first] = own;
    const identity = first ? identityOf(payment, first) : 'none';
    return identity === 'none' ? [] : [{ invoices: own, named: false, identity }];
  });
}

function sideOf(payment: IncomingPayment, invoice: OpenInvoice): Side {
  return { invoices: [invoice], named: false, identity: identityOf(payment, invoice) };
}

function explainNamed(
  payment: IncomingPayment,
  named: readonly OpenInvoice[],
  settings: MatchSettings,
): Explanation[] {
  const [first] = named;
  if (!first) return [];
  if (named.length === 1) {
    return explainSingle(payment, first, settings, true);
  }
  const same = named.filter(({ currency }) => currency === payment.currency);
  const identities = same.map((invoice) => identityOf(payment, invoice));
  const identity = identities.every((one) => one === identities[0]) ? (identities[0] ?? 'none') : 'none';
  const side: Side = { invoices: same, named: true, identity };
  const total = same.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0n);
  const all = same.map(({ id, remainingMinor }) => ({ invoiceId: id, amountMinor: remainingMinor }));
  if (total === payment.amountMinor) {
    return [
      explain(payment, side, {
        kind: 'bundled',
        allocations: all,
        differenceMinor: 0n,
        unallocatedMinor: 0n,
        because: `${same.length} invoices come to exactly this`,
      }),
    ];
  }
  const missing = total - payment.amountMinor;
  if (missing > 0n && missing <= feeBound(total, payment.currency, settings)) {
    return [
      explain(payment, side, {
        kind: 'fee_deducted',
        allocations: all,
        differenceMinor: missing,
        unallocatedMinor: 0n,
        because: 'a fee seems to have been taken from the sum',
      }),
    ];
  }
  return [explain(payment, side, spread(payment, same))];
}

/** Oldest due first, until nothing is left. */
function spread(payment: IncomingPayment, invoices: readonly OpenInvoice[]) {
  let left = payment.amountMinor;
  const allocations: Explanation['allocations'] = [];
  for (const { id, remainingMinor } of [...invoices].sort((one, other) => one.dueAt - other.dueAt)) {
    const amountMinor = remainingMinor < left ? remainingMinor : left;
    if (amountMinor > 0n) allocations.push({ invoiceId: id, amountMinor });
    left -= amountMinor;
  }
  return {
    kind: left > 0n ? ('overpaid' as const) : ('partial' as const),
    allocations,
    differenceMinor: 0n,
    unallocatedMinor: left,
    because:
      left > 0n ? 'more was paid than is owed' : 'less was paid than is owed; the oldest is paid first',
  };
}

function explainSingle(
  payment: IncomingPayment,
  invoice: OpenInvoice,
  settings: MatchSettings,
  named = false,
): Explanation[] {
  const side: Side = { ...sideOf(payment, invoice), named };
  const whole = [{ invoiceId: invoice.id, amountMinor: invoice.remainingMinor }];
  if (invoice.currency !== payment.currency) {
    const received = converted(payment, invoice.currency, settings);
    if (received === null) return [];
    const difference = invoice.remainingMinor - received;
    if (absolute(difference) > percentOf(invoice.remainingMinor, settings.ratePercent)) return [];
    const because = `at the published rate it comes to the amount, within ${settings.ratePercent}%`;
    return [
      explain(payment, side, {
        kind: 'fx',
        allocations: whole,
        differenceMinor: difference,
        unallocatedMinor: 0n,
        because,
      }),
    ];
  }
  const missing = invoice.remainingMinor - payment.amountMinor;
  if (missing === 0n) {
    const because = 'the amount is exactly what is owed';
    return [
      explain(payment, side, {
        kind: 'exact',
        allocations: whole,
        differenceMinor: 0n,
        unallocatedMinor: 0n,
        because,
      }),
    ];
  }
  if (missing > 0n && missing <= feeBound(invoice.remainingMinor, payment.currency, settings)) {
    const because = 'a fee seems to have been taken from the amount';
    const fee = explain(payment, side, {
      kind: 'fee_deducted',
      allocations: whole,
      differenceMinor: missing,
      unallocatedMinor: 0n,
      because,
    });
    return side.identity === 'none' && !named
      ? [fee]
      : [fee, explain(payment, side, spread(payment, [invoice]))];
  }
  // A part, or too much, of an invoice nothing points to would fit anything.
  return side.identity === 'none' && !named ? [] : [explain(payment, side, spread(payment, [invoice]))];
}

function explainBundle(payment: IncomingPayment, side: Side, settings: MatchSettings): Explanation[] {
  const invoices = [...side.invoices].sort((one, other) => one.dueAt - other.dueAt).slice(0, 40);
  const bounds = { size: settings.bundleSize, found: 5, steps: 20_000 };
  const { subsets, complete } = subsetsWithSum(
    invoices.map(({ remainingMinor }) => remainingMinor),
    payment.amountMinor,
    bounds,
  );
  return subsets.map((subset) => {
    const chosen = subset.flatMap((index) => invoices[index] ?? []);
    const more = complete ? '' : ' (there may be other sums)';
    return explain(
      payment,
      { ...side, invoices: chosen },
      {
        kind: 'bundled',
        allocations: chosen.map(({ id, remainingMinor }) => ({ invoiceId: id, amountMinor: remainingMinor })),
        differenceMinor: 0n,
        unallocatedMinor: 0n,
        because: `${chosen.length} invoices of the customer come to exactly this${more}`,
      },
    );
  });
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
