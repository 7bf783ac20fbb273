const LONGEST_MS = 3_600_000;
const SHORTEST_MS = 1_000;

/**
 * Exponential backoff with full jitter: anything up to `firstDelayMs` doubled with each failure, an hour at most
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Never less than a second, so that
 * a turn does not burn its attempts at once.
 * @param failures attempts that failed so far, from 1
 * @param random in [0, 1)
 */
export function retryDelayMs(failures: number, firstDelayMs: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, firstDelayMs * 2 ** (failures - 1));
  return Math.max(SHORTEST_MS, Math.round(random * ceiling));
}
