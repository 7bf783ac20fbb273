import { z } from 'zod';
import type { ComparedPage, Malformed, SyncResource, SyncRows, SyncTable } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { fieldsOf } from '../drift.ts';
import { readRows } from '../reading.ts';
import { OutsideError, sayingRefusals } from '../resilience.ts';
import type { ApiPage, PsizeroApi } from './api.ts';
import { customerSchema, fxSchema, incidentSchema, planSchema, readPerformance, readUsage } from './rows.ts';

interface Read {
  rows: SyncRows;
  malformed: readonly Malformed[];
}

const DAY_MS = 24 * 3_600_000;
/** Rates are asked for this far back when there are none yet. */
const FX_HISTORY_DAYS = 1_100;

/** The PsiZero API's collections, each followed by the cursor the API hands out. */
export function psizeroResources(api: PsizeroApi, clock: Clock, tz: string): SyncResource[] {
  return [
    collection(api, clock, {
      name: 'customers',
      path: 'customers',
      limit: 2_000,
      table: 'customers',
      pollMs: 60_000,
      read: (data) => {
        const { rows, malformed } = readRows('customers', customerSchema, data);
        return { rows: { customers: rows }, malformed };
      },
    }),
    collection(api, clock, {
      name: 'usage_metrics',
      path: 'usage_metrics',
      limit: 20_000,
      table: 'usage_daily',
      pollMs: 60_000,
      read: (data) => {
        const { rows, malformed } = readUsage(data);
        return { rows: { usage_daily: rows }, malformed };
      },
    }),
    collection(api, clock, {
      name: 'api_performance',
      path: 'api_performance',
      limit: 5_000,
      table: 'performance_hourly',
      pollMs: 60_000,
      read: (data) => {
        const { rows, malformed } = readPerformance(data);
        return { rows: { performance_hourly: rows }, malformed };
      },
    }),
    collection(api, clock, {
      name: 'incidents',
      path: 'incidents',
      limit: 2_000,
      table: 'incidents',
      pollMs: 60_000,
      read: (data) => {
        const { rows, malformed } = readRows('incidents', incidentSchema, data);
        return { rows: { incidents: rows }, malformed };
      },
    }),
    collection(withoutCatalogue(api), clock, {
      name: 'plans',
      path: 'plans',
      limit: 1_000,
      table: 'plans',
      pollMs: 600_000,
      read: (data) => {
        const { rows, malformed } = readRows('plans', planSchema, data);
        return { rows: { plans: rows }, malformed };
      },
    }),
    exchangeRates(api, clock, tz),
  ].map(sayingRefusals);
}

/** An API from before there was a plan catalogue has none: what its plans include is not known then. */
function withoutCatalogue(api: PsizeroApi): PsizeroApi {
  return {
    page: (path, query, cursor) =>
      api.page(path, query, cursor).catch((error: unknown): ApiPage => {
        if (!(error instanceof OutsideError) || error.status !== 404) throw error;
        return { data: [], nextCursor: null, hasMore: false, dataThroughAt: null };
      }),
  };
}

function collection(
  api: PsizeroApi,
  clock: Clock,
  shape: {
    name: string;
    path: string;
    table: SyncTable;
    pollMs: number;
    /** Rows a page: the API gives fewer where it has a lower limit. */
    limit: number;
    read: (data: readonly unknown[]) => Read;
  },
): SyncResource {
  return {
    source: 'psizero',
    name: shape.name,
    tables: [shape.table],
    refreshMs: 1_000,
    pollMs: shape.pollMs,
    async read(stored, sink) {
      const query = { limit: String(shape.limit) };
      let cursor = stored;
      let upcoming = timed(clock, () => api.page(shape.path, query, cursor));
      for (;;) {
        const { startedAt, page } = await upcoming;
        cursor = page.nextCursor ?? cursor;
        const more = page.hasMore && page.nextCursor !== null;
        // The next page is under way while this one is stored.
        if (more) upcoming = timed(clock, () => api.page(shape.path, query, cursor));
        upcoming.catch(() => undefined);
        sink({
          ...shape.read(page.data),
          fields: { [shape.name]: fieldsOf(page.data) },
          cursor,
          dataThroughAt: more ? null : (page.dataThroughAt ?? startedAt),
        });
        if (!more) return;
      }
    },
    async compare(fromAt, hold) {
      const query: Record<string, string> = { limit: String(shape.limit) };
      if (fromAt > 0) query.updated_since = new Date(fromAt).toISOString();
      let cursor: string | null = null;
      for (;;) {
        const page: ApiPage = await api.page(shape.path, query, cursor);
        await hold({ ...shape.read(page.data), fields: { [shape.name]: fieldsOf(page.data) } });
        if (!page.hasMore || page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      return [{ table: shape.table, fromAt }];
    },
  };
}

async function timed<T>(clock: Clock, fetchPage: () => Promise<T>): Promise<{ startedAt: number; page: T }> {
  const startedAt = clock.now();
  return { startedAt, page: await fetchPage() };
}

const dayCursor = z.iso.date();

/** A published rate does not change: the cursor is the last day there is a rate of. */
function exchangeRates(api: PsizeroApi, clock: Clock, tz: string): SyncResource {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: tz, dateStyle: 'short' });
  return {
    source: 'psizero',
    name: 'fx_rates',
    tables: ['fx_rates'],
    refreshMs: 1_000,
    pollMs: 3_600_000,
    async read(stored, sink) {
      const now = clock.now();
      const today = dayOf.format(now);
      const known = dayCursor.safeParse(stored);
      const from = known.success ? known.data : dayOf.format(now - FX_HISTORY_DAYS * DAY_MS);
      let lastDay = known.success ? known.data : null;
      if (lastDay === today) return sink({ rows: {}, malformed: [], cursor: today, dataThroughAt: now });
      let cursor: string | null = null;
      for (;;) {
        const page: ApiPage = await api.page('fx_rates', { from_day: from, to_day: today }, cursor);
        const { rows, malformed } = readRows('fx_rates', fxSchema, page.data);
        for (const row of rows) if (lastDay === null || row.day > lastDay) lastDay = row.day;
        const more = page.hasMore && page.nextCursor !== null;
        sink({
          rows: { fx_rates: rows },
          malformed,
          cursor: more ? stored : lastDay,
          dataThroughAt: more ? null : now,
        });
        if (!more) return;
        cursor = page.nextCursor;
      }
    },
    async compare(fromAt, hold) {
      const days = {
        from_day: dayOf.format(Math.max(fromAt, clock.now() - FX_HISTORY_DAYS * DAY_MS)),
        to_day: dayOf.format(clock.now()),
      };
      let cursor: string | null = null;
      for (;;) {
        const page: ApiPage = await api.page('fx_rates', days, cursor);
        const { rows, malformed } = readRows('fx_rates', fxSchema, page.data);
        const held: ComparedPage = { rows: { fx_rates: rows }, malformed };
        await hold({ ...held, fields: { fx_rates: fieldsOf(page.data) } });
        if (!page.hasMore || page.nextCursor === null) return [];
        cursor = page.nextCursor;
      }
    },
  };
}
