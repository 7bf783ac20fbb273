import type { Random } from '../statistics/random.ts';

/** Fisher and Yates, in place. */
export function shuffle(items: number[] | Int32Array, random: Random): void {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = items[i] ?? 0;
    items[i] = items[j] ?? 0;
    items[j] = kept;
  }
}

/** A share of them without repetition, at least one, in ascending order of place. */
export function drawSome(from: Int32Array, share: number, random: Random): Int32Array {
  const wanted = Math.max(1, Math.round(from.length * share));
  const drawn = new Int32Array(wanted);
  let taken = 0;
  for (let i = 0; i < from.length && taken < wanted; i += 1) {
    // Selection sampling (Knuth, TAOCP 2, 3.4.2 S).
    if (random() * (from.length - i) < wanted - taken) {
      drawn[taken] = from[i] ?? 0;
      taken += 1;
    }
  }
  return drawn;
}
