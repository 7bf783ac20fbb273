import { fitting, frame, type Layout, type Spec, topFor, widest } from './frame.ts';
import type { Look } from './look.ts';
import { type SurvivalPicture, survivalHeadline } from './survival-words.ts';
import { niceTicks } from './ticks.ts';

const ROW_PX = 20;
const HEIGHT_PX = 270;
/** Beyond so many curves their bands would hide each other. */
const BANDED = 3;

/** Curves in steps with their bands, and below them how many were observed at each age. */
export function survivalSpec(picture: SurvivalPicture, look: Look, widthPx: number): Spec {
  const { curves, months, ages } = picture;
  const names = curves.map(({ name }) => fitting(name, 130));
  const range = curves.map((_, at) => look.series[at % look.series.length] ?? look.ink);
  const banded = curves.length <= BANDED;
  const steps = curves.flatMap((curve, at) =>
    stepped(curve, months).map((point) => ({ ...point, name: names[at] ?? '' })),
  );
  const lowest = Math.min(...steps.map(({ percent, low }) => (banded ? (low ?? percent) : percent)));
  const ticks = niceTicks([lowest, 100], lowest < 50).filter((tick) => tick <= 100);
  const title = survivalHeadline(picture);
  const subtitle = `Months since the first payment${banded ? '; shaded: 95% band' : ''}. Below: customers observed`;
  const left = Math.max(widest(names) + 44, 64);
  const layout: Layout = {
    width: widthPx - left - 32,
    height: HEIGHT_PX,
    padding: {
      left,
      right: 32,
      top: topFor(title, widthPx, subtitle),
      bottom: 40 + ROW_PX * (curves.length + 1),
    },
  };
  const x = {
    field: 'month',
    type: 'quantitative',
    scale: { domain: [0, months], nice: false },
    axis: { values: ages, labelAngle: 0 },
  };
  const scale = { domain: [ticks[0] ?? 0, 100], nice: false, zero: false };
  const labels = `datum.value + '%'`;
  const y = {
    field: 'percent',
    type: 'quantitative',
    scale,
    axis: { values: ticks, grid: true, gridColor: look.grid, labelExpr: labels },
  };
  const color = { field: 'name', type: 'nominal', scale: { domain: names, range }, legend: null };
  const layer = [
    ...(banded ? [bands(steps, x, scale, color)] : []),
    {
      data: { values: steps },
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.5 },
      encoding: { x, y, color },
    },
    ...watched(picture, names, range, layout.height),
  ];
  return frame(look, title, layout, { layer }, subtitle);
}

/** From 100 at the beginning to the last month drawn. */
function stepped({ points }: SurvivalPicture['curves'][number], months: number) {
  const within = points.filter(({ month }) => month <= months);
  const first = { month: 0, percent: 100, low: 100 as number | null, high: 100 as number | null };
  const last = within.at(-1) ?? first;
  return [first, ...within, { ...last, month: months }];
}

function bands(
  steps: readonly { low: number | null; high: number | null }[],
  x: unknown,
  scale: unknown,
  color: unknown,
) {
  return {
    data: { values: steps.filter(({ low, high }) => low !== null && high !== null) },
    mark: { type: 'area', interpolate: 'step-after', opacity: 0.14 },
    encoding: { x, y: { field: 'low', type: 'quantitative', scale }, y2: { field: 'high' }, color },
  };
}

/** A row a curve below the axis, each in its colour. */
function rowOf(at: number, height: number): number {
  return height + 48 + ROW_PX * at;
}

/** How many were observed at each age, after the curve's name. */
function watched(
  { curves, ages }: SurvivalPicture,
  names: readonly string[],
  range: readonly string[],
  height: number,
) {
  return curves.flatMap(({ atRisk }, at) => {
    const y = { value: rowOf(at, height) };
    const color = { value: range[at] };
    const values = ages.map((month, age) => ({ month, text: (atRisk[age] ?? 0).toLocaleString('en-US') }));
    return [
      {
        data: { values },
        mark: { type: 'text', clip: false },
        encoding: { x: { field: 'month', type: 'quantitative' }, y, color, text: { field: 'text' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'text', align: 'right', dx: -22, clip: false, fontWeight: 600 },
        encoding: { x: { value: 0 }, y, color, text: { value: names[at] } },
      },
    ];
  });
}
