import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { BooksDesk, StatementLine } from '../domain/books/books-desk.ts';
import { crossRates } from '../domain/books/cross-rates.ts';
import { DEFAULT_MATCH_SETTINGS } from '../domain/books/match-settings.ts';
import type { IncomingPayment } from '../domain/books/payment-evidence.ts';
import { isPayoutLine, type Payout } from '../domain/books/payout-lines.ts';
import { toSafeMinor } from '../domain/money/arithmetic.ts';
import type { Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';

type BankDesk = Pick<BooksDesk, 'importLines' | 'openLines' | 'openInvoices' | 'matchSettings' | 'confirm'>;

interface LineRow {
  id: string;
  at: number;
  amount_minor: number;
  currency: string;
  reference: string;
  payer: string | null;
}

/** Bank lines, what they were matched to, and what there is to match them to. */
export function createBankLines(store: Store, clock: Clock, companyCurrency: string): BankDesk {
  const { sqlite } = store;
  const latestRates = sqlite.prepare<[], { currency: string; rate: string }>(
    'SELECT currency, rate FROM fx_rates WHERE day = (SELECT MAX(day) FROM fx_rates)',
  );
  const insertLine = sqlite.prepare(
    `INSERT INTO bank_lines (id, at, amount_minor, currency, reference, payer, digest, file, imported_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING`,
  );
  const open = sqlite.prepare<[], LineRow>(
    `SELECT * FROM bank_lines l WHERE amount_minor > 0
       AND NOT EXISTS (SELECT 1 FROM payment_matches m WHERE m.line_id = l.id) ORDER BY at, id`,
  );
  const payouts = sqlite.prepare<[], { created_at: number; amount_minor: number; currency: string }>(
    "SELECT created_at, amount_minor, currency FROM balance_transactions WHERE category = 'payout'",
  );
  const invoices = sqlite.prepare<
    [],
    {
      id: string;
      number: string | null;
      customer_id: string;
      name: string | null;
      currency: string;
      amount_remaining_minor: number;
      matched: number;
      finalized_at: number;
      due_at: number | null;
    }
  >(
    `SELECT i.id, COALESCE(n.number, i.number) AS number, i.customer_id, c.name, i.currency, i.amount_remaining_minor,
       COALESCE((SELECT SUM(allocated_minor) FROM payment_matches m WHERE m.invoice_id = i.id), 0) AS matched,
       i.finalized_at, i.due_at
     FROM invoices i LEFT JOIN customers c ON c.id = i.customer_id
     LEFT JOIN run_invoices r ON r.stripe_invoice_id = i.id LEFT JOIN invoice_numbers n ON n.run_invoice_id = r.id
     WHERE i.status IN ('open', 'uncollectible') AND i.finalized_at IS NOT NULL AND i.amount_remaining_minor > 0
     ORDER BY i.id`,
  );
  const isMatched = sqlite.prepare<[string], { line_id: string }>(
    'SELECT line_id FROM payment_matches WHERE line_id = ? LIMIT 1',
  );
  const insertMatch = sqlite.prepare(
    `INSERT INTO payment_matches (line_id, invoice_id, customer_id, kind, allocated_minor, currency, received_minor,
       received_currency, surplus_minor, matched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );

  return {
    matchSettings: async () => ({
      ...DEFAULT_MATCH_SETTINGS,
      rates: crossRates(latestRates.all(), companyCurrency),
    }),
    importLines: (lines, file) =>
      ledgerTransaction(store, () => {
        const seen = new Map<string, number>();
        let added = 0;
        for (const line of lines) {
          const words = contentOf(line);
          // Two payments of one day may be alike in everything: the second is the second of its file.
          const nth = seen.get(words) ?? 0;
          seen.set(words, nth + 1);
          const digest = createHash('sha256').update(`${words} ${nth}`).digest('hex');
          const { at, amountMinor, currency, reference, payer } = line;
          added += insertLine.run(
            ...[
              newId('bl'),
              at,
              toSafeMinor(amountMinor),
              currency,
              reference,
              payer,
              digest,
              file,
              clock.now(),
            ],
          ).changes;
        }
        return { added, known: lines.length - added };
      }),
    openLines: async () => {
      const paidOut: Payout[] = payouts.all().map((row) => ({
        ...{ at: row.created_at, amountMinor: BigInt(-row.amount_minor), currency: row.currency },
      }));
      return open
        .all()
        .map(lineOf)
        .filter((line) => !isPayoutLine(line, paidOut));
    },
    openInvoices: async () =>
      invoices.all().flatMap((row) => {
        const remainingMinor = BigInt(row.amount_remaining_minor - row.matched);
        if (remainingMinor <= 0n) return [];
        return [
          {
            id: row.id,
            number: row.number ?? row.id,
            customerId: row.customer_id,
            customerName: row.name ?? row.customer_id,
            currency: row.currency,
            remainingMinor,
            issuedAt: row.finalized_at,
            dueAt: row.due_at ?? row.finalized_at,
          },
        ];
      }),
    confirm: ({ lineId, kind, parts, surplusMinor }) =>
      ledgerTransaction(store, () => {
        if (isMatched.get(lineId)) return;
        parts.forEach(({ invoiceId, customerId, allocated, received }, index) => {
          insertMatch.run(
            ...[lineId, invoiceId, customerId, kind, allocated.minor, allocated.currency],
            ...[received.minor, received.currency, index === 0 ? surplusMinor : 0, clock.now()],
          );
        });
      }),
  };
}

function contentOf({ bankId, ...line }: StatementLine): string {
  if (bankId !== null) return `id ${bankId}`;
  return canonicalJson({ ...line, amountMinor: String(line.amountMinor) });
}

function lineOf(row: LineRow): IncomingPayment {
  return {
    id: row.id,
    at: row.at,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    reference: row.reference,
    payer: row.payer,
    customerId: null,
  };
}
