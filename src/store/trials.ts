import type { Store } from './open-store.ts';

/** Trials that end between two instants, the soonest first. */
export async function trialsEnding(
  store: Pick<Store, 'db'>,
  between: { fromAt: number; toAt: number; limit: number },
): Promise<{ customerId: string; endsAt: number }[]> {
  const rows = await store.db
    .selectFrom('subscriptions')
    .select(['customer_id', 'trial_end_at'])
    .where('status', '=', 'trialing')
    .where('ended_at', 'is', null)
    .where('trial_end_at', '>=', between.fromAt)
    .where('trial_end_at', '<', between.toAt)
    .orderBy('trial_end_at')
    .limit(between.limit)
    .execute();
  return rows.map((row) => ({ customerId: row.customer_id, endsAt: row.trial_end_at ?? between.toAt }));
}
