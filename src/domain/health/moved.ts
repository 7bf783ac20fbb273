import type { Part, Score } from './score.ts';

/** How much of a change of the score one feature accounts for. */
export interface Moved {
  feature: string;
  title: string;
  /** Points of the score; all of them sum to its change. */
  change: number;
  now: Part | null;
  before: Part | null;
}

/** A change of the score laid to its features: what each cost then less what it costs now, largest first. */
export function movedBy(now: Score, before: Score): Moved[] {
  const names = new Set([...now.parts, ...before.parts].map(({ feature }) => feature));
  const partOf = ({ parts }: Score, name: string) => parts.find(({ feature }) => feature === name) ?? null;
  return [...names]
    .map((feature) => {
      const [new_, old] = [partOf(now, feature), partOf(before, feature)];
      const change = (old?.costs ?? 0) - (new_?.costs ?? 0);
      return { feature, title: new_?.title ?? old?.title ?? feature, change, now: new_, before: old };
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}
