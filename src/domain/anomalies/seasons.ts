import { median, robustSpread } from './robust.ts';

/** The same slot is remembered this often: eight days, eight weeks. */
const MEMORY = 8;
/** How much a slot's scatter counts against it: one Monday makes no rhythm, four alike do. */
const DOUBT = 3;
/** Fewer than these have no scatter of their own. */
const FEWEST_FOR_SCATTER = 4;
/** A finer slot (the hour of the week) counts only once it has been seen this often. */
const FINER_FROM = 3;
/** A slot is known from its second time on. */
const KNOWN_FROM = 2;

/** The usual distances of season slots from the level, learnt one point at a time. */
export class Seasons {
  private readonly seen = new Map<string, readonly number[]>();

  /** Of slots from coarse to fine, each finer one on top of those before it; `scatter` is the series' own. */
  effect(slots: readonly string[], scatter: number): number {
    let sum = 0;
    for (const [rank, slot] of slots.entries()) {
      const seen = this.of(slot);
      if (rank === 0 || seen.length >= FINER_FROM) sum += believed(seen, scatter);
    }
    return sum;
  }

  /** Whether the coarsest slot has come before. */
  knows(slots: readonly string[]): boolean {
    return this.of(slots[0]).length >= KNOWN_FROM;
  }

  learn(slots: readonly string[], distance: number, scatter: number): void {
    let left = distance;
    for (const slot of slots) {
      const seen = this.of(slot);
      const share = believed(seen, scatter);
      this.seen.set(slot, [...seen, left].slice(-MEMORY));
      left -= share;
    }
  }

  private of(slot: string | undefined): readonly number[] {
    return (slot === undefined ? undefined : this.seen.get(slot)) ?? [];
  }
}

/** The slot's median, as far as it is certain: its square against the variance of a mean of so many. */
function believed(seen: readonly number[], scatter: number): number {
  if (seen.length === 0) return 0;
  const center = median(seen);
  if (center === 0) return 0;
  const own = seen.length < FEWEST_FOR_SCATTER ? scatter : robustSpread(seen, center);
  return (center * center ** 2) / (center ** 2 + (DOUBT * own ** 2) / seen.length);
}
