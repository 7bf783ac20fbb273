/** Rows of a square matrix. */
export type Matrix = readonly (readonly number[])[];

export function zeroMatrix(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const [at, value] of a.entries()) sum += value * (b[at] ?? 0);
  return sum;
}

/** A pivot smaller than this share of its own diagonal counts as zero: its column says nothing of its own. */
const NOTHING_LEFT = 1e-11;

/** The lower triangle L with L L' = matrix, or the index of the first column that the ones before it determine. */
function cholesky(matrix: Matrix): { lower: number[][] } | { dependent: number } {
  const lower = zeroMatrix(matrix.length);
  for (const [row, values] of matrix.entries()) {
    const own = lower[row] ?? [];
    for (let column = 0; column <= row; column += 1) {
      const other = lower[column] ?? [];
      let rest = values[column] ?? 0;
      for (let at = 0; at < column; at += 1) rest -= (own[at] ?? 0) * (other[at] ?? 0);
      if (column < row) own[column] = rest / (other[column] ?? 1);
      else if (!(rest > NOTHING_LEFT * Math.abs(values[row] ?? 0))) return { dependent: row };
      else own[row] = Math.sqrt(rest);
    }
  }
  return { lower };
}

/** A symmetric positive definite matrix, factored once. */
export interface Factored {
  /** x with matrix x = right. */
  solve(right: readonly number[]): number[];
  inverse(): number[][];
}

/** Cholesky's factorisation; where the matrix is not positive definite, the index of the first column at fault. */
export function factor(matrix: Matrix): Factored | { dependent: number } {
  const found = cholesky(matrix);
  if ('dependent' in found) return found;
  const { lower } = found;
  const size = matrix.length;
  const solve = (right: readonly number[]) => {
    const x = [...right];
    for (let row = 0; row < size; row += 1) {
      const own = lower[row] ?? [];
      let rest = x[row] ?? 0;
      for (let at = 0; at < row; at += 1) rest -= (own[at] ?? 0) * (x[at] ?? 0);
      x[row] = rest / (own[row] ?? 1);
    }
    for (let row = size - 1; row >= 0; row -= 1) {
      let rest = x[row] ?? 0;
      for (let below = row + 1; below < size; below += 1)
        rest -= (lower[below]?.[row] ?? 0) * (x[below] ?? 0);
      x[row] = rest / (lower[row]?.[row] ?? 1);
    }
    return x;
  };
  const inverse = () => matrix.map((_, column) => solve(matrix.map((__, row) => (row === column ? 1 : 0))));
  return { solve, inverse };
}
