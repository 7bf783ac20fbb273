import type { UsageSource } from '../../domain/billing/run/billing-desk.ts';
import { SystemError } from '../../lib/errors.ts';
import { readRows } from '../reading.ts';
import type { ApiPage, PsizeroApi } from './api.ts';
import { planSchema, readUsage } from './rows.ts';

const PAGE = '20000';

/**
 * What PsiZero itself says now, read past the store for a second computation.
 * Throws SystemError `source_malformed` when any row cannot be read: a sum without it would prove nothing.
 */
export function createUsageSource(api: PsizeroApi): UsageSource {
  async function all(path: string, query: Record<string, string>, each: (page: ApiPage) => void) {
    let cursor: string | null = null;
    for (;;) {
      const page = await api.page(path, query, cursor);
      each(page);
      if (!page.hasMore || page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }
  return {
    async callsByDay(startAt, endAt) {
      // A day's row is never changed before its day has begun.
      const query = { limit: PAGE, updated_since: new Date(startAt).toISOString() };
      const latest = new Map<string, { customerId: string; dayAt: number; calls: number }>();
      await all('usage_metrics', query, ({ data }) => {
        const { rows, malformed } = readUsage(data);
        if (malformed.length > 0)
          throw new SystemError('source_malformed', `${malformed.length} rows of usage cannot be read`);
        for (const row of rows) {
          if (row.bucket_start_at < startAt || row.bucket_start_at >= endAt) continue;
          const key = `${row.customer_id} ${row.bucket_start_at} ${row.category}`;
          latest.set(key, { customerId: row.customer_id, dayAt: row.bucket_start_at, calls: row.calls });
        }
      });
      const days = new Map<string, Map<number, number>>();
      for (const { customerId, dayAt, calls } of latest.values()) {
        const own = days.get(customerId) ?? new Map<number, number>();
        days.set(customerId, own.set(dayAt, (own.get(dayAt) ?? 0) + calls));
      }
      return days;
    },
    async plans() {
      const found: Awaited<ReturnType<UsageSource['plans']>> = [];
      await all('plans', { limit: '1000' }, ({ data }) => {
        const { rows, malformed } = readRows('plans', planSchema, data);
        if (malformed.length > 0)
          throw new SystemError('source_malformed', `${malformed.length} plans cannot be read`);
        for (const row of rows)
          found.push({
            plan: row.id,
            includedCalls: row.included_calls,
            overagePrices: JSON.parse(row.overage_prices),
          });
      });
      return found;
    },
  };
}
