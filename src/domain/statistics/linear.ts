/**
 * Solves a square system in place by elimination with row exchange: `right` becomes the solution, `matrix` (row by row)
 * is used up. False where the matrix is singular to working precision.
 */
export function solveInPlace(matrix: Float64Array, right: Float64Array, size: number): boolean {
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      const larger = Math.abs(matrix[row * size + column] ?? 0);
      if (larger > Math.abs(matrix[pivot * size + column] ?? 0)) pivot = row;
    }
    const head = matrix[pivot * size + column] ?? 0;
    if (!(Math.abs(head) > 1e-13)) return false;
    if (pivot !== column) exchange(matrix, right, size, pivot, column);
    for (let row = column + 1; row < size; row += 1) {
      const factor = (matrix[row * size + column] ?? 0) / head;
      if (factor === 0) continue;
      for (let place = column + 1; place < size; place += 1) {
        const at = row * size + place;
        matrix[at] = (matrix[at] ?? 0) - factor * (matrix[column * size + place] ?? 0);
      }
      right[row] = (right[row] ?? 0) - factor * (right[column] ?? 0);
    }
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = right[row] ?? 0;
    for (let place = row + 1; place < size; place += 1) {
      sum -= (matrix[row * size + place] ?? 0) * (right[place] ?? 0);
    }
    right[row] = sum / (matrix[row * size + row] ?? 1);
  }
  return true;
}

function exchange(matrix: Float64Array, right: Float64Array, size: number, a: number, b: number): void {
  for (let place = 0; place < size; place += 1) {
    const kept = matrix[a * size + place] ?? 0;
    matrix[a * size + place] = matrix[b * size + place] ?? 0;
    matrix[b * size + place] = kept;
  }
  const kept = right[a] ?? 0;
  right[a] = right[b] ?? 0;
  right[b] = kept;
}

/**
 * The least squares coefficients of `columns` for `values`, written into `coefficients`; gives the sum of squares that
 * remains, or null where the columns depend on each other. `normal` holds columns.length squared numbers.
 */
export function leastSquares(
  values: Float64Array,
  columns: readonly Float64Array[],
  coefficients: Float64Array,
  normal: Float64Array,
): number | null {
  const width = columns.length;
  let total = 0;
  for (let t = 0; t < values.length; t += 1) total += (values[t] ?? 0) ** 2;
  if (width === 0) return total;
  for (let i = 0; i < width; i += 1) {
    const left = columns[i];
    if (!left) return null;
    coefficients[i] = dot(left, values);
    for (let j = 0; j < width; j += 1) normal[i * width + j] = dot(left, columns[j] ?? left);
  }
  if (!solveInPlace(normal, coefficients, width)) return null;
  let squares = 0;
  for (let t = 0; t < values.length; t += 1) {
    let rest = values[t] ?? 0;
    for (let i = 0; i < width; i += 1) rest -= (coefficients[i] ?? 0) * (columns[i]?.[t] ?? 0);
    squares += rest * rest;
  }
  return squares;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
