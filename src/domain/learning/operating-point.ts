import { UserError } from '../../lib/errors.ts';
import { wilson } from '../statistics/samples.ts';
import { thresholdSteps } from './ranking.ts';

/** A share of counted rows with Wilson's 95% interval; null where there was nothing to count. */
export interface CountedShare {
  count: number;
  of: number;
  share: number | null;
  low: number;
  high: number;
}

/** What acting on every row at or above a chance would have meant. */
export interface OperatingPoint {
  threshold: number;
  flagged: number;
  precision: CountedShare;
  recall: CountedShare;
  /** Of those that did not have the outcome, who was flagged. */
  falsePositiveRate: CountedShare;
  /** Precision over the base rate: how many times better than picking at random. Null where nobody is flagged. */
  lift: { estimate: number; low: number; high: number } | null;
}

/** Rows judged by a threshold that was chosen on other rows. */
export interface Thresholded {
  chances: Float64Array;
  labels: Uint8Array;
  threshold: number;
}

/** Over several sets of rows, each by its own threshold; the point is named after the last one's. */
export function operatingPoint(sets: readonly Thresholded[]): OperatingPoint {
  let [rows, flagged, hits, ones] = [0, 0, 0, 0];
  for (const { chances, labels, threshold } of sets) {
    rows += labels.length;
    chances.forEach((chance, row) => {
      const label = labels[row] ?? 0;
      ones += label;
      if (chance < threshold) return;
      flagged += 1;
      hits += label;
    });
  }
  const precision = counted(hits, flagged);
  const base = ones / Math.max(1, rows);
  return {
    threshold: sets.at(-1)?.threshold ?? Infinity,
    flagged,
    precision,
    recall: counted(hits, ones),
    falsePositiveRate: counted(flagged - hits, rows - ones),
    lift:
      precision.share === null || base === 0
        ? null
        : {
            estimate: precision.share / base,
            low: precision.low / base,
            high: precision.high / base,
          },
  };
}

export function counted(count: number, of: number): CountedShare {
  return { count, of, ...wilson(count, of) };
}

/** What a decision costs, in any one unit: an approach to somebody who would have stayed, and a leaver not approached. */
export interface Costs {
  falseAlarm: number;
  miss: number;
}

/**
 * The threshold of the least cost over the rows given, which must not be those it is judged on later; Infinity where
 * flagging nobody costs least. Of equal costs the higher threshold. Throws `invalid_input` for a cost that is not positive.
 */
export function cheapestThreshold(
  chances: Float64Array,
  labels: Uint8Array,
  { falseAlarm, miss }: Costs,
): { threshold: number; cost: number } {
  if (!(falseAlarm > 0 && miss > 0)) {
    throw new UserError('invalid_input', 'Costs of a false alarm and of a miss must be above zero.');
  }
  const ones = labels.reduce((sum, label) => sum + label, 0);
  let best = { threshold: Infinity, cost: ones * miss };
  for (const { score, flagged, hits } of thresholdSteps(chances, labels)) {
    const cost = (flagged - hits) * falseAlarm + (ones - hits) * miss;
    if (cost < best.cost) best = { threshold: score, cost };
  }
  return best;
}

/**
 * The threshold with the best precision among those of at least this recall, over the rows given; null where there is
 * no outcome to find.
 */
export function thresholdForRecall(chances: Float64Array, labels: Uint8Array, least: number): number | null {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  let best: { threshold: number; precision: number } | null = null;
  for (const { score, flagged, hits } of thresholdSteps(chances, labels)) {
    if (ones === 0 || hits / ones < least) continue;
    const precision = hits / flagged;
    if (best === null || precision > best.precision) best = { threshold: score, precision };
  }
  return best?.threshold ?? null;
}
