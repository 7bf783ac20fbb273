import type { KnownFacts } from './facts.ts';

/**
 * What a feature came to. `missing`: nobody can know it, for want of a source or of history, which lowers the
 * confidence; `silent`: there is nothing to know (no ticket was written), which does not.
 */
export type Measured =
  | { is: 'value'; value: number; words: string }
  | { is: 'missing'; why: string }
  | { is: 'silent'; why: string };

export type FeatureSource = 'psizero' | 'supabase' | 'stripe' | 'none';

/** One thing a customer's state can be told by: pure, of what was known at an instant. */
export interface Feature {
  name: string;
  /** As shown to people: "Calls trend". */
  title: string;
  /** Days before the instant that it looks at, in words. */
  window: string;
  source: FeatureSource;
  /** When it says nothing, in words. */
  nullRule: string;
  measure(known: KnownFacts): Measured;
  /** Points (0 to 100) by value, in ascending order of value: linear between, level beyond the ends. */
  scale: readonly (readonly [value: number, points: number])[];
  /**
   * What the team can do about it, and how hard that is (1 is in our own hands, 5 in theirs): null where nothing can be done.
   * `say` puts the value to be reached into words.
   */
  lever: { effort: 1 | 2 | 3 | 4 | 5; say(target: number): string } | null;
}

export const value = (amount: number, words: string): Measured => ({ is: 'value', value: amount, words });
export const missing = (why: string): Measured => ({ is: 'missing', why });
export const silent = (why: string): Measured => ({ is: 'silent', why });

/** Points of a value on a feature's scale. */
export function pointsOf({ scale }: Pick<Feature, 'scale'>, at: number): number {
  const [first] = scale;
  const last = scale.at(-1);
  if (!first || !last) return 0;
  if (at <= first[0]) return first[1];
  if (at >= last[0]) return last[1];
  for (let index = 1; index < scale.length; index += 1) {
    const [from, to] = [scale[index - 1], scale[index]];
    if (!from || !to || at > to[0]) continue;
    return from[1] + ((to[1] - from[1]) * (at - from[0])) / (to[0] - from[0]);
  }
  return last[1];
}

/** The value nearest to `from` that has at least so many points; null where the scale never gets there. */
export function valueFor(feature: Pick<Feature, 'scale'>, points: number, from: number): number | null {
  if (pointsOf(feature, from) >= points) return from;
  let nearest: number | null = null;
  const consider = (candidate: number) => {
    if (nearest === null || Math.abs(candidate - from) < Math.abs(nearest - from)) nearest = candidate;
  };
  const { scale } = feature;
  for (const [index, [at, here]] of scale.entries()) {
    if (here >= points) consider(at);
    const next = scale[index + 1];
    if (!next || here >= points === next[1] >= points) continue;
    consider(at + ((points - here) * (next[0] - at)) / (next[1] - here));
  }
  return nearest;
}
