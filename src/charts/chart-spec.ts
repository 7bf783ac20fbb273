import { type Chart, headline, shortValue } from './chart-words.ts';
import { FONT, type Look, textWidth } from './look.ts';

const LABEL_PX = 12;
const TITLE_PX = 17;
const MOST_BARS = 40;
const LONGEST_LABEL_PX = 240;

interface Layout {
  width: number;
  height: number;
  padding: { left: number; right: number; top: number; bottom: number };
}

/** A Vega-Lite specification: what to draw, with every measure and order decided here. */
export function chartSpec(chart: Chart, look: Look, widthPx: number): { [key: string]: unknown } {
  const timeline = chart.type === 'line' || chart.type === 'area';
  const upright =
    chart.type === 'bar' &&
    chart.categories.length > 20 &&
    chart.categories.every((label) => label.length <= 8);
  if (timeline || upright) return overTime(chart, look, widthPx);
  return lyingBars(chart, look, widthPx);
}

function frame(look: Look, title: string, layout: Layout, rest: { [key: string]: unknown }) {
  const whole = layout.width + layout.padding.left + layout.padding.right - 40;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: look.background,
    autosize: { type: 'none' },
    ...layout,
    title: {
      text: wrapped(title, whole),
      anchor: 'start',
      frame: 'group',
      dx: -layout.padding.left + 20,
      offset: 22,
      font: FONT,
      fontSize: TITLE_PX,
      fontWeight: 600,
      lineHeight: 22,
      color: look.ink,
    },
    config: {
      view: { stroke: null },
      font: FONT,
      axis: {
        labelFont: FONT,
        labelFontSize: LABEL_PX,
        labelColor: look.quiet,
        domain: false,
        ticks: false,
        grid: false,
        labelPadding: 8,
        title: null,
      },
      text: { font: FONT, fontSize: LABEL_PX },
    },
    ...rest,
  };
}

/** Lines, areas and columns along an ordered axis, each series named where it ends. */
function overTime(chart: Chart, look: Look, widthPx: number) {
  const { categories, valueLabel: unit } = chart;
  const ranked = rank(chart, look);
  const values = ranked.flatMap((series) =>
    categories.map((category, at) => ({ category, at, series: series.name, value: series.values[at] ?? 0 })),
  );
  const stacked = chart.type === 'area' && ranked.length > 1;
  const ticks = niceTicks(
    stacked ? sums(ranked, categories.length) : values.map((each) => each.value),
    chart.type !== 'line',
  );
  const names = chart.type === 'bar' || stacked ? [] : ranked.filter((series) => series.named);
  const labels = names.map((series) => {
    const last = series.values.at(-1) ?? 0;
    const name = ranked.length === 1 ? '' : `${fitting(series.name)} `;
    return {
      category: categories.at(-1) ?? '',
      value: last,
      at: last,
      series: series.name,
      label: `${name}${shortValue(last, unit)}`,
    };
  });
  const right =
    Math.min(LONGEST_LABEL_PX + 60, Math.max(0, ...labels.map((label) => textWidth(label.label, LABEL_PX)))) +
    36;
  const left = Math.max(...ticks.map((tick) => textWidth(shortValue(tick, unit), LABEL_PX))) + 32;
  const layout: Layout = {
    width: widthPx - left - right,
    height: 280,
    padding: { left, right, top: topFor(chart, widthPx), bottom: 44 },
  };
  spread(labels, (ticks.at(-1) ?? 1) - (ticks[0] ?? 0), layout.height);
  const domain = [ticks[0], ticks.at(-1)];
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: ranked.map((series) => series.name), range: ranked.map((series) => series.color) },
    legend:
      stacked || (chart.type === 'bar' && ranked.length > 1)
        ? {
            orient: 'bottom',
            direction: 'horizontal',
            title: null,
            labelFont: FONT,
            labelFontSize: LABEL_PX,
            labelColor: look.quiet,
            labelLimit: 160,
            columns: 4,
            symbolType: 'square',
            offset: 34,
          }
        : null,
  };
  const x = {
    field: 'category',
    type: 'ordinal',
    sort: categories,
    axis: { values: spaced(categories, layout.width), labelAngle: 0, labelOverlap: true },
  };
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { values: ticks, grid: true, gridColor: look.grid, labelExpr: named(ticks, unit) },
  };
  const padding = chart.type === 'bar' ? { paddingInner: 0.25 } : { type: 'point', padding: 0.3 };
  const legendRoom = color.legend ? 34 + 20 * Math.ceil(ranked.length / 4) : 0;
  return frame(
    look,
    headline(chart),
    { ...layout, padding: { ...layout.padding, bottom: layout.padding.bottom + legendRoom } },
    {
      layer: [
        {
          data: { values },
          mark: markOf(chart, ranked.length),
          encoding: { x: { ...x, scale: padding }, y: { ...y, stack: stacked ? 'zero' : null }, color },
        },
        ...(labels.length === 0
          ? []
          : [endPoints(labels, x, domain, color), endNames(labels, x, domain, color)]),
      ],
      resolve: { scale: { y: 'shared', x: 'shared' } },
    },
  );
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

function endPoints(labels: Label[], x: unknown, domain: unknown, color: unknown) {
  return {
    data: { values: labels },
    mark: { type: 'point', filled: true, size: 46, opacity: 1 },
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

/** Bars beside their names, each with its value at its end: for categories, whose names are long. */
function lyingBars(chart: Chart, look: Look, widthPx: number) {
  const { valueLabel: unit } = chart;
  const series = chart.series.slice(0, look.series.length);
  const categories = chart.categories.slice(0, MOST_BARS).map(fitting);
  const values = categories.flatMap((category, at) =>
    series.map((each) => ({
      category,
      series: each.name,
      value: each.values[at] ?? 0,
      label: shortValue(each.values[at] ?? 0, unit),
    })),
  );
  const left =
    Math.min(LONGEST_LABEL_PX, Math.max(...categories.map((label) => textWidth(label, LABEL_PX)))) + 32;
  const right = Math.max(...values.map((each) => textWidth(each.label, LABEL_PX))) + 30;
  const height = categories.length * Math.max(24, 15 * series.length + 8);
  const several = series.length > 1;
  const legendRoom = several ? 44 : 0;
  const layout: Layout = {
    width: widthPx - left - right,
    height,
    padding: { left, right, top: topFor(chart, widthPx), bottom: 24 + legendRoom },
  };
  const low = Math.min(0, ...values.map((each) => each.value));
  const high = Math.max(0, ...values.map((each) => each.value));
  const left_out = chart.categories.length - categories.length;
  const title =
    left_out > 0 ? `${chart.title} (first ${MOST_BARS} of ${chart.categories.length})` : chart.title;
  const y = {
    field: 'category',
    type: 'ordinal',
    sort: categories,
    scale: { paddingInner: 0.3, paddingOuter: 0.1 },
    axis: { labelLimit: 2 * LONGEST_LABEL_PX, labelColor: look.ink },
  };
  const offset = several ? { yOffset: { field: 'series', sort: series.map((each) => each.name) } } : {};
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: { domain: [low, high === low ? low + 1 : high], nice: false },
    axis: null,
  };
  const legend = {
    orient: 'bottom',
    direction: 'horizontal',
    title: null,
    labelFont: FONT,
    labelFontSize: LABEL_PX,
    labelColor: look.quiet,
    symbolType: 'square',
    offset: 14,
  };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series.map((each) => each.name), range: look.series.slice(0, series.length) },
    legend: several ? legend : null,
  };
  return frame(look, title, layout, {
    data: { values },
    layer: [
      { mark: { type: 'bar', cornerRadiusEnd: 2 }, encoding: { x, y, color, ...offset } },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, color: look.quiet },
        encoding: { x, y, ...offset, text: { field: 'label' } },
      },
    ],
  });
}

/** The largest series in colour, the rest grey and nameless: more colours than seven cannot be told apart. */
function rank(chart: Chart, look: Look) {
  const size = (values: readonly number[]) => Math.abs(values.at(-1) ?? 0);
  const largest = [...chart.series]
    .sort((a, b) => size(b.values) - size(a.values))
    .slice(0, look.series.length);
  let next = 0;
  const colored = chart.series.map((series) => {
    const named = largest.includes(series);
    const color = named ? look.series[next++ % look.series.length] : undefined;
    return { ...series, named, color: color ?? look.others };
  });
  // Grey ones first, so that they lie below.
  return colored.sort((a, b) => Number(a.named) - Number(b.named));
}

function sums(series: readonly { values: readonly number[] }[], length: number): number[] {
  return Array.from({ length }, (_, at) => series.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
}

/** Four to seven round values that hold all; a measure that is far from zero need not begin there, unless areas or bars do. */
function niceTicks(values: readonly number[], fromZero: boolean): number[] {
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

/** Names at line ends are moved apart where they would lie on each other. */
function spread(labels: Label[], range: number, heightPx: number): void {
  const gap = (range / heightPx) * 16;
  const order = [...labels].sort((a, b) => a.at - b.at);
  for (const [index, label] of order.entries()) {
    const below = order[index - 1];
    if (below && label.at - below.at < gap) label.at = below.at + gap;
  }
}

/** Cut to the room a name has, by our own measure of it: Vega's is too wide without a browser. */
function fitting(label: string): string {
  let cut = label;
  while (textWidth(cut, LABEL_PX) > LONGEST_LABEL_PX) cut = cut.slice(0, -1);
  return cut === label ? label : `${cut.trimEnd()}…`;
}

/** As many of the labels as fit beside each other, the last always among them. */
function spaced(categories: readonly string[], widthPx: number): string[] {
  const widest = Math.max(...categories.map((label) => textWidth(label, LABEL_PX))) + 18;
  const every = Math.max(1, Math.ceil(categories.length / Math.max(2, Math.floor(widthPx / widest))));
  return categories.filter((_, at) => (categories.length - 1 - at) % every === 0);
}

/** Vega's expression for an axis label; the words are ours. */
function named(ticks: readonly number[], unit: string): string {
  const cases = ticks.map((tick) => `datum.value === ${tick} ? ${JSON.stringify(shortValue(tick, unit))} : `);
  return `${cases.join('')}datum.label`;
}

function topFor(chart: Chart, widthPx: number): number {
  return 40 + 22 * wrapped(headline(chart), widthPx - 40).length;
}

function wrapped(title: string, widthPx: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, TITLE_PX) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 3);
}
