import { sql } from 'kysely';
import type { CustomerFact, FactFilter, MetricFacts, SignupFact } from '../domain/metrics/facts.ts';
import { DEFAULT_SETTINGS, type MetricSettings } from '../domain/mrr/setting.ts';
import type { Period } from '../domain/types.ts';
import { BY_CUSTOMER, type CustomerRow, customerOf, matching, OF_CUSTOMER, within } from './fact-filters.ts';
import { moneyFacts } from './money-facts.ts';
import type { Store } from './open-store.ts';
import { platformFacts } from './platform-facts.ts';

type Db = Store['db'];

/** Reads what the metric engine asks for. Plain SQL that every engine understands. */
export function createMetricFacts(
  { db }: Pick<Store, 'db'>,
  settings: () => MetricSettings = () => DEFAULT_SETTINGS,
): MetricFacts {
  return {
    settings,
    ...moneyFacts(db),
    ...platformFacts(db),
    signupsIn: (period, filter) => signups(db, period, filter),
    ticketsOpenAt: (at, filter) => openTickets(db, at, filter),
    fxRates: async ({ fromDay, toDay }) => {
      const { rows } = await sql<{ day: string; currency: string; rate: string }>`
        SELECT day, upper(currency) AS currency, rate FROM fx_rates
        WHERE day >= ${fromDay} AND day <= ${toDay}`.execute(db);
      return rows;
    },
  };
}

async function signups(db: Db, period: Period, filter: FactFilter): Promise<SignupFact[]> {
  const narrowed = matching(filter, { customer: 'c.id', ...BY_CUSTOMER });
  const { rows } = await sql<CustomerRow & { signed_up_at: number }>`
    SELECT c.id AS customer_id, ${OF_CUSTOMER}, c.currency, c.signed_up_at FROM customers c
    WHERE ${within('c.signed_up_at', period)} AND ${narrowed}`.execute(db);
  return rows.map((row) => ({ ...customerOf(row), signedUpAt: row.signed_up_at }));
}

async function openTickets(db: Db, at: number, filter: FactFilter): Promise<CustomerFact[]> {
  const narrowed = matching(filter, { customer: 't.customer_id', ...BY_CUSTOMER });
  const { rows } = await sql<CustomerRow>`
    SELECT t.customer_id, ${OF_CUSTOMER}, c.currency
    FROM tickets t LEFT JOIN customers c ON c.id = t.customer_id
    WHERE t.opened_at <= ${at} AND (t.closed_at IS NULL OR t.closed_at > ${at}) AND ${narrowed}`.execute(db);
  return rows.map(customerOf);
}
