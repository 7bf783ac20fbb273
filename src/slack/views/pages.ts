import { z } from 'zod';
import type { Answer } from '../../agent/turn.ts';
import type { Exhibit } from '../../domain/types.ts';
import { clip } from './blocks.ts';

/** Rows of a table block beside its header, columns of it, and characters of text, that one message takes. */
const ROWS = 99;
const COLUMNS = 20;
const TEXT = 11_000;
/** Longer tables are sent as a file, of which the message shows the beginning. */
const FILE_ROWS = 300;
const PREVIEW_ROWS = 20;

type Table = Extract<Exhibit, { kind: 'table' }>;

const tableSchema = z.object({
  kind: z.literal('table'),
  title: z.string(),
  columns: z.array(z.object({ header: z.string(), align: z.enum(['left', 'right']) })),
  rows: z.array(z.array(z.string())),
});
const cellsSchema = z.array(z.number().nullable());
const chartSchema = z.object({
  kind: z.literal('chart'),
  title: z.string(),
  type: z.enum(['line', 'bar', 'area', 'pie']),
  categories: z.array(z.string()),
  series: z.array(z.object({ name: z.string(), values: cellsSchema })),
  band: z.object({ name: z.string(), low: cellsSchema, high: cellsSchema }).optional(),
  whole: z.object({ value: z.number(), past: z.number().optional() }).optional(),
  unfinished: z.boolean().optional(),
  valueLabel: z.string(),
  alt: z.string(),
});
const waterfallSchema = z.object({
  kind: z.literal('waterfall'),
  title: z.string(),
  steps: z.array(z.object({ label: z.string(), value: z.number(), total: z.boolean().optional() })),
  valueLabel: z.string(),
  alt: z.string(),
});
const heatmapSchema = z.object({
  kind: z.literal('heatmap'),
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.object({ label: z.string(), cells: cellsSchema })),
  unit: z.string(),
  alt: z.string(),
});
const survivalSchema = z.object({
  kind: z.literal('survival'),
  title: z.string(),
  months: z.number(),
  curves: z.array(
    z.object({
      name: z.string(),
      points: z.array(
        z.object({
          month: z.number(),
          percent: z.number(),
          low: z.number().nullable(),
          high: z.number().nullable(),
        }),
      ),
      atRisk: z.array(z.number()),
    }),
  ),
  ages: z.array(z.number()),
  alt: z.string(),
});
const fieldsSchema = z.object({
  kind: z.literal('fields'),
  title: z.string(),
  fields: z.array(z.object({ label: z.string(), value: z.string() })),
});

/** An answer read back from where it was kept. */
export const answerSchema = z.object({
  text: z.string(),
  exhibits: z.array(
    z.discriminatedUnion('kind', [
      tableSchema,
      chartSchema,
      waterfallSchema,
      heatmapSchema,
      survivalSchema,
      fieldsSchema,
    ]),
  ),
  receipts: z.array(z.string()),
  receiptNames: z.array(z.string()).optional(),
  understood: z.string().optional(),
  choices: z.array(z.object({ label: z.string(), say: z.string() })),
  referenceId: z.string().nullable(),
  mode: z.string(),
});

/** The table whose rows are sent as a file, if one is that long. */
export function fileTable(exhibits: readonly Exhibit[]): Table | null {
  return (
    exhibits.find((each): each is Table => each.kind === 'table' && each.rows.length > FILE_ROWS) ?? null
  );
}

/** How many messages' worth the answer is; 1 where it fits. */
export function pageCount(answer: Pick<Answer, 'text' | 'exhibits'>): number {
  const table = firstTable(answer.exhibits);
  return Math.max(textParts(answer.text).length, table ? windowsOf(table).length : 1);
}

/** The answer as its page shows it, counted from 1: that part of the text and of the first table. */
export function pageOf(answer: Answer, page: number): Answer {
  const texts = textParts(answer.text);
  const table = firstTable(answer.exhibits);
  const windows = table ? windowsOf(table) : [];
  const text = texts[page - 1] ?? clip(texts[0]?.split('\n')[0] ?? '', 300);
  const others = page === 1 ? answer.exhibits.filter((each) => each !== table) : [];
  const shown = windows[page - 1];
  return { ...answer, text, exhibits: [...(shown ? [shown] : []), ...others] };
}

function firstTable(exhibits: readonly Exhibit[]): Table | undefined {
  return exhibits.find((each): each is Table => each.kind === 'table');
}

/** Row by row, and where there are too many columns the first stays beside every group of the others. */
function windowsOf(table: Table): Table[] {
  if (table.rows.length > FILE_ROWS)
    return columnGroups(table).map((group) => window(table, group, 0, PREVIEW_ROWS));
  const starts = Array.from(
    { length: Math.max(1, Math.ceil(table.rows.length / ROWS)) },
    (_, at) => at * ROWS,
  );
  return starts.flatMap((start) => columnGroups(table).map((group) => window(table, group, start, ROWS)));
}

function columnGroups(table: Table): number[][] {
  const all = table.columns.map((_, index) => index);
  if (all.length <= COLUMNS) return [all];
  const groups: number[][] = [];
  for (let start = 1; start < all.length; start += COLUMNS - 1)
    groups.push([0, ...all.slice(start, start + COLUMNS - 1)]);
  return groups;
}

function window(table: Table, group: readonly number[], start: number, length: number): Table {
  const rows = table.rows.slice(start, start + length);
  const whole = rows.length === table.rows.length;
  const span = whole
    ? ''
    : ` (${start + 1}-${start + rows.length} of ${table.rows.length.toLocaleString('en-US')})`;
  return {
    kind: 'table',
    title: `${table.title}${span}`,
    columns: group.flatMap((index) => table.columns[index] ?? []),
    rows: rows.map((row) => group.map((index) => row[index] ?? '')),
  };
}

/** Cut between paragraphs, else between lines or words, so that each part fits one message. */
export function textParts(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > TEXT) {
    const head = rest.slice(0, TEXT);
    const at = [head.lastIndexOf('\n\n'), head.lastIndexOf('\n'), head.lastIndexOf(' ')].find(
      (cut) => cut > TEXT / 2,
    );
    const end = at ?? safeEnd(head);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest];
}

/** Never between the halves of one character, nor inside an entity. */
function safeEnd(head: string): number {
  const entity = /&[a-z]{0,5}$/.exec(head);
  if (entity) return entity.index;
  return /[\ud800-\udbff]$/.test(head) ? head.length - 1 : head.length;
}
