import { areaRows, COLUMNS, cells, type Row, reasonsOf, splitRows } from './report.ts';
import { type Baseline, type CaseResult, differences, passedAlways, type RunResult } from './results.ts';

export interface ReportHead {
  mode: string;
  startedAt: number;
  tookMs: number;
  runs: number;
  workers: number;
}

/** The whole run as Markdown: figures, the difference to the baseline, and every failure with its transcript. */
export function reportMarkdown(
  results: readonly CaseResult[],
  baseline: Baseline | null,
  head: ReportHead,
): string {
  const failed = results.filter((result) => !passedAlways(result));
  const invalid = failed.filter((result) => result.runs.some((run) => run.invalid !== null));
  const wrong = failed.filter((result) => !invalid.includes(result));
  return [
    '# Evals',
    `Mode ${head.mode}, ${new Date(head.startedAt).toISOString()}, ${results.length} cases, runs ${head.runs}, workers ${head.workers}, ${(head.tookMs / 60_000).toFixed(1)} min.`,
    '## Splits',
    table(splitRows(results)),
    '## Areas',
    table(areaRows(results)),
    '## Against the baseline',
    differenceText(results, baseline),
    `## Invalid cases (${invalid.length})`,
    invalid.map((result) => `- ${result.id}: ${reasonsOf(result).join('; ')}`).join('\n') || 'None.',
    `## Failures (${wrong.length})`,
    wrong.map(failure).join('\n\n') || 'None.',
  ].join('\n\n');
}

function table(rows: readonly Row[]): string {
  return [
    ['', ...COLUMNS],
    ['---', ...COLUMNS.map(() => '---:')],
    ...rows.map(({ name, summary }) => [name, ...cells(summary)]),
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function differenceText(results: readonly CaseResult[], baseline: Baseline | null): string {
  if (!baseline) return 'There is no baseline.';
  const changed = differences(results, baseline);
  const kinds = ['BROKEN', 'fixed', 'new fail', 'new pass'] as const;
  const lines = kinds.flatMap((kind) => {
    const ids = changed.filter(({ change }) => change === kind).map(({ id }) => id);
    return ids.length > 0 ? [`- ${kind} (${ids.length}): ${ids.join(', ')}`] : [];
  });
  return lines.join('\n') || 'No difference.';
}

function failure(result: CaseResult): string {
  const failing = result.runs.filter((run) => !run.passed);
  const run = failing[0];
  const often = result.runs.length > 1 ? `, ${failing.length} of ${result.runs.length} runs` : '';
  return [
    `### ${result.id} (${result.split}, ${result.area}${often})`,
    reasonsOf(result)
      .map((reason) => `- ${reason}`)
      .join('\n'),
    run ? transcript(run) : '',
  ].join('\n\n');
}

function transcript(run: RunResult): string {
  const lines = [
    ...run.steps.flatMap(({ turn, said }) => [`> ${turn}`, ...said.map((text) => `Psi: ${text}`)]),
    ...run.calls.map(({ tool, input }) => `call ${tool} ${JSON.stringify(input)}`),
    ...run.truths.map(({ query, value, unit }) => `truth ${query} = ${value} ${unit}`),
    ...run.effects.map((effect) => `effect ${JSON.stringify(effect)}`),
  ];
  const text = lines.join('\n');
  const fence = '`'.repeat(Math.max(3, longestFence(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** What a customer wrote may hold a fence of its own. */
function longestFence(text: string): number {
  return Math.max(0, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
}
