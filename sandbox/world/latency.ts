import { failingShare } from './day-shape.ts';
import { mix, unit } from './random.ts';
import { LATENCY_BUCKETS_MS, type World } from './records.ts';

const LOGS = LATENCY_BUCKETS_MS.map((bound) => Math.log(bound));
const USUAL_MEDIAN_MS = 78;
/** Of ln(latency): how far the slow answers are from the median. */
const SPREAD = 0.52;

/** How an hour's calls fall into the latency buckets: log-normal, slower while an incident lasts. They add up to `calls`. */
export function spread(world: World, hourAt: number, calls: number): number[] {
  const wobble = unit(mix(world.anchor.seed, 501), Math.floor(hourAt / 3_600_000));
  const median = Math.log(USUAL_MEDIAN_MS * (0.88 + 0.24 * wobble) * (1 + 18 * failingShare(world, hourAt)));
  const counts: number[] = [];
  let below = 0;
  for (const log of LOGS) {
    // The logistic curve of 1.702 x is the normal one to within 0.01.
    const share = 1 / (1 + Math.exp((-1.702 * (log - median)) / SPREAD));
    const reached = Math.floor(calls * share);
    counts.push(reached - below);
    below = reached;
  }
  counts.push(calls - below);
  return counts;
}
