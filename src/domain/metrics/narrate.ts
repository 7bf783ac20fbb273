import type { Exhibit } from '../types.ts';
import type { MetricAnswer, MetricBreakdown } from './answer.ts';
import { chartOfAnswer, periodName } from './answer-charts.ts';
import { formatDifference, formatValue, lowerFirst, titleInSentence } from './format-value.ts';
import { findMetric } from './index.ts';
import { pictureExhibits } from './pictures.ts';

const NAMED_IN_PROSE = 5;
const STEPS: readonly string[] = ['day', 'week', 'month'];

/** One plain sentence, two with a breakdown: every figure in it stands in the answer. */
export function narrateAnswer(answer: MetricAnswer): string {
  const { title, text, when, narrowedTo, comparison, breakdown, value, having, remarks = [] } = answer;
  const also = remarks.length > 0 ? ` ${remarks.join(' ')}` : '';
  if (having && breakdown) return `${narrateHaving(answer, having, breakdown)}${also}`;
  const subject = titleInSentence(title);
  const narrowed = narrowedTo ? ` ${narrowedTo}` : '';
  const verb = subject.endsWith('s') ? 'come to' : 'is';
  const amount =
    value === null ? `There is no ${lowerFirst(subject)}` : `${subject}${narrowed} ${verb} ${text}`;
  const against = comparison ? `, ${comparison.sentence}` : '';
  const further = breakdown ? narrateBreakdown(breakdown) : answer.picture?.sentence;
  const rest = [...(comparison?.notes ?? []), ...(further ? [further] : [])];
  return `${[`${amount} ${when}${against}.`, ...rest].join(' ')}${also}`;
}

/** "3 of 342 customers have API calls down more than 20% for Nov 1 - 22, 2026: Acme 1,200 (down 34.0% from 1,818)." */
function narrateHaving(
  answer: MetricAnswer,
  { words, of }: NonNullable<MetricAnswer['having']>,
  { by, rows, total }: MetricBreakdown,
): string {
  const narrowed = answer.narrowedTo ? ` ${answer.narrowedTo}` : '';
  const groups = pluralOf(by);
  if (of === 0) return `There are no ${groups}${narrowed} to look at, ${answer.when}.`;
  if (rows.length === 0) return `None of ${of} ${groups}${narrowed} has ${words}, ${answer.when}.`;
  const named = rows
    .slice(0, NAMED_IN_PROSE)
    .map((row) => `${row.label} ${row.text}${row.detail === undefined ? '' : ` (${row.detail})`}`);
  const more = total > named.length ? `, the first ${named.length}` : '';
  const verb = total === 1 ? 'has' : 'have';
  return `${total} of ${of} ${groups}${narrowed} ${verb} ${words}, ${answer.when}${more}: ${named.join('; ')}.`;
}

function pluralOf(by: string): string {
  return by.endsWith('y') && by !== 'day' ? `${by.slice(0, -1)}ies` : `${by}s`;
}

function narrateBreakdown({ by, rows, total, rank }: MetricBreakdown): string {
  if (rank !== undefined) {
    const [row] = rows;
    return row
      ? `Number ${rank} of ${total} by ${by}: ${row.label} ${row.text}.`
      : `There are only ${total} by ${by}.`;
  }
  if (rows.length === 0) return `There is nothing to break down by ${by}.`;
  if (STEPS.includes(by) && rows.length > NAMED_IN_PROSE) return narrateSeries(by, rows);
  const [first] = rows;
  if (first && rows.length === 1 && total > 1)
    return `Of ${total} ${pluralOf(by)}, ${first.label} comes first with ${first.text}.`;
  // A label with a comma of its own, such as a date, is set off more clearly.
  const plain = rows.every(({ label }) => !label.includes(', '));
  const named = rows
    .slice(0, NAMED_IN_PROSE)
    .map((row) => (plain ? `${row.label} ${row.text}` : `${row.label}: ${row.text}`));
  const more = total > named.length ? ` (${named.length} of ${total})` : '';
  return `By ${by}${more}: ${named.join(plain ? ', ' : '; ')}.`;
}

/** "By day: highest 4 (Nov 20, 2026), lowest 0 (Nov 9, 2026)": a long series by its ends, the rest is looked at. */
function narrateSeries(by: string, rows: MetricBreakdown['rows']): string {
  const known = rows.filter((row) => row.value !== null);
  const [first] = known;
  if (!first) return `There is no ${by} with data.`;
  const higher = (a: typeof first, b: typeof first) => ((b.value ?? 0) > (a.value ?? 0) ? b : a);
  const lower = (a: typeof first, b: typeof first) => ((b.value ?? 0) < (a.value ?? 0) ? b : a);
  const highest = known.reduce(higher);
  // What is still counted into is low only because it is not over.
  const over = known.filter(({ label }) => !label.endsWith(' so far'));
  const lowest = (over.length > 0 ? over : known).reduce(lower);
  if (highest.text === lowest.text) return `By ${by}: ${first.text} each ${by}.`;
  return `By ${by}: highest ${highest.text} (${highest.label}), lowest ${lowest.text} (${lowest.label}).`;
}

const MOST_TABLE_ROWS = 2_000;

/** A table of the breakdown, and a chart where one was asked for and fits. */
export function answerExhibits(answer: MetricAnswer): Exhibit[] {
  const { breakdown, picture } = answer;
  if (picture) return pictureExhibits(picture);
  if (!breakdown || breakdown.rows.length === 0) return [];
  const chart = chartOfAnswer(answer, breakdown, narrateBreakdown(breakdown));
  return chart ? [chart, tableOf(answer, breakdown)] : [tableOf(answer, breakdown)];
}

function tableOf(answer: MetricAnswer, breakdown: MetricBreakdown): Exhibit {
  const originals = breakdown.rows.some((row) => row.originals.length > 0);
  const shown = breakdown.rows.slice(0, MOST_TABLE_ROWS);
  const reasons = shown.some((row) => row.detail !== undefined);
  const past = pastOf(answer, breakdown);
  return {
    kind: 'table',
    title: `${answer.title} by ${breakdown.by}, ${answer.when}`,
    columns: [
      { header: breakdown.by.charAt(0).toUpperCase() + breakdown.by.slice(1), align: 'left' },
      { header: answer.title, align: 'right' },
      ...past.headers.map((header) => ({ header, align: 'right' as const })),
      ...(reasons ? [{ header: 'Why', align: 'left' as const }] : []),
      ...(originals ? [{ header: 'Original currencies', align: 'right' as const }] : []),
    ],
    rows: shown.map((row, at) => [
      row.label,
      row.text,
      ...past.cells(row.value, at),
      ...(reasons ? [row.detail ?? ''] : []),
      ...(originals ? [row.originals.map((original) => original.text).join(', ')] : []),
    ]),
  };
}

/** The same step of the period compared with, and the difference. */
function pastOf(answer: MetricAnswer, { compared }: MetricBreakdown) {
  const metric = findMetric(answer.metric);
  const { comparison } = answer;
  if (!compared || !comparison || !metric) return { headers: [], cells: () => [] };
  const currency = answer.money?.currency ?? comparison.money?.currency ?? 'USD';
  return {
    headers: [periodName(comparison.when), 'Change'],
    cells: (value: number | null, at: number) => {
      const before = compared[at] ?? null;
      const change = value === null || before === null ? null : value - before;
      return [
        formatValue(metric, before, currency),
        change === null ? '' : formatDifference(metric, change, currency),
      ];
    },
  };
}
