import { UserError } from '../../lib/errors.ts';
import type { InnerSplit } from './train.ts';

export interface TimeSplit extends InnerSplit {
  /** The rows that judge lie in [testFrom, testTo). */
  testFrom: number;
  testTo: number;
}

/**
 * Rolling-origin splits over the rows given: `folds` windows of `windowMs` one after another up to the last row, each
 * judged by what lies before it. Between the last row learned from and the window lies a horizon (the embargo): an
 * outcome counts as known only once its whole horizon is over, so that no customer's future, and no outcome that
 * falls into the window, is learned from. Windows without rows before them are left out. Throws `invalid_input`
 * where none remains.
 */
export function timeSplits(
  at: Float64Array,
  rows: Int32Array,
  { folds, windowMs, horizonMs }: { folds: number; windowMs: number; horizonMs: number },
): TimeSplit[] {
  if (!(folds >= 1 && windowMs > 0 && horizonMs >= 0)) {
    throw new UserError('invalid_input', 'Give at least one fold, a window and a horizon.');
  }
  const end = rows.reduce((latest, row) => Math.max(latest, at[row] ?? 0), -Infinity) + 1;
  const splits: TimeSplit[] = [];
  for (let fold = folds; fold >= 1; fold -= 1) {
    const testFrom = end - fold * windowMs;
    const testTo = testFrom + windowMs;
    const learned = rows.filter((row) => (at[row] ?? 0) + horizonMs < testFrom);
    const tested = rows.filter((row) => (at[row] ?? 0) >= testFrom && (at[row] ?? 0) < testTo);
    if (learned.length > 0 && tested.length > 0) splits.push({ learned, tested, testFrom, testTo });
  }
  if (splits.length === 0) {
    throw new UserError(
      'invalid_input',
      `The history is too short: no row lies ${Math.round(horizonMs / 86_400_000)} days before a test window.`,
    );
  }
  return splits;
}
