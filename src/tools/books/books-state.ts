import type { Chart } from '../../domain/books/chart.ts';
import { accountOf } from '../../domain/books/export.ts';
import type { TrialBalance } from '../../domain/books/journal.ts';
import { type BalanceProblem, reconcileBalance } from '../../domain/books/reconcile-balance.ts';
import { toSafeMinor } from '../../domain/money/arithmetic.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

export interface TrialRow {
  account: string;
  name: string;
  currency: string;
  debit: Money;
  credit: Money;
  balance: Money;
}

export function trialRows({ rows }: TrialBalance, chart: Chart): TrialRow[] {
  return rows.map(({ account, currency, debitMinor, creditMinor, balanceMinor }) => {
    const { code, name } = accountOf(chart, account);
    const money = (minor: bigint): Money => ({ minor: toSafeMinor(minor), currency });
    return {
      ...{ account: code, name, currency, debit: money(debitMinor), credit: money(creditMinor) },
      balance: money(balanceMinor),
    };
  });
}

/** Whether the journal says of Stripe's balance what Stripe says, with each difference in a sentence. */
export interface Tie {
  ties: boolean;
  movements: number;
  differences: string[];
}

/** Movement by movement in a period, and in total up to its end. */
export async function tieToStripe(
  period: { startAt: number; endAt: number },
  trial: TrialBalance,
  { books }: Pick<ToolContext, 'books'>,
): Promise<Tie> {
  const movements = await books.movements(period);
  const report = reconcileBalance(movements, await books.entries(period));
  const stripe = await books.movedBefore(period.endAt);
  const journal = new Map(
    trial.rows
      .filter(({ account }) => account === 'stripe_balance')
      .map(({ currency, balanceMinor }) => [currency, balanceMinor]),
  );
  const currencies = [...new Set([...stripe.map(({ currency }) => currency), ...journal.keys()])];
  const totals = currencies.flatMap((currency) => {
    const theirs = stripe.find((one) => one.currency === currency)?.netMinor ?? 0n;
    const ours = journal.get(currency) ?? 0n;
    if (theirs === ours) return [];
    return [`Stripe's balance is ${say(theirs, currency)}, the journal's ${say(ours, currency)}.`];
  });
  const differences = [...totals, ...report.problems.map(problemWords)];
  return { ties: report.ties && totals.length === 0, movements: movements.length, differences };
}

const say = (minor: bigint, currency: string) => formatMoney({ minor: toSafeMinor(minor), currency });

function problemWords(problem: BalanceProblem): string {
  switch (problem.kind) {
    case 'not_in_journal':
      return `Stripe moved ${say(problem.netMinor, problem.currency)} (${problem.type}, ${problem.id}) that no entry speaks of.`;
    case 'not_at_stripe':
      return `Entry ${problem.key} moves ${say(problem.amountMinor, problem.currency)} that Stripe did not.`;
    case 'differs':
      return `${problem.id} is ${say(problem.stripeMinor, problem.currency)} at Stripe, ${say(problem.journalMinor, problem.currency)} in the journal.`;
    case 'inconsistent':
      return `Stripe's ${problem.id} does not agree with itself: ${problem.words}.`;
  }
}
