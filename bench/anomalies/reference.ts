import { LEAST_SHARE, median, robustSpread } from '../../src/domain/anomalies/robust.ts';
import type { LabelledSeries } from './telemetry.ts';

const HOUR_MS = 3_600_000;
const FEWEST = 3;
const MOST_SCORE = 1_000;

/**
 * The seasonal MAD z-score: distance from the median of the same slot in median absolute deviations. As it would run
 * live it has only what came before; with `hindsight` each slot is judged by the whole series, later points included.
 * A slot without spread has ours: a twentieth of its median.
 */
export function seasonalZScores(
  { points }: LabelledSeries,
  { hours, hindsight }: { hours: number; hindsight: boolean },
): number[] {
  const slots = new Map<number, number[]>();
  const slotOf = (at: number) => Math.floor(at / HOUR_MS) % hours;
  const of = (at: number) => {
    const slot = slots.get(slotOf(at)) ?? [];
    slots.set(slotOf(at), slot);
    return slot;
  };
  if (hindsight) for (const { at, value } of points) if (value !== null) of(at).push(value);
  return points.map(({ at, value }) => {
    if (value === null) return 0;
    const slot = of(at);
    const score = slot.length < FEWEST ? 0 : zScore(value, slot);
    if (!hindsight) slot.push(value);
    return score;
  });
}

function zScore(value: number, slot: readonly number[]): number {
  const center = median(slot);
  const distance = Math.abs(value - center);
  if (distance === 0) return 0;
  return Math.min(
    MOST_SCORE,
    distance / Math.max(robustSpread(slot, center), LEAST_SHARE * Math.abs(center)),
  );
}
