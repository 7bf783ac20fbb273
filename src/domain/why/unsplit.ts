import { titleInSentence } from '../metrics/format-value.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MeasuredSide } from './measure-sides.ts';

/** Why a change has no parts, and what can be asked instead. */
export interface Unsplit {
  reason: string;
  instead: string[];
}

/** Null where the change can be split. */
export function unsplitOf(metric: Metric, before: MeasuredSide, after: MeasuredSide): Unsplit | null {
  const { additivity } = metric;
  const title = titleInSentence(metric.title);
  if (before.value === null || after.value === null) {
    return {
      reason: `There is no ${title} on one of the two sides, so there is no change to split.`,
      instead: [`${title} by month`],
    };
  }
  if (additivity === 'percentile') {
    return {
      reason: `${title} is a percentile: it does not add up over customers or calls, so its change has no parts that sum to it.`,
      instead: [`${title} by day`, 'why did the error rate change', 'API calls by category'],
    };
  }
  const rows = [...before.contributions, ...after.contributions];
  if (additivity === 'ratio' && !rows.some((row) => row.base !== 0)) {
    return {
      reason: `${title} is one number for the whole platform, so its change has no parts that sum to it.`,
      instead: [`${title} by day`, `${title} by month`],
    };
  }
  return null;
}

/** Where customers' parts do not come to the change: one thing may count with several of them. */
export function notAdding(metric: Metric): Unsplit {
  return {
    reason: `${titleInSentence(metric.title)} does not add up over customers, so its change has no parts that sum to it.`,
    instead: [`${titleInSentence(metric.title)} by month`],
  };
}
