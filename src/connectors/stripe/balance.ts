import type Stripe from 'stripe';
import { z } from 'zod';
import type { Malformed, SyncPage, SyncResource, SyncRow } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { fieldsOf, malformedRow } from '../drift.ts';
import { sayingRefusals } from '../resilience.ts';
import { isoMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { wholeSecond } from './events.ts';
import { PAGE, readable } from './lists.ts';
import { balanceSchema, balanceTransactionSchema, type StripeBalanceTransaction } from './objects.ts';

const HOUR_MS = 3_600_000;
/** Movements that come while the balance is read: so often it is read again before its amount is left open. */
const TRIES = 4;

/** Everything made from `fromAt` on is still to be read, down to `after` (null: from the newest). */
const cursorSchema = z.object({ fromAt: z.number(), after: z.string().nullable(), newestAt: z.number() });
type Cursor = z.output<typeof cursorSchema>;

interface Movements {
  rows: SyncRow['balance_transactions'][];
  malformed: Malformed[];
  fields: readonly string[];
  /** Null on the last page. */
  lastId: string | null;
}

/**
 * Stripe's balance and the movements behind it. Answers are not made from it: it is read for the checks that hold
 * invoices, payments and refunds against it. A movement never changes, so only what is new is read.
 */
export function stripeBalance(connection: StripeConnection, clock: Clock): SyncResource {
  const { client, call } = connection;

  async function page(fromAt: number, after: string | null): Promise<Movements> {
    const { data, has_more } = await call(async () =>
      readable(
        await client.balanceTransactions.list({
          limit: PAGE,
          ...(fromAt > 0 ? { created: { gte: Math.floor(fromAt / 1000) } } : {}),
          ...(after === null ? {} : { starting_after: after }),
        }),
      ),
    );
    const rows: SyncRow['balance_transactions'][] = [];
    const malformed = data.flatMap((object) => addMovement(rows, object) ?? []);
    return { rows, malformed, fields: fieldsOf(data), lastId: has_more ? (data.at(-1)?.id ?? null) : null };
  }

  /** Reads down to where the cursor ends; each page moves it, so that a crash costs one page. */
  async function catchUp(cursor: Cursor, sink: (page: SyncPage) => void): Promise<number> {
    let found = 0;
    for (;;) {
      const { rows, malformed, fields, lastId } = await page(cursor.fromAt, cursor.after);
      found += rows.filter(({ created_at }) => created_at > cursor.newestAt).length;
      for (const { created_at } of rows) cursor.newestAt = Math.max(cursor.newestAt, created_at);
      cursor.after = lastId;
      // The newest second may not be complete yet: it is read again next time.
      if (lastId === null) cursor.fromAt = Math.max(0, cursor.newestAt - HOUR_MS);
      sink({
        rows: { balance_transactions: rows },
        malformed,
        fields: { balance_transaction: fields },
        cursor: JSON.stringify(cursor),
        dataThroughAt: null,
      });
      if (lastId === null) return found;
    }
  }

  return sayingRefusals({
    source: 'stripe',
    name: 'balance',
    tables: ['balance_transactions', 'balances'],
    refreshMs: 1_000,
    pollMs: 15 * 60_000,
    forChecksOnly: true,
    async read(stored, sink) {
      const cursor = parseCursor(stored);
      await catchUp(cursor, sink);
      for (let left = TRIES; left > 0; left -= 1) {
        const seenAt = wholeSecond(clock.now());
        const balance = await call(() => client.balance.retrieve());
        // What came meanwhile may be in the balance or not: only a quiet moment tells.
        const quiet = (await catchUp(cursor, sink)) === 0;
        if (!quiet && left > 1) continue;
        const { rows, malformed } = balanceRows(balance, seenAt, quiet);
        sink({ rows: { balances: rows }, malformed, cursor: JSON.stringify(cursor), dataThroughAt: seenAt });
        return;
      }
    },
    async compare(fromAt, hold) {
      for (let after: string | null = null; ; ) {
        const { rows, malformed, lastId }: Movements = await page(fromAt, after);
        await hold({ rows: { balance_transactions: rows }, malformed });
        if (lastId === null) return [{ table: 'balance_transactions', fromAt }];
        after = lastId;
      }
    },
  });
}

/** A cursor that cannot be read costs a reading of everything, nothing else. */
function parseCursor(stored: string | null): Cursor {
  const start: Cursor = { fromAt: 0, after: null, newestAt: 0 };
  if (stored === null) return start;
  try {
    return cursorSchema.parse(JSON.parse(stored));
  } catch {
    return start;
  }
}

function addMovement(rows: SyncRow['balance_transactions'][], object: unknown): Malformed | null {
  const parsed = balanceTransactionSchema.safeParse(object);
  if (!parsed.success) return malformedRow('balance_transaction', object, parsed.error);
  rows.push(movementRow(parsed.data));
  return null;
}

function movementRow(movement: StripeBalanceTransaction): SyncRow['balance_transactions'] {
  const { id, source, reporting_category, currency, exchange_rate, amount, fee, net, created } = movement;
  return {
    id,
    source_id: source ?? null,
    category: reporting_category,
    currency,
    converted: exchange_rate == null ? 0 : 1,
    amount_minor: isoMinor(amount, currency),
    fee_minor: isoMinor(fee, currency),
    net_minor: isoMinor(net, currency),
    created_at: created * 1000,
  };
}

function balanceRows(
  balance: Stripe.Balance,
  seenAt: number,
  quiet: boolean,
): { rows: SyncRow['balances'][]; malformed: Malformed[] } {
  const parsed = balanceSchema.safeParse(balance);
  if (!parsed.success) return { rows: [], malformed: [malformedRow('balance', balance, parsed.error)] };
  const sums = new Map<string, number>();
  for (const { amount, currency } of [
    ...parsed.data.available,
    ...parsed.data.pending,
    ...(parsed.data.connect_reserved ?? []),
  ])
    sums.set(currency, (sums.get(currency) ?? 0) + isoMinor(amount, currency));
  const rows = [...sums].map(([currency, sum]) => ({
    currency,
    amount_minor: quiet ? sum : null,
    seen_at: seenAt,
  }));
  return { rows, malformed: [] };
}
