import type { ErrorsByStep } from './claims.ts';
import { forecastSeries } from './forecast.ts';

const MOST_ORIGINS = 8;
const LEAST_HISTORY = 10;

export interface SeriesBacktest {
  origins: number;
  own: ErrorsByStep;
  lastValue: ErrorsByStep;
}

/**
 * The forecasts a series would have got at up to eight earlier ends, each from what was known then, held against what
 * came. Truths of zero give no percentage and are left out.
 */
export function backtestSeries(series: ArrayLike<number>, period: number, horizon: number): SeriesBacktest {
  const values = Float64Array.from(series);
  const empty = () => Array.from({ length: horizon }, (): number[] => []);
  const result: SeriesBacktest = { origins: 0, own: empty(), lastValue: empty() };
  for (let known = values.length - 1; known >= LEAST_HISTORY && result.origins < MOST_ORIGINS; known -= 1) {
    const truth = values.slice(known, known + horizon);
    const history = values.slice(0, known);
    const { mean } = forecastSeries(history, period, truth.length, { levels: [] }).outlook;
    const last = history.at(-1) ?? 0;
    result.origins += 1;
    for (const [step, actual] of truth.entries()) {
      if (actual === 0) continue;
      result.own[step]?.push((mean[step] ?? 0) / actual - 1);
      result.lastValue[step]?.push(last / actual - 1);
    }
  }
  return result;
}
