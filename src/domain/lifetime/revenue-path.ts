/** With fewer than this behind it, a month's growth is not told from chance and counts as none. */
const ENOUGH = 8;

/**
 * MRR of an average customer who is still there at each month of age, in company minor units: the mean at the start,
 * then chained month by month. Each link compares the means of those left at both ages among customers old enough to be
 * seen at the later one, so that neither a change in who signs up nor the smaller ones leaving early is mistaken for
 * growth of each. Rows are MRR by age, each as long as its customer was seen.
 */
export function pathOf(table: readonly (readonly number[])[], months: number): number[] {
  const path: number[] = [];
  let level = meanOf(table.flatMap(([first]) => first ?? []));
  for (let age = 0; age < months; age += 1) {
    path.push(level);
    const pairs = table.filter((row) => row.length > age + 1);
    const before = pairs.map((row) => row[age] ?? 0).filter((minor) => minor > 0);
    const after = pairs.map((row) => row[age + 1] ?? 0).filter((minor) => minor > 0);
    if (after.length >= ENOUGH) level *= meanOf(after) / meanOf(before);
  }
  return path;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
