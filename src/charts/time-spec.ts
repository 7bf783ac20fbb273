import { type Chart, headline, shortValue } from './chart-words.ts';
import {
  fitting,
  frame,
  LABEL_PX,
  type Layout,
  LONGEST_LABEL_PX,
  legendBelow,
  type Spec,
  topFor,
  widest,
} from './frame.ts';
import { type Look, textWidth } from './look.ts';
import { niceTicks, tickWords } from './ticks.ts';

/** Lines, areas and columns along an ordered axis, each series named where it ends; gaps stay gaps. */
export function overTime(chart: Chart, look: Look, widthPx: number): Spec {
  const { categories, valueLabel: unit } = chart;
  const ranked = rank(chart, look);
  // What is still counted into stands beside the line: drawn on, it would look like a fall.
  const open = chart.unfinished === true ? categories.length - 1 : -1;
  const all = ranked.flatMap((series) =>
    categories.map((category, at) => ({
      category,
      series: series.name,
      value: series.values[at] ?? null,
      open: at === open && series.name === chart.series[0]?.name,
    })),
  );
  const points = all.map((point) =>
    point.open && chart.type === 'line' ? { ...point, value: null } : point,
  );
  const stacked = chart.type === 'area' && ranked.length > 1;
  const known = all.flatMap(({ value }) => value ?? []);
  const band = [...(chart.band?.low ?? []), ...(chart.band?.high ?? [])].flatMap((value) => value ?? []);
  const heights = stacked ? sums(ranked, categories.length) : known;
  const ticks = niceTicks(
    heights.length + band.length > 0 ? [...heights, ...band] : [0],
    chart.type !== 'line',
  );
  const named = chart.type === 'bar' || stacked ? [] : ranked.filter((series) => series.named);
  const labels = named.flatMap((series) => endOf(series, chart, ranked.length) ?? []);
  const right = Math.min(LONGEST_LABEL_PX + 60, widest(labels.map(({ label }) => label))) + 36;
  const left = widest(ticks.map((tick) => shortValue(tick, unit))) + 32;
  const title = headline(chart);
  const subtitle = chart.band ? `Shaded: what was to be ${chart.band.name}` : undefined;
  const legend = stacked || (chart.type === 'bar' && ranked.length > 1) ? legendBelow(look, 34) : null;
  const legendRoom = legend ? 34 + 20 * Math.ceil(ranked.length / 4) : 0;
  const layout: Layout = {
    width: widthPx - left - right,
    height: 280,
    padding: { left, right, top: topFor(title, widthPx, subtitle), bottom: 44 + legendRoom },
  };
  spread(labels, (ticks.at(-1) ?? 1) - (ticks[0] ?? 0), layout.height);
  const domain = [ticks[0], ticks.at(-1)];
  const range = ranked.map((series) => series.color);
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: ranked.map((series) => series.name), range },
    legend,
  };
  const x = {
    field: 'category',
    type: 'ordinal',
    sort: categories,
    scale: chart.type === 'bar' ? { paddingInner: 0.25 } : { type: 'point', padding: 0.3 },
    axis: { values: spaced(categories, layout.width), labelAngle: 0, labelOverlap: true },
  };
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { values: ticks, grid: true, gridColor: look.grid, labelExpr: tickWords(ticks, unit) },
  };
  const faint =
    chart.type === 'bar' ? { opacity: { condition: { test: 'datum.open', value: 0.45 }, value: 1 } } : {};
  const layer = [
    ...(chart.band ? [bandLayer(chart.band, categories, x, domain, look)] : []),
    {
      data: { values: points },
      mark: { ...markOf(chart, ranked.length), invalid: 'break-paths-show-path-domains' },
      encoding: { x, y: { ...y, stack: stacked ? 'zero' : null }, color, ...faint },
    },
    ...(chart.type === 'line' ? [dots(alone(ranked, categories), x, domain, color, 30)] : []),
    ...(labels.length === 0 ? [] : [dots(labels, x, domain, color, 46), endNames(labels, x, domain, color)]),
  ];
  return frame(look, title, layout, { layer, resolve: { scale: { y: 'shared', x: 'shared' } } }, subtitle);
}

function bandLayer(
  band: NonNullable<Chart['band']>,
  categories: readonly string[],
  x: unknown,
  domain: unknown,
  look: Look,
) {
  const values = categories.map((category, at) => ({
    category,
    low: band.low[at] ?? null,
    high: band.high[at] ?? null,
  }));
  return {
    data: { values },
    mark: { type: 'area', color: look.others, opacity: 0.35, invalid: 'break-paths-show-path-domains' },
    encoding: { x, y: { field: 'low', type: 'quantitative', scale: { domain } }, y2: { field: 'high' } },
  };
}

function markOf(chart: Chart, count: number) {
  if (chart.type === 'line')
    return { type: 'line', strokeWidth: count > 4 ? 2 : 2.5, strokeJoin: 'round', strokeCap: 'round' };
  if (chart.type === 'area')
    return count > 1
      ? { type: 'area', opacity: 0.85 }
      : { type: 'area', line: { strokeWidth: 2.5 }, opacity: 0.22 };
  return { type: 'bar', cornerRadiusEnd: 2 };
}

type Label = { category: string; value: number; at: number; series: string; label: string };

/** The last point of a series that has a value, with its words; none where it ended long before the others. */
function endOf(
  series: Ranked,
  { categories, valueLabel, unfinished, series: names }: Chart,
  count: number,
): Label | null {
  const last = series.values.findLastIndex((value) => value !== null && value !== undefined);
  const value = series.values[last];
  if (value === null || value === undefined || last < categories.length - 1) return null;
  const name = count === 1 ? '' : `${fitting(series.name)} `;
  const first = series.name === names[0]?.name;
  const saysSoFar = unfinished && first && !categories[last]?.endsWith('so far');
  return {
    category: categories[last] ?? '',
    value,
    at: value,
    series: series.name,
    label: `${name}${shortValue(value, valueLabel)}${saysSoFar ? ' so far' : ''}`,
  };
}

/** Points with a gap on either side, which no line would show. */
function alone(ranked: readonly Ranked[], categories: readonly string[]) {
  return ranked.flatMap(({ name, values }) =>
    categories.flatMap((category, at) => {
      const value = values[at] ?? null;
      const joined = (values[at - 1] ?? null) !== null || (values[at + 1] ?? null) !== null;
      return value === null || joined ? [] : [{ category, value, series: name }];
    }),
  );
}

function dots(values: readonly unknown[], x: unknown, domain: unknown, color: unknown, size: number) {
  return {
    data: { values },
    mark: { type: 'point', filled: true, size, opacity: 1 },
    encoding: { x, y: { field: 'value', type: 'quantitative', scale: { domain } }, color },
  };
}

function endNames(labels: Label[], x: unknown, domain: unknown, color: unknown) {
  return {
    data: { values: labels },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 9, fontWeight: 600 },
    encoding: {
      x,
      y: { field: 'at', type: 'quantitative', scale: { domain } },
      text: { field: 'label' },
      color,
    },
  };
}

interface Ranked {
  name: string;
  values: readonly (number | null)[];
  named: boolean;
  color: string;
}

/** The largest series in colour, the rest grey and nameless: more colours than seven cannot be told apart. */
function rank(chart: Chart, look: Look): Ranked[] {
  const size = (values: readonly (number | null)[]) =>
    Math.abs(values.findLast((value) => value !== null) ?? 0);
  const largest = [...chart.series]
    .sort((a, b) => size(b.values) - size(a.values))
    .slice(0, look.series.length);
  // What the present is held against is grey, however large it was.
  const past = chart.whole?.past === undefined ? undefined : chart.series[1];
  let next = 0;
  const colored = chart.series.map((series) => {
    const named = largest.includes(series);
    const color = named && series !== past ? look.series[next++ % look.series.length] : undefined;
    return { ...series, named, color: color ?? (series === past ? look.quiet : look.others) };
  });
  // Grey ones first, so that they lie below.
  return colored.sort((a, b) => Number(isColored(a, look)) - Number(isColored(b, look)));
}

function isColored({ color }: Ranked, look: Look): boolean {
  return color !== look.others && color !== look.quiet;
}

function sums(series: readonly Ranked[], length: number): number[] {
  return Array.from({ length }, (_, at) => series.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
}

/** Names at line ends are moved apart where they would lie on each other. */
function spread(labels: Label[], range: number, heightPx: number): void {
  const gap = (range / heightPx) * 16;
  const order = [...labels].sort((a, b) => a.at - b.at);
  for (const [index, label] of order.entries()) {
    const below = order[index - 1];
    if (below && label.at - below.at < gap) label.at = below.at + gap;
  }
}

/** As many of the labels as fit beside each other, the last always among them. */
function spaced(categories: readonly string[], widthPx: number): string[] {
  const room = Math.max(...categories.map((label) => textWidth(label, LABEL_PX))) + 18;
  const every = Math.max(1, Math.ceil(categories.length / Math.max(2, Math.floor(widthPx / room))));
  return categories.filter((_, at) => (categories.length - 1 - at) % every === 0);
}
