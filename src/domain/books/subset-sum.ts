/** Bounds keep the search short whatever is put in: 2^n grows fast, and a bundle of many invoices convinces nobody. */
export interface SubsetBounds {
  /** Members of one subset at most. */
  size: number;
  /** Subsets returned at most. */
  found: number;
  /** Steps of the search at most. */
  steps: number;
}

export interface Subsets {
  /** Indices into the amounts, each ascending; the fewest members first. */
  subsets: number[][];
  /** False when a bound ended the search, so that there may be others. */
  complete: boolean;
}

/** Subsets of two or more positive amounts that sum to the target exactly. */
export function subsetsWithSum(amounts: readonly bigint[], target: bigint, bounds: SubsetBounds): Subsets {
  if (target <= 0n) return { subsets: [], complete: true };
  const order = amounts
    .map((amount, index) => ({ amount, index }))
    .filter(({ amount }) => amount > 0n && amount < target)
    .sort((one, other) =>
      one.amount > other.amount ? -1 : one.amount < other.amount ? 1 : one.index - other.index,
    );
  const rest: bigint[] = Array.from({ length: order.length + 1 }, () => 0n);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    rest[at] = (rest[at + 1] ?? 0n) + (order[at]?.amount ?? 0n);
  }
  const subsets: number[][] = [];
  let steps = 0;
  let complete = true;
  let stopped = false;
  const search = (at: number, left: bigint, chosen: readonly number[]): void => {
    if (left === 0n) {
      if (subsets.length < bounds.found) subsets.push([...chosen].sort((one, other) => one - other));
      else {
        complete = false;
        stopped = true;
      }
      return;
    }
    const item = order[at];
    if (!item || (rest[at] ?? 0n) < left) return;
    steps += 1;
    if (steps > bounds.steps) {
      complete = false;
      stopped = true;
    }
    if (stopped) return;
    if (item.amount <= left) {
      if (chosen.length < bounds.size) search(at + 1, left - item.amount, [...chosen, item.index]);
      else complete = false;
    }
    search(at + 1, left, chosen);
  };
  search(0, target, []);
  return { subsets: subsets.sort((one, other) => one.length - other.length), complete };
}
