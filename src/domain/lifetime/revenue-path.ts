/** With fewer than this behind it, a month's growth is not told from chance and counts as none. */
const ENOUGH = 8;

/**
 * MRR of an average customer who is still there at each month of age, in company minor units: the mean at the start,
 * then chained month by month. Each link compares the means of those left at both ages among customers old enough to be
 * seen at the later one, so that neither a change in who signs up nor the smaller ones leaving early is mistaken for
 * growth of each. Rows are MRR by age, each as long as its customer was seen, and count as often as `counts` says.
 */
export function pathOf(
  table: readonly (readonly number[])[],
  counts: readonly number[],
  months: number,
): number[] {
  // Sums over who pays at an age: of all seen at it, and of those seen a month later too.
  const at = tallies(months + 1);
  const before = tallies(months + 1);
  for (const [index, row] of table.entries()) {
    const count = counts[index] ?? 0;
    if (count === 0) continue;
    for (let age = 0; age < row.length && age <= months; age += 1) {
      const minor = row[age] ?? 0;
      if (minor <= 0) continue;
      tally(at, age, count, minor);
      if (age + 1 < row.length) tally(before, age, count, minor);
    }
  }
  const path: number[] = [];
  let level = meanOf(at, 0);
  for (let age = 0; age < months; age += 1) {
    path.push(level);
    if ((at.paying[age + 1] ?? 0) >= ENOUGH) level *= meanOf(at, age + 1) / meanOf(before, age);
  }
  return path;
}

interface Tallies {
  sum: Float64Array;
  paying: Float64Array;
}

function tallies(size: number): Tallies {
  return { sum: new Float64Array(size), paying: new Float64Array(size) };
}

function tally({ sum, paying }: Tallies, age: number, count: number, minor: number): void {
  sum[age] = (sum[age] ?? 0) + count * minor;
  paying[age] = (paying[age] ?? 0) + count;
}

function meanOf({ sum, paying }: Tallies, age: number): number {
  const count = paying[age] ?? 0;
  return count === 0 ? 0 : (sum[age] ?? 0) / count;
}
