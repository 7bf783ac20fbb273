import type { SourceName } from '../types.ts';

export const QUALITY_CHECKS = [
  'freshness',
  'volume',
  'nulls',
  'duplicates',
  'references',
  'reconciliation',
  'schema',
] as const;
export type QualityCheckName = (typeof QUALITY_CHECKS)[number];

export interface QualityResult {
  source: SourceName;
  check: QualityCheckName;
  /** `unknown`: it could not be checked, which is never the same as `ok`. */
  state: 'ok' | 'warn' | 'fail' | 'unknown';
  /** What was found, in a sentence with figures: "3 of 4,102 payments name a customer nobody knows". */
  words: string;
  checkedAt: number;
}

export interface DataQuality {
  /** The latest result of every check of these sources. */
  results(sources: readonly SourceName[]): Promise<QualityResult[]>;
}
