import { exact, multiply, roundTo } from '../billing/exact.ts';
import { convertMoney, toSafeMinor } from '../money/arithmetic.ts';
import {
  type Identity,
  type IncomingPayment,
  identityOf,
  namedIn,
  type OpenInvoice,
} from './payment-evidence.ts';
import { subsetsWithSum } from './subset-sum.ts';

export const MATCH_KINDS = ['exact', 'bundled', 'fee_deducted', 'fx', 'partial', 'overpaid'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** One way to read a payment. Allocations are in the invoices' currency, minor units. */
export interface Explanation {
  kind: MatchKind;
  allocations: { invoiceId: string; amountMinor: bigint }[];
  /** 0 to 1: how much speaks for it. */
  score: number;
  why: string[];
  /** What the invoices lose to fees or gain by exchange: allocated less received, in the invoices' currency. */
  differenceMinor: bigint;
  /** Of the payment, in its own currency, for no invoice. */
  unallocatedMinor: bigint;
}

export interface MatchSettings {
  /** The most a bank takes from a transfer, minor units by currency. */
  wireFeeMinor: Readonly<Record<string, bigint>>;
  /** The most a provider takes, percent. */
  feePercent: string;
  /** How far a bank's rate may be from the published one, percent. */
  ratePercent: string;
  /** Published rates: units of `to` that one unit of `from` buys. */
  rates: readonly { from: string; to: string; rate: string }[];
  bundleSize: number;
}

export const DEFAULT_MATCH_SETTINGS: MatchSettings = {
  wireFeeMinor: { USD: 5000n, EUR: 2500n, GBP: 2500n },
  feePercent: '4',
  ratePercent: '2.5',
  rates: [],
  bundleSize: 8,
};

interface Side {
  invoices: readonly OpenInvoice[];
  named: boolean;
  identity: Identity;
}

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

const KIND_SCORE: Readonly<Record<MatchKind, number>> = {
  exact: 0.45,
  bundled: 0.4,
  fee_deducted: 0.25,
  fx: 0.25,
  partial: 0.1,
  overpaid: 0.1,
};

function explain(
  payment: IncomingPayment,
  side: Side,
  found: Pick<Explanation, 'kind' | 'allocations' | 'differenceMinor' | 'unallocatedMinor'> & {
    because: string;
  },
): Explanation {
  const { because, ...rest } = found;
  const why = [because];
  let score = KIND_SCORE[found.kind];
  if (side.named) {
    score += 0.4;
    why.push(
      side.invoices.length > 1 ? 'the reference names the invoices' : 'the reference names the invoice',
    );
  }
  if (side.identity === 'provider') {
    score += 0.3;
    why.push('the provider knows the customer');
  } else if (side.identity === 'name') {
    score += 0.2;
    why.push('the name of the payer fits');
  } else if (payment.customerId !== null) {
    score -= 0.2;
    why.push('the provider knows it as another customer’s');
  }
  if (side.invoices.some(({ issuedAt }) => issuedAt > payment.at)) {
    score -= 0.15;
    why.push('it was paid before the invoice was issued');
  }
  return { ...rest, score: Math.min(1, Math.max(0, score)), why };
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

function converted(payment: IncomingPayment, currency: string, { rates }: MatchSettings): bigint | null {
  const rate = rates.find(({ from, to }) => from === payment.currency && to === currency)?.rate;
  if (rate === undefined) return null;
  const amount = { minor: toSafeMinor(payment.amountMinor), currency: payment.currency };
  return BigInt(convertMoney(amount, currency, rate).minor);
}

/** The larger of a bank's fixed fee and a provider's share. */
function feeBound(amountMinor: bigint, currency: string, settings: MatchSettings): bigint {
  const wire = settings.wireFeeMinor[currency] ?? 0n;
  const share = percentOf(amountMinor, settings.feePercent);
  // A fixed fee may not eat a small invoice: it is believed up to a tenth of the amount.
  const believed = wire < amountMinor / 10n ? wire : amountMinor / 10n;
  return share > believed ? share : believed;
}

function percentOf(amountMinor: bigint, percent: string): bigint {
  return roundTo(multiply(multiply(exact(amountMinor), exact(percent)), exact('0.01')), 0, 'up');
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
