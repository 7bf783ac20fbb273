import { sql } from 'kysely';
import type { Store } from './open-store.ts';

/** Approvals whose cards may still change. */
const LIVE_APPROVALS = ['pending', 'approved', 'applying', 'unknown'];

/** Deletes deliveries from Slack that were dealt with before an instant. Answers how many. */
export async function pruneInbox(store: Pick<Store, 'db'>, beforeAt: number): Promise<number> {
  const result = await store.db.deleteFrom('inbox').where('done_at', '<', beforeAt).executeTakeFirst();
  return Number(result.numDeletedRows);
}

/**
 * Deletes what is known of messages last written before an instant, but not of those that stand for an approval
 * that is still alive, or a batch with one: without its delivery a card would be posted anew. Answers how many.
 */
export async function pruneDeliveries(store: Pick<Store, 'db'>, beforeAt: number): Promise<number> {
  const result = await store.db
    .deleteFrom('deliveries')
    .where('at', '<', beforeAt)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('approvals')
            .select('id')
            .where('state', 'in', LIVE_APPROVALS)
            .where(
              sql<boolean>`(deliveries.delivery_key LIKE '%:' || approvals.id || '%'
                OR deliveries.delivery_key LIKE '%:' || approvals.batch_id || '%')`,
            ),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Deletes reports that were stopped, and what models were used for, before an instant. Answers how many rows. */
export async function pruneReportsAndUse(
  store: Pick<Store, 'db'>,
  before: { reportsAt: number; useAt: number },
): Promise<number> {
  const reports = await store.db
    .deleteFrom('reports')
    .where('ended_at', '<', before.reportsAt)
    .executeTakeFirst();
  const use = await store.db.deleteFrom('model_usage').where('at', '<', before.useAt).executeTakeFirst();
  return Number(reports.numDeletedRows) + Number(use.numDeletedRows);
}
