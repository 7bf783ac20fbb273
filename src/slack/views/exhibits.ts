import type { Exhibit } from '../../domain/types.ts';
import { clip, context, type MessageBlock, mrkdwn, section, visible } from './blocks.ts';

const TABLE_ROWS = 10;
/** Rows Slack takes beside the header; longer tables come here page by page. */
const PAGED_ROWS = 99;
const CHART_POINTS = 20;
const CHART_SERIES = 6;
const LABEL = 20;

type Table = Extract<Exhibit, { kind: 'table' }>;
type Chart = Extract<Exhibit, { kind: 'chart' }>;

/** Things to look at, within Slack's limits: one table and two charts a message; what did not fit is said. */
export function exhibitBlocks(exhibits: readonly Exhibit[]): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  let tables = 0;
  let charts = 0;
  for (const exhibit of exhibits) {
    if (exhibit.kind === 'fields') blocks.push(...fieldBlocks(exhibit));
    else if (exhibit.kind === 'waterfall') {
      // The answer's own table has the same figures and more.
      const told = exhibits.some((other) => other.kind === 'table');
      blocks.push(...(told || tables++ > 0 ? [] : tableBlocks(stepsTable(exhibit))));
    } else if (exhibit.kind === 'table' && tables++ < 1) blocks.push(...tableBlocks(exhibit));
    else if (exhibit.kind === 'chart' && fitsNatively(exhibit) && charts++ < 2)
      blocks.push(chartBlock(exhibit));
    else if (exhibit.kind === 'chart') blocks.push(context(mrkdwn(exhibit.alt)));
  }
  return blocks;
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

/** Slack's chart block takes 20 points and 6 series with labels of 20 characters; two fit beside one answer. */
export function fitsNatively(chart: Chart): boolean {
  const { categories, series } = chart;
  const labels = [...categories, ...series.map((each) => each.name)];
  return (
    categories.length <= CHART_POINTS &&
    series.length <= CHART_SERIES &&
    series.length > 0 &&
    labels.every((text) => visible(text).length <= LABEL)
  );
}

/** The charts of an answer that Slack's own block cannot show: they are drawn and sent as pictures. */
export function chartsToDraw(exhibits: readonly Exhibit[]): Chart[] {
  return exhibits.filter(
    (each): each is Chart => each.kind === 'chart' && each.series.length > 0 && !fitsNatively(each),
  );
}

function chartBlock(chart: Chart): MessageBlock {
  const label = (text: string) => clip(visible(text), LABEL);
  const title = clip(visible(chart.title), 50);
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
