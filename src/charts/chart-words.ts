import type { Exhibit } from '../domain/types.ts';

export type Chart = Extract<Exhibit, { kind: 'chart' }>;

/** A value as an axis or a label shows it: "$86k", "4.2%", "1.3M". */
export function shortValue(value: number, unit: string): string {
  if (unit === '%') return `${trimmed(value)}%`;
  const size = Math.abs(value);
  const [divisor, suffix] =
    size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e3 ? [1e3, 'k'] : [1, ''];
  const sign = value < 0 ? '−' : '';
  return `${sign}${symbolOf(unit)}${trimmed(size / divisor)}${suffix}${unit === 'ms' ? ' ms' : ''}`;
}

/** "+$4.2k", "−3": a value that was added or taken away. */
export function signedValue(value: number, unit: string): string {
  return value > 0 ? `+${shortValue(value, unit)}` : shortValue(value, unit);
}

/** "4.1%" of a share, "0.3%", "120%": two digits are enough in a title. Always without a sign. */
export function percentWords(share: number): string {
  const percent = Math.abs(share) * 100;
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toFixed(1))}%`;
}

/** "MRR $86k, up 4% since Sep 2026": what the eye is to see, computed from the points themselves; never more than they show. */
export function headline(chart: Chart): string {
  const [only, another] = chart.series;
  if (!only) return chart.title;
  if (another) return comparedHeadline(chart) ?? chart.title;
  const overTime = chart.type === 'line' || chart.type === 'area';
  return overTime ? trendHeadline(chart, only.values) : barsHeadline(chart, only.values);
}

interface Point {
  label: string;
  value: number;
}

/** Points with a value; what is not over is left out unless it is all there is to leave out. */
function pointsOf({ categories, unfinished }: Chart, values: readonly (number | null)[]): Point[] {
  const points = categories.flatMap((label, at) => {
    const value = values[at] ?? null;
    return value === null || (unfinished && at === categories.length - 1) ? [] : [{ label, value }];
  });
  return points;
}

function trendHeadline(chart: Chart, values: readonly (number | null)[]): string {
  const { title, valueLabel: unit, unfinished } = chart;
  const points = pointsOf(chart, values);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 2) return title;
  const far = chart.band && furthestOutside(chart, values);
  if (far) return far;
  if (leaps(points)) {
    const highest = points.reduce((high, point) => (point.value > high.value ? point : high), first);
    return `${title}: highest ${shortValue(highest.value, unit)} (${highest.label})`;
  }
  const when =
    unfinished || last.label !== chart.categories.at(-1)
      ? ` ${/^[A-Z][a-z]{2} \d{1,2}$/.test(last.label) ? 'on' : 'in'} ${last.label}`
      : '';
  const now = `${title.replace(/ by (?:day|week|month)$/, '')} ${shortValue(last.value, unit)}${when}`;
  const change = changeWords(last.value, first.value, unit);
  return change === null ? now : `${now}, ${change} since ${first.label}`;
}

/** "Error rate 3.67% on Nov 16, 0% to 0.46% expected": the point furthest outside of what was to be expected. */
function furthestOutside(
  { title, categories, band, valueLabel: unit }: Chart,
  values: readonly (number | null)[],
): string | null {
  const counted =
    !/^(?:%|ms|[A-Z]{3})$/.test(unit) && values.every((value) => value === null || Number.isInteger(value));
  let words: string | null = null;
  let furthest = 0;
  for (const [at, label] of categories.entries()) {
    const value = values[at] ?? null;
    const low = band?.low[at] ?? null;
    const high = band?.high[at] ?? null;
    if (value === null || low === null || high === null) continue;
    const outside = Math.max(low - value, value - high) / Math.max(high - low, Number.MIN_VALUE);
    if (outside <= furthest) continue;
    furthest = outside;
    // Of what is counted whole only whole numbers were to be expected.
    const [from, to] = counted ? [Math.ceil(low), Math.floor(high)] : [low, high];
    words = `${title} ${shortValue(value, unit)} on ${label}, ${shortValue(from, unit)} to ${shortValue(to, unit)} expected`;
  }
  return words;
}

/** "up 4%", "down 1.5 points", "level"; null of what was nothing before, where percent says nothing. */
function changeWords(value: number, before: number, unit: string): string | null {
  const way = value > before ? 'up' : 'down';
  if (unit === '%') {
    const points = trimmed(Math.abs(value - before));
    return value === before || points === '0' ? 'level' : `${way} ${points} points`;
  }
  if (before <= 0) return null;
  const share = (value - before) / before;
  return Math.abs(share) < 0.005 ? 'level' : `${way} ${percentWords(share)}`;
}

/** Two periods over each other: what the later comes to against the earlier. */
function comparedHeadline({ title, series, whole, valueLabel: unit }: Chart): string | null {
  const past = series[1]?.name;
  if (whole?.past === undefined || past === undefined || series.length > 2) return null;
  const name = title.replace(/ by (?:day|week|month)$/, '');
  const change = changeWords(whole.value, whole.past, unit);
  const against = `${shortValue(whole.past, unit)} (${past})`;
  const now = `${name} ${shortValue(whole.value, unit)}`;
  if (change === null) return `${now}, against ${against}`;
  return change === 'level' ? `${now}, level with ${against}` : `${now}, ${change} from ${against}`;
}

/** The largest bar, and its share where the bars are parts of a whole. */
function barsHeadline(
  { title, categories, whole, valueLabel: unit }: Chart,
  values: readonly (number | null)[],
): string {
  const bars = categories.flatMap((label, at) => {
    const value = values[at] ?? null;
    return value === null || isOthers(label) ? [] : [{ label, value }];
  });
  const [any] = bars;
  if (!any || bars.length < 2) return title;
  const largest = bars.reduce((high, bar) => (bar.value > high.value ? bar : high), any);
  if (bars.some((bar) => bar !== largest && bar.value === largest.value)) return title;
  const size = shortValue(largest.value, unit);
  if (!whole || whole.value <= 0 || bars.some(({ value }) => value < 0))
    return `${title}: highest ${size} (${largest.label})`;
  return `${title}: ${largest.label} ${size}, ${percentWords(largest.value / whole.value)} of ${shortValue(whole.value, unit)}`;
}

/** The bar of everything that was too small for one of its own. */
export function isOthers(label: string): boolean {
  return /^\d[\d,]* others$/.test(label);
}

/** From one day to the next such a series halves or doubles: its first and last point compared would say nothing. */
function leaps(points: readonly Point[]): boolean {
  return points.some(({ value }, at) => {
    const before = points[at - 1]?.value ?? value;
    return Math.abs(value - before) > 0.5 * Math.max(Math.abs(value), Math.abs(before));
  });
}

/** What the picture shows, for those who cannot look: its headline, and each series from its first to its last point. */
export function altText(chart: Chart): string {
  const { categories, valueLabel: unit } = chart;
  const parts = chart.series.map(({ name, values }) => {
    const points = categories.flatMap((label, at) => {
      const value = values[at] ?? null;
      return value === null ? [] : [{ label, value }];
    });
    const [any] = points;
    if (!any) return `${name}: no data`;
    const low = points.reduce((least, point) => (point.value < least.value ? point : least), any);
    const high = points.reduce((most, point) => (point.value > most.value ? point : most), any);
    const missing = categories.length - points.length;
    const gaps = missing > 0 ? `, ${missing} without data` : '';
    return `${name}: highest ${shortValue(high.value, unit)} (${high.label}), lowest ${shortValue(low.value, unit)} (${low.label})${gaps}`;
  });
  const span = `${categories[0] ?? ''} to ${categories.at(-1) ?? ''}`;
  return `${headline(chart)}. ${categories.length} points, ${span}. ${parts.join('; ')}.`;
}

/** Three digits at most. "29.0M" of 29,028,892: without its nought it would claim to be half a million wide. */
function trimmed(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const exactly = { minimumFractionDigits: Math.min(digits, 1), maximumFractionDigits: digits };
  return value.toLocaleString('en-US', exactly);
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
