import { UserError } from '../../lib/errors.ts';
import { canonicalJson } from '../approvals/canonical-json.ts';
import { ACCOUNTS, type AccountKey } from './chart.ts';

/** One side of an entry: debits are positive, credits negative, minor units. */
export interface JournalLine {
  account: AccountKey;
  currency: string;
  amountMinor: bigint;
}

export interface JournalEntry {
  /** "payment:ch_1": the same fact always makes the same key, so that it is posted once. */
  key: string;
  at: number;
  words: string;
  customerId: string | null;
  invoiceId: string | null;
  /** Stripe's balance transaction that moved the money; null where none did. */
  balanceTransactionId: string | null;
  lines: readonly JournalLine[];
}

/** Throws `invalid_input`, naming entry, currency and difference, when debits and credits of any currency differ. */
export function assertBalanced(entry: JournalEntry): void {
  const sums = new Map<string, bigint>();
  for (const { currency, amountMinor } of entry.lines) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n) {
      throw new UserError(
        'invalid_input',
        `The entry ${entry.key} does not balance: ${sum} minor units of ${currency} too much.`,
      );
    }
  }
}

/**
 * The journal with more entries. What is there already under the same key and with the same content stays as it is;
 * with another content it is refused (`conflict`): a journal is corrected by further entries. Entries must balance.
 */
export function post(journal: readonly JournalEntry[], entries: readonly JournalEntry[]): JournalEntry[] {
  const known = new Map(journal.map((entry) => [entry.key, entry]));
  const added: JournalEntry[] = [];
  for (const entry of entries) {
    assertBalanced(entry);
    const before = known.get(entry.key);
    if (before && contentOf(before) !== contentOf(entry)) {
      throw new UserError(
        'conflict',
        `The journal has ${entry.key} already, with other amounts.`,
        'Correct it by an entry of its own.',
      );
    }
    if (before) continue;
    known.set(entry.key, entry);
    added.push(entry);
  }
  return [...journal, ...added];
}

function contentOf({ key, at, lines, balanceTransactionId }: JournalEntry): string {
  const plain = lines.map(({ account, currency, amountMinor }) =>
    [account, currency, String(amountMinor)].join(' '),
  );
  return canonicalJson({ key, at, balanceTransactionId, lines: plain.sort() });
}

export interface TrialBalanceRow {
  account: AccountKey;
  currency: string;
  debitMinor: bigint;
  creditMinor: bigint;
  /** Debits minus credits. */
  balanceMinor: bigint;
}

export interface TrialBalance {
  rows: TrialBalanceRow[];
  /** By currency; both sides are equal when `balanced`. */
  totals: { currency: string; debitMinor: bigint; creditMinor: bigint }[];
  balanced: boolean;
}

/** All accounts that were posted to before an instant, in the order of the chart, currency by currency. */
export function trialBalance(journal: readonly JournalEntry[], beforeAt: number): TrialBalance {
  const rows = new Map<string, TrialBalanceRow>();
  const totals = new Map<string, { currency: string; debitMinor: bigint; creditMinor: bigint }>();
  for (const { at, lines } of journal) {
    if (at >= beforeAt) continue;
    for (const { account, currency, amountMinor } of lines) {
      const row = rows.get(`${currency} ${account}`) ?? {
        account,
        currency,
        debitMinor: 0n,
        creditMinor: 0n,
        balanceMinor: 0n,
      };
      const total = totals.get(currency) ?? { currency, debitMinor: 0n, creditMinor: 0n };
      for (const sums of [row, total]) {
        if (amountMinor > 0n) sums.debitMinor += amountMinor;
        else sums.creditMinor -= amountMinor;
      }
      row.balanceMinor += amountMinor;
      rows.set(`${currency} ${account}`, row);
      totals.set(currency, total);
    }
  }
  const order = (row: TrialBalanceRow) => ACCOUNTS.indexOf(row.account);
  return {
    rows: [...rows.values()].sort(
      (one, other) => one.currency.localeCompare(other.currency, 'en') || order(one) - order(other),
    ),
    totals: [...totals.values()].sort((one, other) => one.currency.localeCompare(other.currency, 'en')),
    balanced: [...totals.values()].every(({ debitMinor, creditMinor }) => debitMinor === creditMinor),
  };
}
