/** A function and its gradient; the gradient is written into `into`. Values that are not finite are never accepted. */
export type Slope = (at: Float64Array, into: Float64Array) => number;

export interface Minimum {
  at: Float64Array;
  value: number;
  iterations: number;
}

/** The gradient by differences for functions that have none of their own: central ones, or forward ones in half the time. */
export function withDifferences(of: (at: Float64Array) => number, forward = false): Slope {
  const step = forward ? 1e-6 : 1e-4;
  return (at, into) => {
    const value = of(at);
    for (let place = 0; place < at.length; place += 1) {
      const here = at[place] ?? 0;
      at[place] = here + step;
      const above = of(at);
      at[place] = here - step;
      const below = forward ? value : of(at);
      at[place] = here;
      const slope = (above - below) / (forward ? step : 2 * step);
      into[place] = Number.isFinite(slope) ? slope : 0;
    }
    return value;
  };
}

/**
 * A local minimum by the method of Broyden, Fletcher, Goldfarb and Shanno with a backtracking line search (Nocedal and
 * Wright, Numerical Optimization, 2006, ch. 6). Deterministic; stops when a step gains less than `tolerance`,
 * relatively, or after `iterations`.
 */
export function minimise(
  slope: Slope,
  start: Float64Array,
  { iterations = 100, tolerance = 1e-8 }: { iterations?: number; tolerance?: number } = {},
): Minimum {
  const n = start.length;
  const at = Float64Array.from(start);
  const gradient = new Float64Array(n);
  let value = slope(at, gradient);
  if (n === 0 || !Number.isFinite(value)) return { at, value, iterations: 0 };
  const inverse = new Float64Array(n * n);
  const [direction, next, nextGradient, scratch] = [0, 1, 2, 3].map(() => new Float64Array(n));
  if (!direction || !next || !nextGradient || !scratch) return { at, value, iterations: 0 };
  resetTo(inverse, n, 1 / Math.max(1, norm(gradient)));
  let fresh = true;
  let iteration = 0;
  for (; iteration < iterations; iteration += 1) {
    multiply(inverse, gradient, direction, n);
    let descent = 0;
    for (let i = 0; i < n; i += 1) descent -= (direction[i] ?? 0) * (gradient[i] ?? 0);
    if (!(descent < 0)) {
      if (fresh) break;
      resetTo(inverse, n, 1 / Math.max(1, norm(gradient)));
      fresh = true;
      continue;
    }
    const found = search(slope, { at, value, direction, descent }, next, nextGradient);
    if (found === null) {
      if (fresh) break;
      resetTo(inverse, n, 1 / Math.max(1, norm(gradient)));
      fresh = true;
      continue;
    }
    const gain = value - found;
    update(inverse, { at, next, gradient, nextGradient }, scratch, fresh);
    fresh = false;
    at.set(next);
    gradient.set(nextGradient);
    value = found;
    if (gain <= tolerance * (Math.abs(value) + tolerance)) break;
  }
  return { at, value, iterations: iteration };
}

/** Writes the accepted point and its gradient; its value, or null where no step goes down. */
function search(
  slope: Slope,
  from: { at: Float64Array; value: number; direction: Float64Array; descent: number },
  next: Float64Array,
  nextGradient: Float64Array,
): number | null {
  let length = 1;
  for (let attempt = 0; attempt < 30; attempt += 1) {
    for (let i = 0; i < next.length; i += 1) {
      next[i] = (from.at[i] ?? 0) - length * (from.direction[i] ?? 0);
    }
    const value = slope(next, nextGradient);
    if (Number.isFinite(value) && value <= from.value + 1e-4 * length * from.descent) return value;
    length *= 0.4;
  }
  return null;
}

function update(
  inverse: Float64Array,
  step: { at: Float64Array; next: Float64Array; gradient: Float64Array; nextGradient: Float64Array },
  product: Float64Array,
  fresh: boolean,
): void {
  const n = step.at.length;
  let curvature = 0;
  let size = 0;
  for (let i = 0; i < n; i += 1) {
    const change = (step.nextGradient[i] ?? 0) - (step.gradient[i] ?? 0);
    curvature += change * ((step.next[i] ?? 0) - (step.at[i] ?? 0));
    size += change * change;
  }
  if (curvature <= 1e-12 * size || size === 0) return;
  if (fresh) resetTo(inverse, n, curvature / size);
  let quadratic = 0;
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let j = 0; j < n; j += 1) {
      sum += (inverse[i * n + j] ?? 0) * ((step.nextGradient[j] ?? 0) - (step.gradient[j] ?? 0));
    }
    product[i] = sum;
    quadratic += sum * ((step.nextGradient[i] ?? 0) - (step.gradient[i] ?? 0));
  }
  const scale = 1 + quadratic / curvature;
  for (let i = 0; i < n; i += 1) {
    const si = (step.next[i] ?? 0) - (step.at[i] ?? 0);
    for (let j = 0; j < n; j += 1) {
      const sj = (step.next[j] ?? 0) - (step.at[j] ?? 0);
      const cross = si * (product[j] ?? 0) + sj * (product[i] ?? 0);
      inverse[i * n + j] = (inverse[i * n + j] ?? 0) + (scale * si * sj - cross) / curvature;
    }
  }
}

function resetTo(matrix: Float64Array, n: number, diagonal: number): void {
  matrix.fill(0);
  for (let i = 0; i < n; i += 1) matrix[i * n + i] = diagonal;
}

function multiply(matrix: Float64Array, vector: Float64Array, into: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let j = 0; j < n; j += 1) sum += (matrix[i * n + j] ?? 0) * (vector[j] ?? 0);
    into[i] = sum;
  }
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
