import type { EtsForm } from './ets-recursion.ts';
import { deseasonalised } from './seasonality.ts';

export interface EtsStart {
  level: number;
  growth: number;
  seasons: Float64Array;
  /** The usual distance of the adjusted series from its first line: the unit in which states are searched. */
  scale: number;
}

/**
 * First states by a line through the beginning of the seasonally adjusted series (Hyndman and others, 2008, 2.6.1).
 */
export function etsStart(values: Float64Array, period: number, form: EtsForm): EtsStart {
  const seasonal =
    form.season === 'N'
      ? null
      : deseasonalised(values, period, form.season === 'A' ? 'additive' : 'multiplicative');
  const seasons = floored(seasonal?.effects ?? new Float64Array(0), form.season);
  const adjusted = seasonal?.adjusted ?? values;
  const length = Math.min(adjusted.length, Math.max(10, 2 * period));
  const line = lineThrough(adjusted, length);
  const scale = Math.max(line.scatter, 1e-3 * Math.abs(line.centre), 1e-9);
  if (form.trend === 'N') return { level: line.centre, growth: 0, seasons, scale };
  if (form.trend === 'A') return { level: line.intercept, growth: line.slope, seasons, scale };
  const first = line.intercept + line.slope;
  const growth = first > 0 ? Math.min(1.1, Math.max(0.9, (first + line.slope) / first)) : 1;
  return { level: Math.max(first, 0.1 * line.centre) / growth, growth, seasons, scale };
}

/** Factors at or below zero cannot start a multiplicative season. */
function floored(effects: Float64Array, season: EtsForm['season']): Float64Array {
  if (season !== 'M') return effects;
  const raised = effects.map((effect) => Math.max(0.01, effect));
  const total = raised.reduce((sum, effect) => sum + effect, 0);
  return raised.map((effect) => (effect * raised.length) / total);
}

function lineThrough(
  values: Float64Array,
  length: number,
): { intercept: number; slope: number; centre: number; scatter: number } {
  let [sum, weighted] = [0, 0];
  for (let at = 0; at < length; at += 1) {
    sum += values[at] ?? 0;
    weighted += (at + 1) * (values[at] ?? 0);
  }
  const middle = (length + 1) / 2;
  const centre = sum / length;
  const slope = length < 2 ? 0 : (weighted - middle * sum) / ((length * (length * length - 1)) / 12);
  const intercept = centre - slope * middle;
  let squares = 0;
  for (let at = 0; at < length; at += 1) squares += ((values[at] ?? 0) - intercept - slope * (at + 1)) ** 2;
  return { intercept, slope, centre, scatter: Math.sqrt(squares / length) };
}
