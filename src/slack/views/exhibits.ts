import type { Drawable } from '../../charts/draw.ts';
import { pictureTitle } from '../../charts/picture-words.ts';
import type { Exhibit } from '../../domain/types.ts';
import { clip, context, type MessageBlock, mrkdwn, section, visible } from './blocks.ts';

const TABLE_ROWS = 10;
/** Rows Slack takes beside the header; longer tables come here page by page. */
const PAGED_ROWS = 99;
const CHART_POINTS = 20;
const CHART_SERIES = 6;
const LABEL = 20;
const TITLE = 50;

type Table = Extract<Exhibit, { kind: 'table' }>;
type Chart = Extract<Exhibit, { kind: 'chart' }>;
type Drawn = Extract<Exhibit, { kind: 'heatmap' | 'survival' }>;

/** Things to look at, within Slack's limits: one table and two charts a message; what did not fit is said. */
export function exhibitBlocks(exhibits: readonly Exhibit[]): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  let tables = 0;
  let charts = 0;
  for (const exhibit of exhibits) {
    switch (exhibit.kind) {
      case 'fields':
        blocks.push(...fieldBlocks(exhibit));
        break;
      case 'table':
        blocks.push(...(tables++ < 1 ? tableBlocks(exhibit) : linesOf(exhibit)));
        break;
      case 'waterfall': {
        // The answer's own table has the same figures and more.
        const told = exhibits.some((other) => other.kind === 'table');
        if (!told && tables++ < 1) blocks.push(...tableBlocks(stepsTable(exhibit)));
        break;
      }
      case 'chart':
        if (fitsNatively(exhibit) && charts++ < 2) blocks.push(chartBlock(exhibit));
        else blocks.push(...altBlocks(exhibit));
        break;
      case 'heatmap':
      case 'survival':
        blocks.push(...altBlocks(exhibit));
    }
  }
  return blocks;
}

/** What a picture that follows shows; an answer that says it in its own words has none. */
function altBlocks({ alt }: Chart | Drawn): MessageBlock[] {
  return alt === '' ? [] : [context(mrkdwn(alt))];
}

function fieldBlocks(exhibit: Extract<Exhibit, { kind: 'fields' }>): MessageBlock[] {
  const fields = exhibit.fields.slice(0, 10).map((field) => ({
    type: 'mrkdwn' as const,
    text: clip(`*${mrkdwn(field.label)}*\n${mrkdwn(field.value)}`, 2000),
  }));
  return fields.length === 0 ? [] : [section(`*${mrkdwn(exhibit.title)}*`), { type: 'section', fields }];
}

function tableBlocks(table: Table): MessageBlock[] {
  const shown = table.rows.slice(0, PAGED_ROWS);
  const cell = (text: string) => ({ type: 'raw_text' as const, text: clip(visible(text) || '–', 500) });
  const rows = [table.columns.map((column) => cell(column.header)), ...shown.map((row) => row.map(cell))];
  const block: MessageBlock =
    shown.length > TABLE_ROWS
      ? { type: 'data_table', caption: clip(visible(table.title), 150), rows, page_size: TABLE_ROWS }
      : {
          type: 'table',
          rows,
          column_settings: table.columns.map((column) => ({ align: column.align, is_wrapped: false })),
        };
  return [block];
}

/** A table beyond the one a message may hold, row by row; a row's own heading stands out. */
function linesOf(table: Table): MessageBlock[] {
  const lines = table.rows.slice(0, TABLE_ROWS).map(([head = '', ...cells]) => {
    const rest = cells.filter((cell) => cell !== '').map((cell) => mrkdwn(clip(cell, 100)));
    return `*${mrkdwn(clip(head, 100))}*  ${rest.join(' · ')}`;
  });
  const more = table.rows.length - lines.length;
  const last = more > 0 ? [`and ${more} more; ask for this alone to see them all`] : [];
  const title = mrkdwn(clip(table.title, 150));
  return lines.length === 0 ? [] : [context(title), section(clip([...lines, ...last].join('\n'), 3000))];
}

/** A waterfall for those who read: its steps with their signs, totals without. */
export function stepsTable(waterfall: Extract<Exhibit, { kind: 'waterfall' }>): Table {
  const amount = (value: number) =>
    Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: 3, minimumFractionDigits: 0 });
  const sign = (value: number, total: boolean) => (value < 0 ? '-' : total ? '' : '+');
  return {
    kind: 'table',
    title: waterfall.title,
    columns: [
      { header: 'Step', align: 'left' },
      { header: waterfall.valueLabel, align: 'right' },
    ],
    rows: waterfall.steps.map(({ label, value, total = false }) => [
      label,
      `${sign(value, total)}${amount(value)}`,
    ]),
  };
}

/**
 * Slack's chart block takes 20 points and 6 series with labels of 20 characters; two fit beside one answer. It knows
 * no gaps, which it would show as zeros, and no bands.
 */
export function fitsNatively(chart: Chart): boolean {
  const { categories, series, band } = chart;
  if (band || series.some(({ values }) => values.some((value) => value === null))) return false;
  const labels = [...categories, ...series.map((each) => each.name)];
  return (
    categories.length <= CHART_POINTS &&
    series.length <= CHART_SERIES &&
    series.length > 0 &&
    labels.every((text) => visible(text).length <= LABEL)
  );
}

/** What of an answer Slack's own block cannot show: it is drawn and sent as pictures. */
export function chartsToDraw(exhibits: readonly Exhibit[]): Drawable[] {
  return exhibits.filter(
    (each): each is Drawable =>
      (each.kind === 'chart' && each.series.length > 0 && !fitsNatively(each)) ||
      (each.kind === 'waterfall' && each.steps.length > 1) ||
      (each.kind === 'heatmap' && each.rows.length > 0 && each.columns.length > 0) ||
      (each.kind === 'survival' && each.curves.length > 0),
  );
}

/** The finding, where it fits into the title the block has room for; else what it is a chart of. */
function nativeTitle(chart: Chart): string {
  const finding = visible(pictureTitle(chart));
  return finding.length <= TITLE ? finding : clip(visible(chart.title), TITLE);
}

function chartBlock(chart: Chart): MessageBlock {
  const label = (text: string) => clip(visible(text), LABEL);
  const title = nativeTitle(chart);
  const first = chart.series[0];
  if (chart.type === 'pie' && first) {
    const segments = chart.categories.map((name, index) => ({
      label: label(name),
      value: first.values[index] ?? 0,
    }));
    return { type: 'data_visualization', title, chart: { type: 'pie', segments } };
  }
  return {
    type: 'data_visualization',
    title,
    chart: {
      type: chart.type === 'pie' ? 'bar' : chart.type,
      series: chart.series.map((series) => ({
        name: label(series.name),
        data: chart.categories.map((name, index) => ({
          label: label(name),
          value: series.values[index] ?? 0,
        })),
      })),
      axis_config: { categories: chart.categories.map(label), y_label: label(chart.valueLabel) },
    },
  };
}
