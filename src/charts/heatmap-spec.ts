import { shortValue } from './chart-words.ts';
import { fitting, frame, type Layout, type Spec, topFor, widest } from './frame.ts';
import { cellsOf, type Heatmap, heatmapHeadline } from './heatmap-words.ts';
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
  const low = Math.min(...values, 0);
  const high = Math.max(...values, low + 1e-9);
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

/** A cell has room for three digits. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? value : Number(value.toPrecision(Math.abs(value) >= 10 ? 2 : 1));
}
