import type { Outlook } from './accuracy.ts';

/** The range that the history allows a forecast at each step ahead. */
export interface Bounds {
  low: Float64Array;
  high: Float64Array;
}

/** How many times further than ever before a series may be said to move. */
const FURTHER = 2;

/**
 * No forecast leaves the range of the history by more than twice the furthest the series ever moved in as many steps,
 * or, for positive series, by a larger factor than one such stretch ever grew on the one before. A series that was
 * never negative stays so.
 */
export function boundsOf(values: Float64Array, horizon: number): Bounds {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const low = new Float64Array(horizon);
  const high = new Float64Array(horizon);
  for (let step = 0; step < horizon; step += 1) {
    const lag = Math.max(1, Math.min(step + 1, values.length - 1));
    const beyond = (FURTHER * (step + 1)) / lag;
    let [up, down] = [0, 0];
    for (let at = lag; at < values.length; at += 1) {
      const move = (values[at] ?? 0) - (values[at - lag] ?? 0);
      up = Math.max(up, move);
      down = Math.max(down, -move);
    }
    low[step] = least - beyond * down;
    high[step] = most + beyond * up;
    if (least >= 0) low[step] = Math.max(0, low[step] ?? 0);
    if (least > 0) high[step] = Math.max(high[step] ?? 0, most * largestGrowth(values, lag));
  }
  return { low, high };
}

function largestGrowth(values: Float64Array, lag: number): number {
  let growth = 1;
  for (let at = lag; at + lag <= values.length; at += 1) {
    growth = Math.max(growth, sumOf(values, at, at + lag) / sumOf(values, at - lag, at));
  }
  return growth;
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += values[at] ?? 0;
  return sum;
}

/** Whether a forecast is a number within bounds at every step, with a deviation that is one. */
export function isWithin({ mean, deviation }: Outlook, { low, high }: Bounds): boolean {
  const slack = 1e-9 * Math.max(1, ...high.map(Math.abs));
  return mean.every((value, step) => {
    const spread = deviation[step] ?? Number.NaN;
    if (!Number.isFinite(value) || !Number.isFinite(spread)) return false;
    return value >= (low[step] ?? 0) - slack && value <= (high[step] ?? 0) + slack;
  });
}
