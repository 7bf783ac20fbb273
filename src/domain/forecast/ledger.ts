import { normalQuantile } from '../statistics/distributions.ts';
import { widening } from './conformal.ts';

/** One month of a forecast, in the metric's own unit. */
export interface ForecastPoint {
  /** "2026-12" in the company's time zone, and when it is over. */
  month: string;
  endAt: number;
  mean: number;
  low80: number;
  high80: number;
  low95: number;
  high95: number;
}

export interface IssuedForecast {
  metric: string;
  /** The last month that was known. */
  knownMonth: string;
  /** Names the history it was made from: the same data give the same version. */
  dataVersion: string;
  models: readonly string[];
  points: readonly ForecastPoint[];
}

/** A month as it was said, with what came; null until it has. */
export interface RecordedMonth extends ForecastPoint {
  forecastId: string;
  metric: string;
  issuedAt: number;
  monthsAhead: number;
  actual: number | null;
}

/** Every forecast that was issued, and how right it was. */
export interface ForecastLedger {
  /** Written once a metric and version of its data; the id is the first one's. */
  issue(forecast: IssuedForecast): Promise<string>;
  /** Months that are over and not held against the truth yet, oldest first. */
  due(nowAt: number): Promise<RecordedMonth[]>;
  score(forecastId: string, month: string, actual: number): Promise<void>;
  /** Scored months, newest first, and how many wait. */
  record(filter: { metric?: string; limit: number }): Promise<{ scored: RecordedMonth[]; waiting: number }>;
}

const SCORES_TO_LEARN_FROM = 6;

/**
 * By how much the record says to widen ranges at a level: 1 until six months were scored. Each forecast counts as one
 * origin, for its months go wrong together.
 */
export function wideningOfRecord(scored: readonly RecordedMonth[], level: number): number {
  const reach = 2 * normalQuantile(0.975);
  const scores = scored.flatMap(({ actual, mean, low95, high95 }) =>
    actual === null || high95 <= low95 ? [] : [(Math.abs(actual - mean) * reach) / (high95 - low95)],
  );
  if (scores.length < SCORES_TO_LEARN_FROM) return 1;
  const origins = new Set(scored.map(({ forecastId }) => forecastId)).size;
  return widening({ scores: scores.sort((a, b) => a - b), origins }, level);
}
