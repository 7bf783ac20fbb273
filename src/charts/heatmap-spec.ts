import { shortValue } from './chart-words.ts';
import { fitting, frame, type Layout, type Spec, topFor, widest } from './frame.ts';
import { cellsOf, type Heatmap, heatmapHeadline, rounded } from './heatmap-words.ts';
import type { Look } from './look.ts';

const ROW_PX = 30;
const MOST_ROWS = 36;

/** Rows by columns, darker (on dark: lighter) for more, each cell with its value; where there is none it stays empty. */
export function heatmapSpec(heatmap: Heatmap, look: Look, widthPx: number): Spec {
  const rows = heatmap.rows.slice(-MOST_ROWS).map((row) => ({ ...row, label: fitting(row.label) }));
  const shown = { ...heatmap, rows };
  const cells = cellsOf(shown).map((cell) => ({
    ...cell,
    text: shortValue(rounded(cell.value), heatmap.unit),
  }));
  const values = cells.map(({ value }) => value);
  const least = Math.min(...values);
  const high = Math.max(...values, least + 1e-9);
  // Shades tell cells from each other; the figures in them tell how much.
  const low = least - (high - least) * 0.25;
  const title = heatmapHeadline(heatmap);
  const left = widest(rows.map(({ label }) => label)) + 32;
  const layout: Layout = {
    width: widthPx - left - 24,
    height: rows.length * ROW_PX,
    padding: { left, right: 24, top: topFor(title, widthPx) + 26, bottom: 20 },
  };
  const y = {
    field: 'row',
    type: 'ordinal',
    sort: rows.map(({ label }) => label),
    scale: { domain: rows.map(({ label }) => label) },
    axis: { labelColor: look.ink },
  };
  const x = {
    field: 'column',
    type: 'ordinal',
    sort: heatmap.columns,
    scale: { domain: heatmap.columns },
    axis: { orient: 'top', labelAngle: 0, labelOverlap: true },
  };
  const middle = low + (high - low) * look.heatTurn;
  return frame(look, title, layout, {
    data: { values: cells },
    layer: [
      {
        mark: { type: 'rect', stroke: look.background, strokeWidth: 2, cornerRadius: 3 },
        encoding: {
          x,
          y,
          color: {
            field: 'value',
            type: 'quantitative',
            scale: { domain: [low, high], range: look.heat, interpolate: 'lab' },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', baseline: 'middle' },
        encoding: {
          x,
          y,
          text: { field: 'text' },
          color: {
            condition: { test: `datum.value >= ${middle}`, value: look.onHot },
            value: look.ink,
          },
        },
      },
    ],
  });
}
