import { shortValue, signedValue } from './chart-words.ts';
import { fitting, frame, type Layout, type Spec, topFor, widest } from './frame.ts';
import type { Look } from './look.ts';
import { type Waterfall, waterfallHeadline } from './waterfall-words.ts';

/** Totals more than this many times what moved make slivers of the steps: then the axis shows where they are. */
const FLAT = 5;

interface Bar {
  label: string;
  /** Where it begins and ends on the axis. */
  from: number;
  to: number;
  /** Its larger end, beside which its value is written. */
  end: number;
  text: string;
  kind: 'total' | 'up' | 'down';
  row: number;
}

/**
 * Steps that lie below each other, each going on where the one before it ended. A step's length is its size, so its
 * axis need not begin at zero; totals that would then be cut are drawn as marks instead of bars.
 */
export function waterfallSpec(waterfall: Waterfall, look: Look, widthPx: number): Spec {
  const bars = barsOf(waterfall);
  const moves = bars.filter(({ kind }) => kind !== 'total');
  const reached = bars.flatMap(({ from, to, kind }) => (kind === 'total' ? [to] : [from, to]));
  const moved = Math.max(...reached) - Math.min(...reached);
  const flat = moves.length > 0 && moved > 0 && Math.min(...reached.map(Math.abs)) > FLAT * moved;
  const left = widest(bars.map(({ label }) => label)) + 36;
  const right = widest(bars.map(({ text }) => text)) + 36;
  const title = waterfallHeadline(waterfall);
  const subtitle = flat ? 'The axis does not begin at zero; the length of each step is its size' : undefined;
  const layout: Layout = {
    width: widthPx - left - right,
    height: bars.length * 34,
    padding: { left, right, top: topFor(title, widthPx, subtitle), bottom: 24 },
  };
  const low = flat ? Math.min(...reached) - moved * 0.12 : Math.min(0, ...reached);
  const high = Math.max(flat ? Number.NEGATIVE_INFINITY : 0, ...reached);
  const scale = { domain: [low, high === low ? low + 1 : high], nice: false, zero: false };
  const y = {
    field: 'label',
    type: 'ordinal',
    sort: null,
    scale: { domain: bars.map(({ label }) => label), paddingInner: 0.35, paddingOuter: 0.15 },
    axis: { labelColor: look.ink, labelLimit: 600 },
  };
  const x = (field: string) => ({ field, type: 'quantitative', scale, axis: null });
  const color = {
    field: 'kind',
    type: 'nominal',
    scale: { domain: ['total', 'up', 'down'], range: [look.series[0], look.series[2], look.series[1]] },
    legend: null,
  };
  const asBars = flat ? moves : bars;
  const marks = flat ? bars.filter(({ kind }) => kind === 'total') : [];
  return frame(
    look,
    title,
    layout,
    {
      layer: [
        {
          data: { values: connectors(bars) },
          mark: { type: 'rule', color: look.others, strokeDash: [3, 3] },
          encoding: { x: x('at'), y: { ...y, field: 'from' }, y2: { field: 'to' } },
        },
        {
          data: { values: asBars },
          mark: { type: 'bar', cornerRadius: 2 },
          encoding: { x: x('from'), x2: { field: 'to' }, y, color },
        },
        {
          data: { values: marks },
          mark: { type: 'tick', thickness: 4, size: 22 },
          encoding: { x: x('to'), y, color },
        },
        {
          data: { values: bars },
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, color: look.ink },
          encoding: { x: x('end'), y, text: { field: 'text' } },
        },
      ],
    },
    subtitle,
  );
}

function barsOf({ steps, valueLabel: unit }: Waterfall): Bar[] {
  let reached = 0;
  const used = new Map<string, number>();
  return steps.map(({ label: name, value, total }, row) => {
    const from = total ? 0 : reached;
    const to = total ? value : reached + value;
    reached = to;
    const kind = total ? 'total' : value < 0 ? 'down' : 'up';
    const text = total ? shortValue(value, unit) : signedValue(value, unit);
    return { label: unlike(fitting(name), used), from, to, end: Math.max(from, to), text, kind, row };
  });
}

/** Two steps of one name stay two rows: the second gets an invisible mark. */
function unlike(label: string, used: Map<string, number>): string {
  const times = used.get(label) ?? 0;
  used.set(label, times + 1);
  return `${label}${'\u200b'.repeat(times)}`;
}

/** From where a step ended to the row of the next. */
function connectors(bars: readonly Bar[]) {
  return bars
    .slice(0, -1)
    .map((bar, at) => ({ at: bar.to, from: bar.label, to: bars[at + 1]?.label ?? bar.label }));
}
