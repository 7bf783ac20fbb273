import { solveInPlace } from '../statistics/linear.ts';
import type { Polynomials } from './arima-order.ts';

/** Below this change the filter's variance counts as settled, and the rest of the series takes the short way. */
const SETTLED = 1e-10;

/**
 * The exact Gaussian likelihood of a stationary ARMA process by the Kalman filter over Harvey's state space
 * (A. C. Harvey, Time Series Models, 1993, 4.4), for a series and regressors filtered alike. Memory is taken once.
 */
export class KalmanFilter {
  /** One-step errors of each column over the root of their variance, column by column. */
  readonly innovations: Float64Array[];
  /** The sum of the logarithms of the variances, in units of the noise's. */
  logs = 0;
  private readonly size: number;
  private readonly columns: readonly Float64Array[];
  private readonly states: Float64Array[];
  private readonly variance: Float64Array;
  private readonly gain: Float64Array;
  private readonly firstRow: Float64Array;
  private readonly noise: Float64Array;
  private readonly lags: Float64Array;
  private readonly psi: Float64Array;
  private readonly covariances: Float64Array;
  private readonly system: Float64Array;

  constructor(columns: readonly Float64Array[], arLength: number, maLength: number) {
    const size = Math.max(arLength, maLength + 1);
    const n = columns[0]?.length ?? 0;
    this.size = size;
    this.columns = columns;
    this.states = columns.map(() => new Float64Array(size + 1));
    this.innovations = columns.map(() => new Float64Array(n));
    this.variance = new Float64Array(size * size);
    this.gain = new Float64Array(size + 1);
    this.firstRow = new Float64Array(size + 1);
    this.noise = new Float64Array(size + 1);
    this.lags = new Float64Array(size + 1);
    this.psi = new Float64Array(size + 1);
    this.covariances = new Float64Array(size + 1);
    this.system = new Float64Array((arLength + 1) * (arLength + 1));
  }

  /** Runs all columns through. False where the process has no stationary variance to start from. */
  run({ ar, ma }: Polynomials): boolean {
    const { size, variance, gain, noise, lags } = this;
    noise.fill(0);
    lags.fill(0);
    noise[0] = 1;
    for (let lag = 0; lag < ma.length; lag += 1) noise[lag + 1] = ma[lag] ?? 0;
    for (let lag = 0; lag < ar.length; lag += 1) lags[lag] = ar[lag] ?? 0;
    if (!this.startStationary(ar, ma)) return false;
    for (const state of this.states) state.fill(0);
    const n = this.columns[0]?.length ?? 0;
    let settled = false;
    let spread = 1;
    let root = 1;
    let logs = 0;
    for (let t = 0; t < n; t += 1) {
      if (!settled) {
        spread = variance[0] ?? 1;
        if (!(spread > 0)) return false;
        root = Math.sqrt(spread);
        for (let i = 0; i < size; i += 1) gain[i] = variance[i] ?? 0;
        settled = this.moveVariance(spread);
      }
      logs += Math.log(spread);
      this.moveStates(t, spread, root);
    }
    this.logs = logs;
    return Number.isFinite(logs);
  }

  /** The process of a column after its last value, so many steps on. Call after `run`. */
  ahead(column: number, horizon: number): Float64Array {
    const state = Float64Array.from(this.states[column] ?? []);
    return new Float64Array(horizon).map(() => {
      const value = state[0] ?? 0;
      for (let i = 0; i < this.size; i += 1) {
        state[i] = (i + 1 < this.size ? (state[i + 1] ?? 0) : 0) + (this.lags[i] ?? 0) * value;
      }
      return value;
    });
  }

  private moveStates(t: number, spread: number, root: number): void {
    const { size, gain, lags } = this;
    for (let column = 0; column < this.columns.length; column += 1) {
      const state = this.states[column];
      const values = this.columns[column];
      const innovations = this.innovations[column];
      if (!state || !values || !innovations) continue;
      const value = values[t] ?? 0;
      const error = value - (state[0] ?? 0);
      innovations[t] = error / root;
      const share = error / spread;
      for (let i = 0; i + 1 < size; i += 1) {
        state[i] = (state[i + 1] ?? 0) + (gain[i + 1] ?? 0) * share + (lags[i] ?? 0) * value;
      }
      state[size - 1] = (lags[size - 1] ?? 0) * value;
    }
  }

  /** Updates by the value seen and predicts one step; true once nothing changes any more. */
  private moveVariance(spread: number): boolean {
    const { size, variance, gain, noise } = this;
    const last = size - 1;
    for (let i = 0; i < size; i += 1) {
      const share = (gain[i + 1] ?? 0) / spread;
      const row = i * size;
      const next = row + size + 1;
      for (let j = i; j < last; j += 1) {
        variance[row + j] = (variance[next + j] ?? 0) - share * (gain[j + 1] ?? 0);
      }
      variance[row + last] = 0;
      const own = noise[i] ?? 0;
      if (own === 0) continue;
      for (let j = i; j < size; j += 1) variance[row + j] = (variance[row + j] ?? 0) + own * (noise[j] ?? 0);
    }
    let change = 0;
    for (let j = 0; j < size; j += 1) {
      change = Math.max(change, Math.abs((variance[j] ?? 0) - (gain[j] ?? 0)));
    }
    return change < SETTLED;
  }

  /** The variance of the state before the first value: from autocovariances, then along the diagonals. */
  private startStationary(ar: Float64Array, ma: Float64Array): boolean {
    const { size, variance, noise, lags, psi, firstRow, covariances } = this;
    for (let lag = 0; lag < size; lag += 1) {
      let sum = noise[lag] ?? 0;
      for (let k = 1; k <= Math.min(lag, ar.length); k += 1) sum += (ar[k - 1] ?? 0) * (psi[lag - k] ?? 0);
      psi[lag] = sum;
    }
    if (!this.autocovariances(ar, ma)) return false;
    firstRow.fill(0);
    for (let j = 0; j < size; j += 1) {
      let sum = j === 0 ? (covariances[0] ?? 0) : 0;
      if (j > 0) {
        for (let k = j + 1; k <= ar.length; k += 1) sum += (ar[k - 1] ?? 0) * (covariances[k - j] ?? 0);
        for (let k = j; k <= ma.length; k += 1) sum += (noise[k] ?? 0) * (psi[k - j] ?? 0);
      }
      firstRow[j] = sum;
    }
    const whole = firstRow[0] ?? 0;
    for (let i = size - 1; i >= 0; i -= 1) {
      const byOwn = lags[i] ?? 0;
      for (let j = size - 1; j >= i; j -= 1) {
        const beyond = i + 1 < size && j + 1 < size ? (variance[(i + 1) * size + j + 1] ?? 0) : 0;
        const other = lags[j] ?? 0;
        variance[i * size + j] =
          beyond +
          byOwn * other * whole +
          byOwn * (firstRow[j + 1] ?? 0) +
          other * (firstRow[i + 1] ?? 0) +
          (noise[i] ?? 0) * (noise[j] ?? 0);
      }
    }
    return whole > 0 && Number.isFinite(whole);
  }

  /** Lags 0 to `size` by the Yule-Walker equations of the whole process (Brockwell and Davis, 1991, 3.3). */
  private autocovariances(ar: Float64Array, ma: Float64Array): boolean {
    const { system, covariances, noise, psi, size } = this;
    const p = ar.length;
    for (let lag = 0; lag <= size; lag += 1) {
      let sum = 0;
      for (let j = lag; j <= ma.length; j += 1) sum += (noise[j] ?? 0) * (psi[j - lag] ?? 0);
      covariances[lag] = sum;
    }
    if (p === 0) return true;
    const width = p + 1;
    system.fill(0);
    for (let lag = 0; lag <= p; lag += 1) {
      system[lag * width + lag] = 1;
      for (let k = 1; k <= p; k += 1) {
        const place = lag * width + Math.abs(lag - k);
        system[place] = (system[place] ?? 0) - (ar[k - 1] ?? 0);
      }
    }
    if (!solveInPlace(system, covariances, width)) return false;
    for (let lag = p + 1; lag <= size; lag += 1) {
      let sum = covariances[lag] ?? 0;
      for (let k = 1; k <= p; k += 1) sum += (ar[k - 1] ?? 0) * (covariances[lag - k] ?? 0);
      covariances[lag] = sum;
    }
    return true;
  }
}
