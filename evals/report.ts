import type { Usage } from './observe.ts';

export interface CaseResult {
  id: string;
  area: string;
  /** One entry a run. */
  runs: {
    passed: boolean;
    hardFails: string[];
    fails: string[];
    /** What a twin is compared by. */
    figures: number[];
    /** The bot's own messages, for whoever looks into a failure. */
    said: string;
    ms: number;
    usage: Usage;
  }[];
}

export interface Baseline {
  [id: string]: boolean;
}

/** Wilson score interval, 95 % (Wilson 1927). */
export function wilson(successes: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const p = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (p + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

const percent = (value: number) => `${(100 * value).toFixed(0)}%`.padStart(4);

/** The table printed at the end: per area and overall, what failed, and what changed against the baseline. */
export function reportText(results: readonly CaseResult[], baseline: Baseline | null, mode: string): string {
  const areas = [...new Set(results.map((result) => result.area))].sort();
  const lines = [
    `mode ${mode}`,
    'area             cases  pass^1  pass^4   95% interval   median ms   mdl calls   tok. in   tok. out',
  ];
  for (const area of [...areas, null]) lines.push(areaLine(results, area));
  for (const result of results) {
    const reasons = new Set(
      result.runs.flatMap((run) => [...run.hardFails.map((fail) => `HARD ${fail}`), ...run.fails]),
    );
    for (const reason of reasons) lines.push(`fail ${result.id}: ${reason}`);
  }
  if (baseline) lines.push(...differences(results, baseline));
  return lines.join('\n');
}

function areaLine(results: readonly CaseResult[], area: string | null): string {
  const mine = results.filter((result) => area === null || result.area === area);
  const runs = mine.flatMap((result) => result.runs);
  const passed = runs.filter((run) => run.passed).length;
  const always = mine.filter((result) => result.runs.every((run) => run.passed)).length;
  const runsEach = mine[0]?.runs.length ?? 0;
  const interval = wilson(passed, runs.length);
  const passAll = runsEach >= 4 ? percent(always / Math.max(1, mine.length)) : '   -';
  const name = (area ?? 'all').padEnd(15);
  const each = (read: (run: CaseResult['runs'][number]) => number, digits: number) =>
    (runs.reduce((sum, run) => sum + read(run), 0) / Math.max(1, runs.length)).toFixed(digits);
  return [
    `${name} ${String(mine.length).padStart(6)}  ${percent(passed / Math.max(1, runs.length))}    ${passAll}`,
    `${percent(interval.low)} -${percent(interval.high)}`,
    median(runs.map((run) => run.ms))
      .toFixed(0)
      .padStart(9),
    each((run) => run.usage.calls, 1).padStart(10),
    each((run) => run.usage.inputTokens, 0).padStart(8),
    each((run) => run.usage.outputTokens, 0).padStart(9),
  ].join('   ');
}

function differences(results: readonly CaseResult[], baseline: Baseline): string[] {
  const changed = results.flatMap((result) => {
    const now = result.runs.every((run) => run.passed);
    const before = baseline[result.id];
    if (before === undefined) return [`new ${result.id}: ${now ? 'pass' : 'fail'}`];
    return before === now ? [] : [`${now ? 'fixed' : 'BROKEN'} ${result.id}`];
  });
  return changed.length > 0 ? ['against the baseline:', ...changed] : ['no difference to the baseline'];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
