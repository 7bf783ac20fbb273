import type { Exhibit } from '../domain/types.ts';

export type Chart = Extract<Exhibit, { kind: 'chart' }>;

const LONGEST_ALT = 900;

/** A value as an axis or a label shows it: "$86k", "4.2%", "1.3M". */
export function shortValue(value: number, unit: string): string {
  if (unit === '%') return `${trimmed(value)}%`;
  const size = Math.abs(value);
  const [divisor, suffix] =
    size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e3 ? [1e3, 'k'] : [1, ''];
  const sign = value < 0 ? '−' : '';
  return `${sign}${symbolOf(unit)}${trimmed(size / divisor)}${suffix}${unit === 'ms' ? ' ms' : ''}`;
}

/** "MRR by month: $86k, up 4% since Sep 2026": what the eye is to see, computed from the points themselves. */
export function headline(chart: Chart): string {
  const [only, another] = chart.series;
  const overTime = chart.type === 'line' || chart.type === 'area';
  if (!only || another || !overTime || only.values.length < 2) return chart.title;
  const first = only.values[0] ?? 0;
  const last = only.values.at(-1) ?? 0;
  const now = shortValue(last, chart.valueLabel);
  if (leaps(only.values)) {
    const high = Math.max(...only.values);
    const when = chart.categories[only.values.indexOf(high)] ?? '';
    return `${chart.title}: highest ${shortValue(high, chart.valueLabel)} (${when})`;
  }
  const since = chart.categories[0] ?? 'the beginning';
  if (chart.valueLabel === '%') {
    const points = trimmed(Math.abs(last - first));
    return `${chart.title}: ${now}, ${last === first ? 'as' : `${last > first ? 'up' : 'down'} ${points} points`} since ${since}`;
  }
  if (first <= 0) return `${chart.title}: ${now}`;
  const percent = Math.round(((last - first) / first) * 100);
  const change = percent === 0 ? 'level' : `${percent > 0 ? 'up' : 'down'} ${Math.abs(percent)}%`;
  return `${chart.title}: ${now}, ${change} since ${since}`;
}

/** From one day to the next such a series halves or doubles: its first and last point compared would say nothing. */
function leaps(values: readonly number[]): boolean {
  return values.some((value, at) => {
    const before = values[at - 1] ?? value;
    return Math.abs(value - before) > 0.5 * Math.max(Math.abs(value), Math.abs(before));
  });
}

/** What the picture shows, for those who cannot look: its headline, and each series from its first to its last point. */
export function altText(chart: Chart): string {
  const { categories, valueLabel: unit } = chart;
  const parts = chart.series.map(({ name, values }) => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const at = (value: number) => categories[values.indexOf(value)] ?? '';
    return `${name}: highest ${shortValue(high, unit)} (${at(high)}), lowest ${shortValue(low, unit)} (${at(low)})`;
  });
  const span = `${categories[0] ?? ''} to ${categories.at(-1) ?? ''}`;
  const text = `${headline(chart)}. ${categories.length} points, ${span}. ${parts.join('; ')}.`;
  return text.length > LONGEST_ALT ? `${text.slice(0, LONGEST_ALT - 1)}…` : text;
}

function trimmed(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** The sign of a currency code; other units carry none. */
function symbolOf(unit: string): string {
  if (!/^[A-Z]{3}$/.test(unit)) return '';
  const parts = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: unit,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(1);
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? unit;
  return symbol.length > 1 ? `${symbol} ` : symbol;
}
