import { seededRandom } from '../statistics/random.ts';
import { shuffle } from './draws.ts';

/** Which fold tests each row: every fold has the outcome's share, as near as its rows allow. */
export function stratifiedFolds(labels: ArrayLike<number>, folds: number, seed: string): Int32Array {
  const random = seededRandom(seed);
  const foldOf = new Int32Array(labels.length);
  let dealt = 0;
  for (const outcome of [0, 1]) {
    const rows: number[] = [];
    for (let row = 0; row < labels.length; row += 1) if (labels[row] === outcome) rows.push(row);
    shuffle(rows, random);
    for (const row of rows) {
      foldOf[row] = dealt % folds;
      dealt += 1;
    }
  }
  return foldOf;
}

/** The rows that a fold learns from and those it is tested on, each ascending. */
export function rowsOfFold(
  foldOf: ArrayLike<number>,
  fold: number,
): { learned: Int32Array; tested: Int32Array } {
  const learned: number[] = [];
  const tested: number[] = [];
  for (let row = 0; row < foldOf.length; row += 1) (foldOf[row] === fold ? tested : learned).push(row);
  return { learned: Int32Array.from(learned), tested: Int32Array.from(tested) };
}
