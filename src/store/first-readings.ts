import type { FirstReading } from '../domain/first-reading.ts';
import type { SyncPage, SyncResource, SyncTable } from '../domain/sync.ts';
import type { SourceName } from '../domain/types.ts';
import type { Logger } from '../lib/logger.ts';

/** The column that places a row in time, where a table has one. */
const PLACED_BY: Partial<Record<SyncTable, string>> = {
  customers: 'updated_at',
  user_profiles: 'updated_at',
  subscription_versions: 'updated_at',
  subscriptions: 'started_at',
  invoices: 'created_at',
  payments: 'created_at',
  refunds: 'created_at',
  credit_notes: 'created_at',
  tickets: 'updated_at',
  usage_daily: 'bucket_start_at',
  performance_hourly: 'bucket_start_at',
  incidents: 'updated_at',
};

/** A line of progress is written each time so many rows more are in. */
const LOG_EVERY = 5_000;

interface Span {
  rows: number;
  firstAt: number | null;
  lastAt: number | null;
  logged: number;
}

/** Follows the very first reading of each resource page by page. */
export function createFirstReadings(logger: Logger, now: () => number) {
  const underWay = new Map<SyncResource, Span>();

  function of(source: SourceName): FirstReading | null {
    const spans = [...underWay].flatMap(([resource, span]) => (resource.source === source ? [span] : []));
    if (spans.length === 0) return null;
    const rows = spans.reduce((sum, span) => sum + span.rows, 0);
    const largest = spans.reduce((a, b) => (b.rows > a.rows ? b : a));
    const { firstAt, lastAt } = largest;
    const backwards = firstAt !== null && lastAt !== null && lastAt < firstAt;
    const span = firstAt === null || lastAt === null || backwards ? null : now() - firstAt;
    const percent =
      span === null || span <= 0 || firstAt === null || lastAt === null
        ? null
        : Math.min(100, Math.floor((100 * (lastAt - firstAt)) / span));
    return { rows, reachedAt: lastAt, backwards, percent };
  }

  return {
    begin(resource: SyncResource): void {
      underWay.set(resource, { rows: 0, firstAt: null, lastAt: null, logged: 0 });
    },
    note(resource: SyncResource, page: SyncPage): void {
      const span = underWay.get(resource);
      if (span === undefined) return;
      for (const table of resource.tables) {
        const rows: readonly Readonly<Record<string, unknown>>[] = page.rows[table] ?? [];
        span.rows += rows.length;
        const at = rows.at(-1)?.[PLACED_BY[table] ?? ''];
        const firstAt = rows[0]?.[PLACED_BY[table] ?? ''];
        if (typeof firstAt === 'number') span.firstAt ??= firstAt;
        if (typeof at === 'number') span.lastAt = at;
      }
      if (span.rows - span.logged < LOG_EVERY) return;
      span.logged = span.rows;
      const { source, name } = resource;
      logger.info({ source, resource: name, ...of(source) }, 'first reading under way');
    },
    end(resource: SyncResource): void {
      underWay.delete(resource);
    },
    of,
  };
}
