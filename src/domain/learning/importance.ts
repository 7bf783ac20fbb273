import { seededRandom } from '../statistics/random.ts';
import { type Classifier, marginsOf } from './classifier.ts';
import { shuffle } from './draws.ts';
import { type Encoding, encode, encodedNames, type RawColumn } from './encoding.ts';
import { marginLoss } from './log-odds.ts';
import { allRows, type FeatureTable } from './table.ts';

export interface Importance {
  name: string;
  /** By how much the mean log loss rises, before calibration, when the column's values are dealt anew to the rows. */
  lossRise: number;
}

/**
 * Permutation importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019) by column of the records, the largest
 * first, over rows that the classifier did not learn from. Columns that say the same share theirs.
 */
export function permutationImportance(
  { encoding, learner }: Classifier,
  columns: readonly RawColumn[],
  rows: Int32Array,
  labels: Uint8Array,
  { seed, repeats = 3 }: { seed: string; repeats?: number },
): Importance[] {
  const random = seededRandom(seed);
  const table = encode(encoding, columns, rows);
  const loss = (judged: FeatureTable) => {
    const margins = marginsOf(learner, judged);
    return (
      margins.reduce((sum, margin, at) => sum + marginLoss(margin, labels[rows[at] ?? 0] ?? 0), 0) /
      rows.length
    );
  };
  const untouched = loss(table);
  return placesOf(encoding)
    .map(({ name, places }) => {
      let rise = 0;
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const order = allRows(rows.length);
        shuffle(order, random);
        const dealt = table.columns.map((column, place) =>
          places.includes(place) ? column.map((_, at) => column[order[at] ?? 0] ?? Number.NaN) : column,
        );
        rise += loss({ ...table, columns: dealt }) - untouched;
      }
      return { name, lossRise: rise / repeats };
    })
    .sort((a, b) => b.lossRise - a.lossRise);
}

/** Which columns of the table each column of the records makes. */
function placesOf(encoding: Encoding): { name: string; places: number[] }[] {
  let next = 0;
  return encoding.map((code) => {
    const places = encodedNames(code).map((_, at) => next + at);
    next += places.length;
    return { name: code.name, places };
  });
}
