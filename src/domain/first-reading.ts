import type { SourceName } from './types.ts';

/** How far the very first reading of a source has come. */
export interface FirstReading {
  rows: number;
  /** The instant the newest rows so far are of; older first, or newer first where `backwards`. Null: not known. */
  reachedAt: number | null;
  backwards: boolean;
  /** Of the time span, where it is read from the oldest on; null where the end is not known. */
  percent: number | null;
}

const SOURCE_WORDS: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'PsiZero',
};

/** "Reading Stripe for the first time: 12,400 rows, back to Mar 2025." */
export function describeFirstReading(source: SourceName, reading: FirstReading, tz: string): string {
  const { rows, reachedAt, backwards, percent } = reading;
  const month =
    reachedAt === null
      ? ''
      : `, ${backwards ? 'back to' : 'through'} ${new Intl.DateTimeFormat('en-US', {
          month: 'short',
          year: 'numeric',
          timeZone: tz,
        }).format(reachedAt)}`;
  const share = percent === null ? '' : ` (${percent}%)`;
  return `Reading ${SOURCE_WORDS[source]} for the first time: ${rows.toLocaleString('en-US')} rows${month}${share}.`;
}
