import type { JournalEntry } from './journal.ts';

/** A movement of Stripe's balance, amounts in minor units: net = amount - fee. */
export interface BalanceTransaction {
  id: string;
  /** Stripe's type: "charge", "refund", "payout", "adjustment", "stripe_fee". */
  type: string;
  at: number;
  currency: string;
  amountMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
}

export type BalanceProblem =
  /** Stripe moved money that no entry speaks of. */
  | { kind: 'not_in_journal'; id: string; type: string; currency: string; netMinor: bigint }
  /** An entry moved the Stripe balance, but Stripe did not. */
  | { kind: 'not_at_stripe'; key: string; currency: string; amountMinor: bigint }
  | { kind: 'differs'; id: string; currency: string; stripeMinor: bigint; journalMinor: bigint }
  /** Stripe's own figures do not agree with each other, or a transaction came twice with other figures. */
  | { kind: 'inconsistent'; id: string; words: string };

export interface BalanceReport {
  matched: number;
  problems: BalanceProblem[];
  /** By currency: what Stripe says the period moved, what the journal says. */
  totals: { currency: string; stripeMinor: bigint; journalMinor: bigint }[];
  /** No problem, and all totals equal. */
  ties: boolean;
}

/**
 * Holds Stripe's balance transactions of a period against the journal's entries of the same period: one by one through
 * the id each entry carries, then in total.
 */
export function reconcileBalance(
  transactions: readonly BalanceTransaction[],
  journal: readonly JournalEntry[],
): BalanceReport {
  const posted = postedByTransaction(journal);
  const problems: BalanceProblem[] = [];
  const totals = new Map<string, { currency: string; stripeMinor: bigint; journalMinor: bigint }>();
  const totalOf = (currency: string) => {
    const total = totals.get(currency) ?? { currency, stripeMinor: 0n, journalMinor: 0n };
    totals.set(currency, total);
    return total;
  };
  const seen = new Map<string, BalanceTransaction>();
  let matched = 0;
  for (const transaction of transactions) {
    const { id, type, currency, amountMinor, feeMinor, netMinor } = transaction;
    const twin = seen.get(id);
    if (twin) {
      if (twin.netMinor !== netMinor || twin.currency !== currency)
        problems.push({ kind: 'inconsistent', id, words: 'it came twice, with different figures' });
      continue;
    }
    seen.set(id, transaction);
    if (amountMinor - feeMinor !== netMinor)
      problems.push({ kind: 'inconsistent', id, words: 'its amount less its fee is not its net' });
    totalOf(currency).stripeMinor += netMinor;
    const sums = posted.byTransaction.get(id);
    if (!sums) {
      if (netMinor !== 0n) problems.push({ kind: 'not_in_journal', id, type, currency, netMinor });
      continue;
    }
    const journalMinor = sums.get(currency) ?? 0n;
    if (journalMinor === netMinor) matched += 1;
    else problems.push({ kind: 'differs', id, currency, stripeMinor: netMinor, journalMinor });
  }
  for (const { key, id, currency, amountMinor } of posted.lines) {
    totalOf(currency).journalMinor += amountMinor;
    const transaction = id === null ? undefined : seen.get(id);
    if (transaction?.currency !== currency)
      problems.push({ kind: 'not_at_stripe', key, currency, amountMinor });
  }
  const all = [...totals.values()].sort((one, other) => one.currency.localeCompare(other.currency, 'en'));
  const equal = all.every(({ stripeMinor, journalMinor }) => stripeMinor === journalMinor);
  return { matched, problems, totals: all, ties: problems.length === 0 && equal };
}

function postedByTransaction(journal: readonly JournalEntry[]) {
  const byTransaction = new Map<string, Map<string, bigint>>();
  const lines: { key: string; id: string | null; currency: string; amountMinor: bigint }[] = [];
  for (const { key, balanceTransactionId: id, lines: own } of journal) {
    for (const { account, currency, amountMinor } of own) {
      if (account !== 'stripe_balance') continue;
      lines.push({ key, id, currency, amountMinor });
      if (id === null) continue;
      const sums = byTransaction.get(id) ?? new Map<string, bigint>();
      sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
      byTransaction.set(id, sums);
    }
  }
  return { byTransaction, lines };
}
