import { UserError } from '../../lib/errors.ts';
import { factor, zeroMatrix } from '../statistics/positive-systems.ts';
import { sigmoid } from './log-odds.ts';
import { checkLabels, type FeatureTable } from './table.ts';

/** Log odds are the intercept and the sum of what each term adds. */
export interface Logistic {
  intercept: number;
  terms: LogisticTerm[];
}

export interface LogisticTerm {
  /** Place of the column in the table. */
  column: number;
  /** `value` adds (x - mean) / deviation times the coefficient, and nothing where x is missing; `missing` adds where it is. */
  of: 'value' | 'missing';
  mean: number;
  deviation: number;
  coefficient: number;
}

/**
 * Logistic regression with a ridge of `penalty` / 2 times the squared coefficients of standardised columns, by
 * iteratively reweighted least squares. Missing values count as the mean and get a column that says so. Throws
 * `invalid_input` as `checkLabels` does.
 */
export function fitLogistic(table: FeatureTable, labels: Uint8Array, penalty = 1): Logistic {
  checkLabels(table, labels);
  const terms = termsOf(table);
  const columns = terms.map((term) => {
    const column = table.columns[term.column] ?? new Float64Array(table.rows);
    return column.map((value) => termValue(term, value));
  });
  const weights = [...climb(columns, labels, penalty)];
  const intercept = weights.shift() ?? 0;
  return { intercept, terms: terms.map((term, i) => ({ ...term, coefficient: weights[i] ?? 0 })) };
}

function termsOf(table: FeatureTable): LogisticTerm[] {
  return table.columns.flatMap((values, column) => {
    const present = values.filter((value) => !Number.isNaN(value));
    const terms: LogisticTerm[] = [];
    if (present.length === 0) return terms;
    const spread = spreadOf(present);
    if (spread.deviation > 0) terms.push({ column, of: 'value', ...spread, coefficient: 0 });
    if (present.length < values.length) {
      const lost = spreadOf(values.map((value) => (Number.isNaN(value) ? 1 : 0)));
      terms.push({ column, of: 'missing', ...lost, coefficient: 0 });
    }
    return terms;
  });
}

function spreadOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // What rounding leaves of a constant column is no spread.
  const deviation = variance <= 1e-24 * mean * mean ? 0 : Math.sqrt(variance);
  return { mean, deviation };
}

/** What a term sees of a value of its column, standardised. */
export function termValue({ of, mean, deviation }: LogisticTerm, value: number): number {
  if (of === 'missing') return ((Number.isNaN(value) ? 1 : 0) - mean) / deviation;
  return Number.isNaN(value) ? 0 : (value - mean) / deviation;
}

/** Intercept and coefficients. A step that does not better the likelihood is halved. */
function climb(columns: readonly Float64Array[], labels: Uint8Array, penalty: number): number[] {
  const rows = labels.length;
  let beta = new Array<number>(columns.length + 1).fill(0);
  const marginsOf = (weights: readonly number[]) => {
    const margins = new Float64Array(rows).fill(weights[0] ?? 0);
    columns.forEach((column, i) => {
      const weight = weights[i + 1] ?? 0;
      for (let row = 0; row < rows; row += 1)
        margins[row] = (margins[row] ?? 0) + weight * (column[row] ?? 0);
    });
    return margins;
  };
  const lossOf = (weights: readonly number[], margins: Float64Array) => {
    let loss = 0;
    for (let row = 0; row < rows; row += 1) {
      const margin = margins[row] ?? 0;
      loss += Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - (labels[row] ?? 0) * margin;
    }
    return loss + (penalty / 2) * weights.slice(1).reduce((sum, weight) => sum + weight * weight, 0);
  };
  let margins = marginsOf(beta);
  let loss = lossOf(beta, margins);
  for (let round = 0; round < 50; round += 1) {
    const step = newton(columns, labels, margins, beta, penalty);
    let size = 1;
    let next = beta;
    let better = false;
    for (; size > 1e-6 && !better; size /= 2) {
      const share = size;
      next = beta.map((weight, i) => weight - share * (step[i] ?? 0));
      margins = marginsOf(next);
      better = lossOf(next, margins) < loss;
    }
    if (!better) break;
    const before = loss;
    [beta, loss] = [next, lossOf(next, margins)];
    if (before - loss < 1e-10 * (1 + loss)) break;
  }
  return beta;
}

function newton(
  columns: readonly Float64Array[],
  labels: Uint8Array,
  margins: Float64Array,
  beta: readonly number[],
  penalty: number,
): number[] {
  const size = columns.length + 1;
  const gradient = beta.map((weight, i) => (i === 0 ? 0 : penalty * weight));
  const hessian = zeroMatrix(size);
  const weights = new Float64Array(labels.length);
  const ones = new Float64Array(labels.length).fill(1);
  const all = [ones, ...columns];
  const residuals = margins.map((margin, row) => {
    const p = sigmoid(margin);
    weights[row] = p * (1 - p);
    return p - (labels[row] ?? 0);
  });
  all.forEach((first, i) => {
    gradient[i] = (gradient[i] ?? 0) + product(residuals, first);
    const weighted = first.map((value, row) => value * (weights[row] ?? 0));
    for (let j = 0; j <= i; j += 1) {
      const sum = product(weighted, all[j] ?? ones) + (i === j ? (i === 0 ? 1e-10 : penalty) : 0);
      const [own, other] = [hessian[i], hessian[j]];
      if (own) own[j] = sum;
      if (other) other[i] = sum;
    }
  });
  const factored = factor(hessian);
  if ('dependent' in factored) {
    throw new UserError('invalid_input', 'The columns determine each other; give the regression a penalty.');
  }
  return factored.solve(gradient);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Log odds of every row. */
export function logisticMargins({ intercept, terms }: Logistic, table: FeatureTable): Float64Array {
  const margins = new Float64Array(table.rows).fill(intercept);
  for (const term of terms) {
    const column = table.columns[term.column];
    for (let row = 0; row < table.rows; row += 1) {
      const value = column?.[row] ?? Number.NaN;
      margins[row] = (margins[row] ?? 0) + term.coefficient * termValue(term, value);
    }
  }
  return margins;
}
