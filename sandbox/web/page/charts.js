import { h, svg } from './dom.js';

const WIDEST = 560;
const NARROWEST = 240;
const HEIGHT = 220;
/** Of a letter of a label, about. */
const LETTER = 6.2;
const EDGE = { left: 56, right: 12, top: 12, bottom: 30 };

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** A data_visualization block: pie, line, bar or area, drawn with the page's own colours. */
export function chart(block) {
  const data = block.chart ?? {};
  const body = data.type === 'pie' ? pie(data.segments ?? []) : plot(data, WIDEST);
  const figure = h(
    'figure',
    { class: 'chart' },
    h('figcaption', {}, typeof block.title === 'string' ? block.title : (block.title?.text ?? '')),
    body.drawing,
    body.legend.length > 1
      ? h(
          'div',
          { class: 'legend' },
          body.legend.map((label, index) =>
            h('span', { class: 'legend-item' }, h('i', { class: `swatch s${index % 6}` }), label),
          ),
        )
      : null,
  );
  if (data.type !== 'pie') fitToWidth(figure, body.drawing, (width) => plot(data, width).drawing);
  return figure;
}

/** Draws anew for the width there is, so that the letters keep their size. */
function fitToWidth(figure, drawing, draw) {
  let shown = drawing;
  let drawnFor = WIDEST;
  new ResizeObserver(() => {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, shown.clientWidth)));
    if (shown.clientWidth === 0 || Math.abs(width - drawnFor) < 8) return;
    drawnFor = width;
    const next = draw(width);
    shown.replaceWith(next);
    shown = next;
  }).observe(figure);
}

/** "Nov 9, 2026" is "Nov 9" where all are of one year. */
function shortLabels(labels) {
  const years = new Set(labels.map((label) => /, (\d{4})$/.exec(label)?.[1] ?? null));
  return years.size === 1 && !years.has(null) ? labels.map((label) => label.replace(/, \d{4}$/, '')) : labels;
}

function plot(data, width) {
  const series = data.series ?? [];
  const given = data.axis_config?.categories ?? series[0]?.data?.map((point) => point.label) ?? [];
  const labels = shortLabels(given.map(String));
  const values = series.flatMap((each) => (each.data ?? []).map((point) => Number(point.value)));
  const { top, bottom } = data.type === 'line' ? lineScale(values) : zeroScale(values);
  const y = (value) => EDGE.top + ((top - value) / (top - bottom || 1)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const inner = width - EDGE.left - EDGE.right;
  const band = inner / Math.max(1, labels.length);
  const x = (index) => EDGE.left + band * (index + 0.5);
  const drawing = svg('svg', {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: 'img',
    'aria-label': describe(series),
  });
  for (let tick = 0; tick <= 4; tick += 1) {
    const value = bottom + ((top - bottom) * tick) / 4;
    drawing.append(
      svg('line', { class: 'grid', x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }),
      svg(
        'text',
        { class: 'tick', x: EDGE.left - 8, y: y(value) + 4, 'text-anchor': 'end' },
        compact.format(value),
      ),
    );
  }
  const longest = Math.max(1, ...labels.map((label) => label.length)) * LETTER + 8;
  const every = Math.max(1, Math.ceil(longest / band));
  for (const [index, label] of labels.entries()) {
    if (index % every !== 0) continue;
    drawing.append(
      svg('text', { class: 'tick', x: x(index), y: HEIGHT - 10, 'text-anchor': 'middle' }, label),
    );
  }
  for (const [number, each] of series.entries()) {
    drawing.append(...shapes(data.type, each, { x, y, band, count: series.length, number }));
  }
  return { drawing, legend: series.map((each) => each.name) };
}

function shapes(type, series, { x, y, band, count, number }) {
  const points = series.data ?? [];
  const tip = (point) => svg('title', {}, `${series.name}, ${point.label}: ${exact.format(point.value)}`);
  if (type === 'bar') {
    const width = (band * 0.7) / count;
    return points.map((point, index) =>
      svg(
        'rect',
        {
          class: `fill s${number % 6}`,
          x: x(index) - (width * count) / 2 + width * number,
          width: Math.max(1, width - 1),
          rx: 2,
          y: Math.min(y(0), y(point.value)),
          height: Math.max(1, Math.abs(y(point.value) - y(0))),
        },
        tip(point),
      ),
    );
  }
  const path = points
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index)},${y(point.value)}`)
    .join('');
  const area =
    type === 'area' && points.length > 0
      ? [
          svg('path', {
            class: `area s${number % 6}`,
            d: `${path}L${x(points.length - 1)},${y(0)}L${x(0)},${y(0)}Z`,
          }),
        ]
      : [];
  return [
    ...area,
    svg('path', { class: `stroke s${number % 6}`, d: path }),
    ...points.map((point, index) =>
      svg('circle', { class: `fill s${number % 6}`, cx: x(index), cy: y(point.value), r: 3 }, tip(point)),
    ),
  ];
}

function pie(segments) {
  const total = segments.reduce((sum, each) => sum + Math.max(0, each.value), 0) || 1;
  const drawing = svg('svg', {
    viewBox: '0 0 220 220',
    class: 'pie',
    role: 'img',
    'aria-label': describe([{ name: 'Shares', data: segments }]),
  });
  let from = 0;
  for (const [index, segment] of segments.entries()) {
    const share = Math.max(0, segment.value) / total;
    drawing.append(
      svg(
        'path',
        { class: `fill s${index % 6}`, d: slice(from, from + Math.min(share, 0.99999)) },
        svg('title', {}, `${segment.label}: ${exact.format(segment.value)}`),
      ),
    );
    from += share;
  }
  return {
    drawing,
    legend: segments.map((each) => `${each.label} ${Math.round((each.value / total) * 100)} %`),
  };
}

function slice(from, to) {
  const at = (share, radius) =>
    `${110 + radius * Math.sin(2 * Math.PI * share)},${110 - radius * Math.cos(2 * Math.PI * share)}`;
  const large = to - from > 0.5 ? 1 : 0;
  return `M${at(from, 100)}A100,100 0 ${large} 1 ${at(to, 100)}L${at(to, 55)}A55,55 0 ${large} 0 ${at(from, 55)}Z`;
}

function zeroScale(values) {
  return { top: nice(Math.max(0, ...values)), bottom: -nice(Math.max(0, ...values.map((value) => -value))) };
}

/** A line that moves within a narrow band far from zero is drawn in that band; its ticks say where it lies. */
function lineScale(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low > 0 && high > low && high - low < high / 4)) return zeroScale(values);
  const unit = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10, 20]
    .map((each) => each * unit)
    .find((each) => Math.floor(low / each) * each + 4 * each >= high);
  if (!step) return zeroScale(values);
  const bottom = Math.max(0, Math.floor(low / step) * step);
  return { top: bottom + 4 * step, bottom };
}

function nice(value) {
  if (value <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / unit / 0.5) * 0.5 * unit;
}

const describe = (series) =>
  series
    .map(
      (each) =>
        `${each.name}: ${(each.data ?? []).map((point) => `${point.label} ${exact.format(point.value)}`).join(', ')}`,
    )
    .join('. ');
