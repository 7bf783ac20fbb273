import { sql } from 'kysely';
import type { FactFilter, MetricFacts, SignupFact } from '../domain/metrics/facts.ts';
import { DEFAULT_SETTINGS, type MetricSettings } from '../domain/mrr/setting.ts';
import type { Period } from '../domain/types.ts';
import { BY_CUSTOMER, type CustomerRow, customerOf, matching, OF_CUSTOMER, within } from './fact-filters.ts';
import { moneyFacts } from './money-facts.ts';
import type { Store } from './open-store.ts';
import { planCatalogue } from './plan-catalogue.ts';
import { platformFacts } from './platform-facts.ts';
import { psiFacts } from './psi-facts.ts';
import { supportFacts } from './support-facts.ts';

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
    ...supportFacts(db),
    ...psiFacts(db),
    planCatalogue: () => planCatalogue(db),
    signupsIn: (period, filter) => signups(db, period, filter),
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
