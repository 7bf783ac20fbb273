import { shortValue } from './chart-words.ts';

/** Four to seven round values that hold all; a measure that is far from zero need not begin there, unless areas or bars do. */
export function niceTicks(values: readonly number[], fromZero: boolean): number[] {
  const top = Math.max(...values);
  const bottom = Math.min(...values);
  const near = fromZero || bottom < 0 || bottom < (top - bottom) * 1.5;
  const low = near ? Math.min(0, bottom) : bottom;
  const high = top === low ? low + 1 : top;
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  // Half a customer is no tick.
  const whole = values.every(Number.isInteger);
  const steps = [1, 2, 2.5, 5, 10]
    .map((each) => each * power)
    .filter((each) => !whole || Number.isInteger(each));
  const step = steps.find((each) => each >= rough) ?? 10 * power;
  const start = Math.floor(low / step + 1e-9);
  const end = Math.ceil(high / step - 1e-9);
  return Array.from({ length: end - start + 1 }, (_, at) => Number(((start + at) * step).toPrecision(12)));
}

/** Vega's expression for an axis label; the words are ours. */
export function tickWords(ticks: readonly number[], unit: string): string {
  const cases = ticks.map((tick) => `datum.value === ${tick} ? ${JSON.stringify(shortValue(tick, unit))} : `);
  return `${cases.join('')}datum.label`;
}
