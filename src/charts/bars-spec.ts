import { type Chart, headline, isOthers, shortValue } from './chart-words.ts';
import {
  fitting,
  frame,
  type Layout,
  LONGEST_LABEL_PX,
  legendBelow,
  type Spec,
  topFor,
  widest,
} from './frame.ts';
import type { Look } from './look.ts';

const MOST_BARS = 40;

/** Bars beside their names, each with its value at its end: for categories, whose names are long. All begin at zero. */
export function lyingBars(chart: Chart, look: Look, widthPx: number): Spec {
  const { valueLabel: unit } = chart;
  const series = chart.series.slice(0, look.series.length);
  const categories = chart.categories.slice(0, MOST_BARS).map((label) => fitting(label));
  const last = chart.categories.length - 1;
  const open = chart.unfinished === true && !chart.categories[last]?.endsWith('so far') ? last : -1;
  const values = categories.flatMap((category, at) =>
    series.map((each) => {
      const value = each.values[at] ?? null;
      return {
        category,
        series: each.name,
        value,
        label: value === null ? 'no data' : `${shortValue(value, unit)}${at === open ? ' so far' : ''}`,
      };
    }),
  );
  const several = series.length > 1;
  const left = Math.min(LONGEST_LABEL_PX, widest(categories)) + 32;
  const right = widest(values.map((each) => each.label)) + 30;
  const leftOut = chart.categories.length - categories.length;
  const title =
    leftOut > 0 ? `${chart.title} (first ${MOST_BARS} of ${chart.categories.length})` : headline(chart);
  const layout: Layout = {
    width: widthPx - left - right,
    height: categories.length * Math.max(24, 15 * series.length + 8),
    padding: { left, right, top: topFor(title, widthPx), bottom: several ? 68 : 24 },
  };
  const sizes = values.map((each) => each.value ?? 0);
  const low = Math.min(0, ...sizes);
  const high = Math.max(0, ...sizes);
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
  const bySeries = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series.map((each) => each.name), range: look.series.slice(0, series.length) },
    legend: several ? legendBelow(look, 14) : null,
  };
  const rest = categories.filter(isOthers).map((label) => `datum.category === ${JSON.stringify(label)}`);
  const color =
    rest.length === 0
      ? bySeries
      : { ...bySeries, condition: { test: rest.join(' || '), value: look.others } };
  const ends = { ...x, field: 'end' };
  const labelled = values.map((each) => ({ ...each, end: Math.max(0, each.value ?? 0) }));
  return frame(look, title, layout, {
    data: { values: labelled },
    layer: [
      { mark: { type: 'bar', cornerRadiusEnd: 2 }, encoding: { x, y, color, ...offset } },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, color: look.quiet },
        encoding: { x: ends, y, ...offset, text: { field: 'label' } },
      },
    ],
  });
}
