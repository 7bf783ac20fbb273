import { describeInstant } from './periods/describe-period.ts';
import type { SourceName } from './types.ts';

/** What a complete comparison of a source with the store found, and mended. */
export interface SweepReport {
  source: SourceName;
  startedAt: number;
  endedAt: number;
  /** Rows of this instant and later were compared; small tables whole. */
  fromAt: number;
  tables: readonly SweptTable[];
  /** Why it was not finished, in a sentence without a full stop; what was found until then is mended. */
  error: string | null;
}

export interface SweptTable {
  /** The store's name of it. */
  table: string;
  compared: number;
  /** In the source and not here. */
  missing: number;
  /** Here, but not as the source has it. */
  stale: number;
  /** Here, but no longer in the source. */
  surplus: number;
}

const SOURCE_WORDS: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'PsiZero',
};

const ROW_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  usage_daily: ['usage day', 'usage days'],
  performance_hourly: ['hour of performance', 'hours of performance'],
  fx_rates: ['exchange rate', 'exchange rates'],
  subscription_versions: ['subscription version', 'subscription versions'],
};

/** "2 payments", "1 invoice". */
export function countOfRows(count: number, table: string): string {
  const plain = table.replaceAll('_', ' ');
  const [one, many] = ROW_WORDS[table] ?? [plain.replace(/s$/, ''), plain];
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** "Stripe: 2 payments were missing and 1 invoice was out of date; mended Nov 22, 2026, 03:12 PST." */
export function describeSweep(report: SweepReport, tz: string): string {
  const name = SOURCE_WORDS[report.source];
  const when = describeInstant(report.endedAt, tz);
  const found = differences(report);
  const compared = report.tables.reduce((sum, table) => sum + table.compared, 0);
  const mended =
    found.length === 0 ? '' : `${listed(found)}; mended ${when}.${report.error === null ? '' : ' '}`;
  if (report.error !== null)
    return `${name}: ${mended}The comparison of ${when} was not finished: ${report.error}.`;
  return found.length > 0
    ? `${name}: ${mended}`
    : `${name}: ${compared.toLocaleString('en-US')} rows compared ${when}; nothing was missing or out of date.`;
}

/** How many rows a comparison had to mend. */
export function mendedIn(report: SweepReport): number {
  return report.tables.reduce((sum, { missing, stale, surplus }) => sum + missing + stale + surplus, 0);
}

function differences({ tables }: SweepReport): string[] {
  const was = (count: number) => (count === 1 ? 'was' : 'were');
  return tables.flatMap(({ table, missing, stale, surplus }) => [
    ...(missing > 0 ? [`${countOfRows(missing, table)} ${was(missing)} missing`] : []),
    ...(stale > 0 ? [`${countOfRows(stale, table)} ${was(stale)} out of date`] : []),
    ...(surplus > 0 ? [`${countOfRows(surplus, table)} ${was(surplus)} no longer there`] : []),
  ]);
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
