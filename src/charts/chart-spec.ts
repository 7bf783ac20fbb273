import { lyingBars } from './bars-spec.ts';
import type { Chart } from './chart-words.ts';
import type { Drawable } from './draw.ts';
import type { Spec } from './frame.ts';
import { heatmapSpec } from './heatmap-spec.ts';
import type { Look } from './look.ts';
import { survivalSpec } from './survival-spec.ts';
import { overTime } from './time-spec.ts';
import { waterfallSpec } from './waterfall-spec.ts';

/** A Vega-Lite specification: what to draw, with every measure and order decided here. */
export function chartSpec(drawable: Drawable, look: Look, widthPx: number): Spec {
  if (drawable.kind === 'waterfall') return waterfallSpec(drawable, look, widthPx);
  if (drawable.kind === 'heatmap') return heatmapSpec(drawable, look, widthPx);
  if (drawable.kind === 'survival') return survivalSpec(drawable, look, widthPx);
  return isOverTime(drawable) ? overTime(drawable, look, widthPx) : lyingBars(drawable, look, widthPx);
}

/** Lines, areas, and columns where they are many with short names, such as days. */
function isOverTime({ type, categories }: Chart): boolean {
  if (type === 'line' || type === 'area') return true;
  return type === 'bar' && categories.length > 20 && categories.every((label) => label.length <= 8);
}
