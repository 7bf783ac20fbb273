import type Database from 'better-sqlite3';
import type { Volume } from '../domain/quality/volume.ts';
import type { SourceName } from '../domain/types.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const WEEKS = 8;

/** What each source brings in a day: 24 hours up to what is known, or the last complete company day. */
const MEASURED: Record<SourceName, readonly { of: string; table: string; at: string; byDay: boolean }[]> = {
  stripe: [
    { of: 'payments', table: 'payments', at: 'created_at', byDay: false },
    { of: 'finalized invoices', table: 'invoices', at: 'finalized_at', byDay: false },
  ],
  supabase: [{ of: 'tickets', table: 'tickets', at: 'opened_at', byDay: false }],
  psizero: [
    { of: 'usage rows', table: 'usage_daily', at: 'bucket_start_at', byDay: true },
    { of: 'hours of performance', table: 'performance_hourly', at: 'bucket_start_at', byDay: false },
  ],
};

/** Rows of the last day and of the same weekday before, by source; `throughAt` is how far facts are in. */
export function prepareVolumes(
  sqlite: Database.Database,
): (source: SourceName, throughAt: number) => Volume[] {
  const prepared = Object.entries(MEASURED).map(([source, measures]) => ({
    source,
    measures: measures.map(({ of, table, at, byDay }) => ({
      of,
      byDay,
      first: sqlite.prepare<[], { at: number | null }>(`SELECT MIN(${at}) AS at FROM ${table}`),
      between: sqlite.prepare<[number, number], { n: number }>(
        `SELECT COUNT(*) AS n FROM ${table} WHERE ${at} >= ? AND ${at} < ?`,
      ),
    })),
  }));
  return (source, throughAt) => {
    const measures = prepared.find((entry) => entry.source === source)?.measures ?? [];
    return measures.map(({ of, byDay, first, between }) => {
      const firstAt = first.get()?.at ?? Number.POSITIVE_INFINITY;
      const count = (startAt: number, endAt: number) => between.get(startAt, endAt)?.n ?? 0;
      const rows = (week: number) => {
        const endAt = throughAt - week * 7 * DAY_MS;
        if (!byDay) return count(endAt - DAY_MS, endAt);
        // Rows of a day all begin at its midnight; the day before the running one is complete. The hour around
        // it covers the days on which clocks change.
        const [start, end] = [endAt - 2 * DAY_MS, endAt - DAY_MS];
        return Math.max(count(start - HOUR_MS, end - HOUR_MS), count(start + HOUR_MS, end + HOUR_MS));
      };
      const weeks = Array.from({ length: WEEKS }, (_, index) => index + 1);
      const known = weeks.filter((week) => throughAt - week * 7 * DAY_MS - 3 * DAY_MS >= firstAt);
      return { of, last: rows(0), before: known.map(rows) };
    });
  };
}
