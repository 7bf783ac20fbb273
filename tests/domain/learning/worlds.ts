import { allRows, type FeatureTable, featureTable } from '../../../src/domain/learning/table.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

/** Rows whose outcome follows two features that must be taken together, and one that says nothing. */
export function exclusiveOr(rows: number, seed: string): { table: FeatureTable; labels: Uint8Array } {
  const random = seededRandom(seed);
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => random()));
  const [a, b] = columns;
  const labels = Uint8Array.from(allRows(rows), (row) => {
    const apart = (a?.[row] ?? 0) > 0.5 !== (b?.[row] ?? 0) > 0.5;
    return random() < (apart ? 0.9 : 0.1) ? 1 : 0;
  });
  return { table: featureTable(['a', 'b', 'noise'], columns), labels };
}

/** Rows whose chance rises with the first feature and falls with the second, with noise and gaps. */
export function rising(rows: number, seed: string): { table: FeatureTable; labels: Uint8Array } {
  const random = seededRandom(seed);
  const up = Float64Array.from({ length: rows }, () => random());
  const down = Float64Array.from({ length: rows }, () => random());
  const labels = Uint8Array.from(allRows(rows), (row) => {
    const chance = 1 / (1 + Math.exp(-(3 * (up[row] ?? 0) - 3 * (down[row] ?? 0))));
    return random() < chance ? 1 : 0;
  });
  const holed = up.map((value) => (random() < 0.1 ? Number.NaN : value));
  return { table: featureTable(['up', 'down'], [holed, down]), labels };
}
