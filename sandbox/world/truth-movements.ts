import type { SubscriptionVersionRecord } from './records.ts';
import { monthly, paying, recurring } from './truth-recurring.ts';
import { count, fits, inCompany, money, type Scope, type Truth, within } from './truth-scope.ts';

export type Kind = 'new' | 'expansion' | 'contraction' | 'churn' | 'reactivation';

/** A change of what one customer pays a month, in the customer's own currency. */
interface Moved {
  customerId: string;
  currency: string;
  at: number;
  kind: Kind;
  amount: bigint;
}

/** Paid states that lasted at all, by customer. */
export function paidSpans(scope: Scope): Map<string, SubscriptionVersionRecord[]> {
  const spans = new Map<string, SubscriptionVersionRecord[]>();
  for (const version of scope.world.all('subscriptionVersions')) {
    if (!paying(version) || !fits(scope, version) || version.validTo === version.validFrom) continue;
    const list = spans.get(version.customerId) ?? [];
    list.push(version);
    spans.set(version.customerId, list);
  }
  return spans;
}

/** What a customer pays a month at an instant, by Stripe's rules, in their own currency. */
export function paysAt(spans: readonly SubscriptionVersionRecord[], at: number): bigint {
  return spans
    .filter(({ validFrom, validTo }) => validFrom <= at && (validTo === null || at < validTo))
    .reduce((sum, version) => sum + monthly(version), 0n);
}

/** The last instant that can have happened in the period, and one more. */
export const untilOf = (scope: Scope) => Math.min(scope.end, scope.world.now() + 1);

/** All changes up to the end of the period, each instant of a customer once. */
export function movedUntil(scope: Scope): Moved[] {
  const moved: Moved[] = [];
  const until = untilOf(scope);
  for (const [customerId, spans] of paidSpans(scope)) {
    const currency = spans[0]?.currency ?? '';
    const instants = new Set(spans.flatMap(({ validFrom, validTo }) => [validFrom, validTo ?? until]));
    let before = 0n;
    let ever = false;
    for (const at of [...instants].filter((one) => one < until).sort((a, b) => a - b)) {
      const after = paysAt(spans, at);
      if (after !== before) {
        const amount = after > before ? after - before : before - after;
        moved.push({ customerId, currency, at, amount, kind: kindOf(before, after, ever) });
      }
      if (after > 0n) ever = true;
      before = after;
    }
  }
  return moved;
}

function kindOf(before: bigint, after: bigint, ever: boolean): Kind {
  if (before === 0n) return ever ? 'reactivation' : 'new';
  if (after === 0n) return 'churn';
  return after > before ? 'expansion' : 'contraction';
}

const movedIn = (scope: Scope) => movedUntil(scope).filter(({ at }) => within(scope, at));

export const movedSum = (scope: Scope, kinds: readonly Kind[]) =>
  movedIn(scope)
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { amount, currency, at }) => sum + inCompany(scope, amount, currency, at), 0n);

const GAINS: readonly Kind[] = ['new', 'expansion', 'reactivation'];
const LOSSES: readonly Kind[] = ['contraction', 'churn'];

const sumOf =
  (kind: Kind) =>
  (scope: Scope): Truth =>
    money(movedSum(scope, [kind]), movedIn(scope).filter((one) => one.kind === kind).length);

const customersOf =
  (kind: Kind) =>
  (scope: Scope): Truth =>
    count(
      new Set(
        movedIn(scope)
          .filter((one) => one.kind === kind)
          .map(({ customerId }) => customerId),
      ).size,
    );

function netNew(scope: Scope): Truth {
  return money(movedSum(scope, GAINS) - movedSum(scope, LOSSES), movedIn(scope).length);
}

function byRates(scope: Scope): Truth {
  const closing = recurring({ ...scope, at: untilOf(scope) - 1 });
  const opening = recurring({ ...scope, at: scope.start - 1 });
  const net = movedSum(scope, GAINS) - movedSum(scope, LOSSES);
  return money(closing.sum - opening.sum - net, closing.rows + opening.rows);
}

function quickRatio(scope: Scope): Truth {
  const lost = movedSum(scope, LOSSES);
  const value = lost === 0n ? null : Number(movedSum(scope, GAINS)) / Number(lost);
  return { value, unit: 'times', rows: movedIn(scope).length };
}

export const MOVEMENT_TRUTHS: Record<string, (scope: Scope) => Truth> = {
  new_mrr: sumOf('new'),
  expansion_mrr: sumOf('expansion'),
  contraction_mrr: sumOf('contraction'),
  churned_mrr: sumOf('churn'),
  reactivation_mrr: sumOf('reactivation'),
  net_new_mrr: netNew,
  fx_mrr: byRates,
  quick_ratio: quickRatio,
  new_customers: customersOf('new'),
  reactivated_customers: customersOf('reactivation'),
};
