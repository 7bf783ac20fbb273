import { z } from 'zod';
import type { PlanFact } from '../domain/metrics/facts.ts';
import { SystemError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';

const pricesSchema = z.record(z.string(), z.int().nonnegative());

/** What each plan includes, as last read. Throws SystemError when stored prices cannot be read. */
export async function planCatalogue(db: Store['db']): Promise<PlanFact[]> {
  const rows = await db
    .selectFrom('plans')
    .select(['id', 'included_calls', 'overage_prices'])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    plan: row.id,
    includedCalls: row.included_calls,
    overagePrices: pricesOf(row.id, row.overage_prices),
  }));
}

function pricesOf(plan: string, stored: string): PlanFact['overagePrices'] {
  try {
    return pricesSchema.parse(JSON.parse(stored));
  } catch (cause) {
    throw new SystemError('source_malformed', `The overage prices of ${plan} are not amounts by currency.`, {
      cause,
    });
  }
}
