import { normalQuantile } from '../statistics/distributions.ts';
import { combined, type Member } from './members.ts';

/** Origins in the history from which the steps ahead are forecast again, each by forms fitted to what came before. */
const ORIGINS = 3;

/** Widths move no further than this from the models' own on the word of a few origins. */
const LEAST = 0.8;
const MOST = 1.8;

/** Errors made from earlier origins, each over the deviation that was claimed for it; ascending. */
export interface ClaimedErrors {
  scores: number[];
  origins: number;
}

/**
 * What the combination would have missed by at earlier origins, in units of the deviations it claimed. Origins lie half
 * a horizon apart, the last a horizon before the end; none is taken where less than `least` values came before.
 */
export function claimedErrors(
  values: Float64Array,
  members: readonly Member[],
  horizon: number,
  least: number,
): ClaimedErrors {
  const scores: number[] = [];
  let origins = 0;
  for (let turn = 0; turn < ORIGINS; turn += 1) {
    const origin = values.length - horizon - turn * Math.ceil(horizon / 2);
    if (origin < least) break;
    const earlier = members.map((member) => member.refitted(origin)).filter((member) => member !== null);
    if (earlier.length === 0) break;
    const { mean, deviation } = combined(earlier.map((member) => member.outlook(horizon)));
    origins += 1;
    for (let step = 0; step < horizon; step += 1) {
      const claimed = deviation[step] ?? 0;
      const missed = Math.abs((values[origin + step] ?? 0) - (mean[step] ?? 0));
      if (claimed > 0 && Number.isFinite(missed)) scores.push(missed / claimed);
    }
  }
  return { scores: scores.sort((a, b) => a - b), origins };
}

/**
 * By how much to widen an interval so that it would have held its level at earlier origins: the conformal quantile of
 * the errors (Lei and others, JASA 113, 2018), drawn half-way to the models' own width on a logarithmic scale, for
 * errors of one origin go together and a few origins say little. 1 without origins.
 */
export function widening({ scores, origins }: ClaimedErrors, level: number): number {
  if (origins === 0 || scores.length === 0) return 1;
  const place = Math.min(scores.length, Math.ceil((scores.length + 1) * level)) - 1;
  const seen = (scores[place] ?? 0) / normalQuantile((1 + level) / 2);
  return Math.min(MOST, Math.max(LEAST, Math.sqrt(seen)));
}
