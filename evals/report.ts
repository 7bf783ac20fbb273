import { type Baseline, type CaseResult, differences, type Summary, summarize } from './results.ts';
import type { Split } from './splits.ts';

export interface Row {
  name: string;
  summary: Summary;
}

const SPLIT_WORDS: Record<Split, string> = { dev: 'dev', test: 'test (held out)', given: 'given' };

/** One row for each split there is, and one for all where there are several. */
export function splitRows(results: readonly CaseResult[]): Row[] {
  const splits = [...new Set(results.map((result) => result.split))].sort();
  const rows = splits.map((split) => ({
    name: SPLIT_WORDS[split],
    summary: summarize(results.filter((result) => result.split === split)),
  }));
  return rows.length > 1 ? [...rows, { name: 'all', summary: summarize(results) }] : rows;
}

/** One row for each area, whatever the split. */
export function areaRows(results: readonly CaseResult[]): Row[] {
  const areas = [...new Set(results.map((result) => result.area))].sort();
  return areas.map((name) => ({
    name,
    summary: summarize(results.filter((result) => result.area === name)),
  }));
}

export const COLUMNS = [
  'cases',
  'pass^1',
  'pass^4',
  'Wilson 95 %',
  'right tool',
  'hard',
  'invalid',
  'median ms',
  'cpu ms',
  'calls',
  'tok. in',
  'tok. out',
];

const percent = (value: number) => `${(100 * value).toFixed(0)}%`;

/** A summary as the cells under COLUMNS; what could not be measured is "n/a", what does not apply "-". */
export function cells(summary: Summary): string[] {
  const { interval, toolRight } = summary;
  return [
    String(summary.cases),
    percent(summary.passOne),
    summary.passFour === null ? '-' : percent(summary.passFour),
    `${percent(interval.low)}-${percent(interval.high)}`,
    toolRight.of === 0 ? '-' : `${percent(toolRight.share)} of ${toolRight.of}`,
    String(summary.hard),
    String(summary.invalid),
    summary.medianMs.toFixed(0),
    summary.medianCpuMs === null ? 'n/a' : summary.medianCpuMs.toFixed(0),
    summary.callsEach.toFixed(1),
    summary.inputTokensEach.toFixed(0),
    summary.outputTokensEach.toFixed(0),
  ];
}

/** Every reason a case did not pass, each once over its runs. */
export function reasonsOf(result: CaseResult): string[] {
  const reasons = result.runs.flatMap((run) => [
    ...(run.invalid === null ? [] : [`INVALID ${run.invalid}`]),
    ...run.hardFails.map((fail) => `HARD ${fail}`),
    ...run.fails,
  ]);
  return [...new Set(reasons)];
}

/** What is printed at the end: per area and split, what failed, and what changed against the baseline. */
export function reportText(results: readonly CaseResult[], baseline: Baseline | null, mode: string): string {
  const rows = [...areaRows(results), ...splitRows(results)];
  const lines = [
    `mode ${mode}`,
    ...aligned([['', ...COLUMNS], ...rows.map(({ name, summary }) => [name, ...cells(summary)])]),
  ];
  for (const result of results) {
    for (const reason of reasonsOf(result)) lines.push(`fail ${result.id}: ${reason}`);
  }
  if (baseline) {
    const changed = differences(results, baseline);
    lines.push(changed.length > 0 ? 'against the baseline:' : 'no difference to the baseline');
    lines.push(...changed.map(({ id, change }) => `${change} ${id}`));
  }
  return lines.join('\n');
}

function aligned(table: readonly string[][]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
