import { normalQuantile } from '../statistics/distributions.ts';
import { type Interval, meanOf, momentsOf, varianceOf } from '../statistics/samples.ts';

/** The mean squared distance of chances from outcomes, with the normal interval of a mean. */
export function brierScore(chances: Float64Array, labels: Uint8Array, level = 0.95): Interval {
  return meanWithInterval(
    chances.map((chance, row) => (chance - (labels[row] ?? 0)) ** 2),
    level,
  );
}

/** Chances are kept this far from 0 and 1, so that one wrong certainty does not make the loss infinite. */
const CERTAIN = 1e-15;

/** The mean negative log likelihood in nats, with the normal interval of a mean. */
export function logLoss(chances: Float64Array, labels: Uint8Array, level = 0.95): Interval {
  const losses = chances.map((chance, row) => {
    const said = labels[row] === 1 ? chance : 1 - chance;
    return -Math.log(Math.min(1 - CERTAIN, Math.max(CERTAIN, said)));
  });
  return meanWithInterval(losses, level);
}

function meanWithInterval(values: Float64Array, level: number): Interval {
  const moments = momentsOf(values);
  const estimate = meanOf(moments);
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(varianceOf(moments) / Math.max(1, values.length));
  return { estimate, low: Math.max(0, estimate - half), high: estimate + half };
}

/** Rows whose chances are near each other: what was said of them on average and what happened. */
export interface CalibrationBin {
  rows: number;
  said: number;
  happened: number;
}

/** Ten bins of equal width from 0 to 1; empty ones are left out. */
export function calibrationBins(chances: Float64Array, labels: Uint8Array, bins = 10): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, said: 0, happened: 0 }));
  chances.forEach((chance, row) => {
    const bin = sums[Math.min(bins - 1, Math.floor(chance * bins))];
    if (bin === undefined) return;
    bin.rows += 1;
    bin.said += chance;
    bin.happened += labels[row] ?? 0;
  });
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ rows, said, happened }) => ({ rows, said: said / rows, happened: happened / rows }));
}

/** The mean distance of what was said from what happened, over bins of equal width (Naeini et al., 2015). */
export function expectedCalibrationError(chances: Float64Array, labels: Uint8Array, bins = 10): number {
  return calibrationBins(chances, labels, bins).reduce(
    (sum, bin) => sum + (bin.rows / chances.length) * Math.abs(bin.said - bin.happened),
    0,
  );
}
