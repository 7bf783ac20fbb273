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

/** Entries held against what is posted: `fresh` are to be added, `changed` are there with another content. */
export interface Unposted {
  fresh: JournalEntry[];
  changed: JournalEntry[];
}

/**
 * What of these entries a journal does not have yet. `known` gives the content of what it has, by key. Of several with
 * one key the first counts. Throws `invalid_input` for an entry that does not balance.
 */
export function unposted(known: ReadonlyMap<string, string>, entries: readonly JournalEntry[]): Unposted {
  const contents = new Map(known);
  const found: Unposted = { fresh: [], changed: [] };
  for (const entry of entries) {
    assertBalanced(entry);
    const content = contentOf(entry);
    const before = contents.get(entry.key);
    if (before === undefined) {
      contents.set(entry.key, content);
      found.fresh.push(entry);
    } else if (before !== content) found.changed.push(entry);
  }
  return found;
}

/**
 * The journal with more entries. What is there already under the same key and with the same content stays as it is;
 * with another content it is refused (`conflict`): a journal is corrected by further entries. Entries must balance.
 */
export function post(journal: readonly JournalEntry[], entries: readonly JournalEntry[]): JournalEntry[] {
  const { fresh, changed } = unposted(
    new Map(journal.map((entry) => [entry.key, contentOf(entry)])),
    entries,
  );
  const [first] = changed;
  if (first) {
    throw new UserError(
      'conflict',
      `The journal has ${first.key} already, with other amounts.`,
      'Correct it by an entry of its own.',
    );
  }
  return [...journal, ...fresh];
}

/** Everything of an entry that must never change, as one text: two of one key are the same exactly when these are. */
export function contentOf({ key, at, lines, balanceTransactionId }: JournalEntry): string {
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
