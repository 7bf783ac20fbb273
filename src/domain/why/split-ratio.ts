import type { Contribution, Dimension } from '../metrics/metric.ts';

/** How far the parts of a ratio may be from its change, in floating point: parts are of the order of 1. */
export const RATIO_TOLERANCE = 1e-9;

export interface RatioPart {
  kind: 'rate' | 'mix';
  id: string | null;
  name: string;
  by: number;
}

export interface RatioSplit {
  before: { numerator: number; base: number; value: number };
  after: { numerator: number; base: number; value: number };
  /** What the change of each part of the fraction accounts for; they sum to the change. */
  numerator: number;
  base: number;
  /** The same change once more: a change within groups and a shift between them; they sum to it too. */
  parts: RatioPart[];
}

interface Group {
  id: string | null;
  name: string;
  numerator: number;
  base: number;
}

/**
 * A change of sum(amount) / sum(base), split in two ways. First into its numerator, dN x mean(1/D), and its base,
 * mean(N) x d(1/D). Then by group into the change of its own rate at its mean weight, dr x mean(w), and the shift of
 * weight towards it at how far its mean rate lies from the whole's mean, dw x (mean(r) - mean(R)). A group without a
 * base on one side has no rate there: all of it is shift. Both ways take means of the two sides, so that no side comes
 * first and the way back turns the signs. Null where a side has no value.
 */
export function splitRatio(
  before: readonly Contribution[],
  after: readonly Contribution[],
  by: Dimension,
): RatioSplit | null {
  const [old, now] = [groupsOf(before, by), groupsOf(after, by)];
  const [a, b] = [whole(old), whole(now)];
  if (!a || !b) return null;
  const mean = (x: number, y: number) => (x + y) / 2;
  const parts: RatioPart[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [x, y] = [old.get(key), now.get(key)];
    const { id, name } = y ?? x ?? { id: null, name: '' };
    const [rateX, rateY] = [rateOf(x) ?? rateOf(y) ?? 0, rateOf(y) ?? rateOf(x) ?? 0];
    const [weightX, weightY] = [(x?.base ?? 0) / a.base, (y?.base ?? 0) / b.base];
    const rate = (rateY - rateX) * mean(weightX, weightY);
    const mix = (weightY - weightX) * (mean(rateX, rateY) - mean(a.value, b.value));
    if (rate !== 0) parts.push({ kind: 'rate', id, name, by: rate });
    if (mix !== 0) parts.push({ kind: 'mix', id, name, by: mix });
  }
  return {
    before: a,
    after: b,
    numerator: (b.numerator - a.numerator) * mean(1 / a.base, 1 / b.base),
    base: mean(a.numerator, b.numerator) * (1 / b.base - 1 / a.base),
    parts,
  };
}

function rateOf(group: Group | undefined): number | null {
  return group && group.base !== 0 ? group.numerator / group.base : null;
}

function groupsOf(rows: readonly Contribution[], by: Dimension): Map<string | null, Group> {
  const groups = new Map<string | null, Group>();
  for (const row of rows) {
    const id = (by === 'customer' ? row.customerId : row[by]) || null;
    const name = (by === 'customer' ? row.customerName : null) ?? id ?? `no ${by}`;
    const known = groups.get(id) ?? { id, name, numerator: 0, base: 0 };
    groups.set(id, { ...known, numerator: known.numerator + row.amount, base: known.base + row.base });
  }
  return groups;
}

function whole(groups: ReadonlyMap<string | null, Group>) {
  let [numerator, base] = [0, 0];
  for (const group of groups.values()) {
    numerator += group.numerator;
    base += group.base;
  }
  return base === 0 ? null : { numerator, base, value: numerator / base };
}
