import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { PlatformHealth } from '../domain/alerts/error-spike.ts';
import type { PaymentFailure, PaymentFailures } from '../domain/alerts/payment-failed.ts';
import { type CustomerUsage, USAGE_DAYS, type UsageHistory } from '../domain/alerts/usage-drop.ts';
import { dateAt, startOfDayAt } from '../domain/periods/calendar.ts';
import type { Store } from './open-store.ts';

/** What the detectors look at, read from the store. */
export interface AlertFacts {
  /** Customers with a failed payment since `sinceAt`, and those named, with all their failures since then. */
  paymentFailures(sinceAt: number, alsoOf: readonly string[]): Promise<PaymentFailures[]>;
  /** The complete company days before `nowAt`. Days once read are remembered, since they hardly change. */
  usage(nowAt: number): Promise<UsageHistory>;
  health(sinceAt: number): Promise<PlatformHealth>;
}

/** A day may be corrected for this long after it ended. */
const REREAD_DAYS = 3;
const MAX_NAMED = 500;

export function createAlertFacts(store: Pick<Store, 'db'>, tz: string): AlertFacts {
  const { db } = store;
  const remembered = new Map<number, Map<string, number>>();

  async function callsOf(startAt: number): Promise<Map<string, number>> {
    const { rows } = await sql<{ customer_id: string; calls: number }>`
      SELECT customer_id, SUM(calls) AS calls FROM usage_daily
      WHERE bucket_start_at = ${startAt} GROUP BY customer_id`.execute(db);
    return new Map(rows.map((row) => [row.customer_id, row.calls]));
  }

  async function dailyCalls(days: readonly number[]): Promise<Map<string, number>[]> {
    const calls: Map<string, number>[] = [];
    for (const [index, startAt] of days.entries()) {
      const known = index < days.length - REREAD_DAYS ? remembered.get(startAt) : undefined;
      const day = known ?? (await callsOf(startAt));
      remembered.set(startAt, day);
      calls.push(day);
      // Sixty days read in one go would keep people waiting.
      if (!known) await setImmediate();
    }
    for (const startAt of remembered.keys()) if (startAt < (days[0] ?? 0)) remembered.delete(startAt);
    return calls;
  }

  return {
    paymentFailures: (sinceAt, alsoOf) => paymentFailures(db, sinceAt, alsoOf),
    async usage(nowAt) {
      const days = completeDays(nowAt, tz);
      const calls = await dailyCalls(days);
      const from = days[0] ?? nowAt;
      const incidents = await db
        .selectFrom('incidents')
        .select(['started_at', 'ended_at'])
        .where('severity', 'in', ['major', 'critical'])
        .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '>', from)]))
        .execute();
      const endOf = (index: number) => days[index + 1] ?? startOfDayAt(dateAt(nowAt, tz), tz);
      const troubled = days.flatMap((startAt, index) =>
        incidents.some(
          (one) => one.started_at < endOf(index) && (one.ended_at === null || one.ended_at > startAt),
        )
          ? [index]
          : [],
      );
      const { rows } = await sql<{ id: string; name: string; live: number }>`
        SELECT c.id, c.name, EXISTS (SELECT 1 FROM subscriptions s WHERE s.customer_id = c.id
          AND s.ended_at IS NULL AND s.status IN ('active', 'past_due', 'trialing')) AS live
        FROM customers c ORDER BY c.id`.execute(db);
      const customers = rows.map(
        ({ id, name, live }): CustomerUsage => ({
          ...{ id, name },
          live: live === 1,
          calls: calls.map((day) => day.get(id) ?? 0),
        }),
      );
      return { days, troubled: new Set(troubled), customers };
    },
    async health(sinceAt) {
      const hours = await db
        .selectFrom('performance_hourly')
        .select(['bucket_start_at as startAt', 'calls', 'errors_5xx as errors5xx'])
        .where('bucket_start_at', '>=', sinceAt)
        .orderBy('bucket_start_at')
        .execute();
      const incidents = await db
        .selectFrom('incidents')
        .select(['id', 'title', 'severity', 'started_at as startedAt', 'ended_at as endedAt'])
        .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '>=', sinceAt)]))
        .orderBy('started_at')
        .execute();
      return { hours, incidents };
    },
  };
}

function completeDays(nowAt: number, tz: string): number[] {
  const today = dateAt(nowAt, tz);
  return Array.from({ length: USAGE_DAYS }, (_, index) =>
    startOfDayAt(today.subtract({ days: USAGE_DAYS - index }), tz),
  );
}

interface FailureRow {
  id: string;
  customer_id: string;
  customer_name: string | null;
  at: number;
  amount_minor: number;
  currency: string;
  decline_code: string | null;
  invoice_id: string | null;
  number: string | null;
  status: string | null;
  remaining_minor: number | null;
  invoice_currency: string | null;
  due_at: number | null;
}

async function paymentFailures(
  db: Store['db'],
  sinceAt: number,
  alsoOf: readonly string[],
): Promise<PaymentFailures[]> {
  const { rows } = await sql<FailureRow>`
    SELECT p.id, p.customer_id, c.name AS customer_name, p.created_at AS at, p.amount_minor, p.currency,
      p.decline_code, i.id AS invoice_id, i.number, i.status, i.amount_remaining_minor AS remaining_minor,
      i.currency AS invoice_currency, i.due_at
    FROM payments p
    LEFT JOIN customers c ON c.id = p.customer_id
    LEFT JOIN invoice_payments l ON l.payment_intent_id = p.payment_intent_id
    LEFT JOIN invoices i ON i.id = COALESCE(p.invoice_id, l.invoice_id)
    WHERE p.status = 'failed' AND p.created_at >= ${sinceAt} ORDER BY p.created_at, p.id`.execute(db);
  const byCustomer = new Map<string, FailureRow[]>();
  for (const row of rows) byCustomer.set(row.customer_id, [...(byCustomer.get(row.customer_id) ?? []), row]);
  const forgotten = alsoOf.filter((id) => !byCustomer.has(id)).slice(0, MAX_NAMED);
  return [
    ...[...byCustomer].map(([id, failures]) => ({
      customer: { id, name: failures[0]?.customer_name ?? id },
      failures: failures.map(toFailure),
    })),
    // Every failure lies too far back to be spoken of.
    ...forgotten.map((id) => ({ customer: { id, name: id }, failures: [] })),
  ];
}

function toFailure(row: FailureRow): PaymentFailure {
  return {
    id: row.id,
    at: row.at,
    amount: { minor: row.amount_minor, currency: row.currency.toUpperCase() },
    declineCode: row.decline_code,
    invoice:
      row.invoice_id === null
        ? null
        : {
            id: row.invoice_id,
            number: row.number,
            status: row.status ?? 'open',
            remaining: {
              minor: row.remaining_minor ?? 0,
              currency: (row.invoice_currency ?? row.currency).toUpperCase(),
            },
            dueAt: row.due_at,
          },
  };
}
