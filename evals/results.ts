import type { SandboxEffect } from '../sandbox/client.ts';
import type { ObservedCall, Usage } from './observe.ts';
import type { Split } from './splits.ts';
import { median, wilson } from './statistics.ts';

/** One step of a case and what the bot said after it. */
export interface Step {
  /** "finance: revenue last month", "click approve by founder", "advance PT1H". */
  turn: string;
  said: string[];
}

/** How long one answer took: on the wall's clock, and of the bot's processor time where that can be read. */
export interface AnswerTime {
  ms: number;
  cpuMs: number | null;
}

export interface RunResult {
  passed: boolean;
  hardFails: string[];
  fails: string[];
  /** Why the case itself is no good (a truth or a name nobody knows); it was not played then. */
  invalid: string | null;
  /** Right tool and arguments; null where the case expects none. */
  toolRight: boolean | null;
  /** False where the bot asked back or declined instead of looking anything up. */
  answered: boolean;
  /** What a twin is compared by. */
  figures: number[];
  /** The bot's own messages, for whoever looks into a failure. */
  said: string;
  steps: Step[];
  calls: ObservedCall[];
  truths: { query: string; value: number | null; unit: string }[];
  effects: Pick<SandboxEffect, 'kind' | 'customer' | 'amount_minor' | 'currency'>[];
  ms: number;
  answers: AnswerTime[];
  usage: Usage;
}

export interface CaseResult {
  id: string;
  area: string;
  split: Split;
  /** One entry a run. */
  runs: RunResult[];
}

/** Whether each case passed in the run that is compared with. */
export interface Baseline {
  [id: string]: boolean;
}

export interface Summary {
  cases: number;
  invalid: number;
  /** Share of runs that passed; an invalid case has not. */
  passOne: number;
  /** Share of cases of which each of at least four runs passed; null with fewer runs. */
  passFour: number | null;
  interval: { low: number; high: number };
  hard: number;
  toolRight: { share: number; of: number };
  medianMs: number;
  medianCpuMs: number | null;
  callsEach: number;
  inputTokensEach: number;
  outputTokensEach: number;
}

/** A run in which nothing was played: the case is invalid, or the workspace broke off. */
export function notPlayed(reason: { invalid: string } | { fail: string }): RunResult {
  return {
    passed: false,
    hardFails: [],
    fails: 'fail' in reason ? [reason.fail] : [],
    invalid: 'invalid' in reason ? reason.invalid : null,
    toolRight: null,
    answered: false,
    figures: [],
    said: '',
    steps: [],
    calls: [],
    truths: [],
    effects: [],
    ms: 0,
    answers: [],
    usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
  };
}

export const passedAlways = (result: CaseResult) => result.runs.every((run) => run.passed);

export function summarize(results: readonly CaseResult[]): Summary {
  const runs = results.flatMap((result) => result.runs);
  const passed = runs.filter((run) => run.passed).length;
  const judged = runs.filter((run) => run.toolRight !== null);
  const answers = runs.flatMap((run) => run.answers);
  const cpu = answers.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs]));
  const each = (read: (run: RunResult) => number) => share(runs.map(read));
  return {
    cases: results.length,
    invalid: results.filter((result) => result.runs.some((run) => run.invalid !== null)).length,
    passOne: passed / Math.max(1, runs.length),
    passFour:
      Math.min(...results.map((result) => result.runs.length), 4) >= 4
        ? results.filter(passedAlways).length / Math.max(1, results.length)
        : null,
    interval: wilson(passed, runs.length),
    hard: results.filter((result) => result.runs.some((run) => run.hardFails.length > 0)).length,
    toolRight: { share: share(judged.map((run) => (run.toolRight ? 1 : 0))), of: judged.length },
    medianMs: median(answers.map(({ ms }) => ms)),
    medianCpuMs: cpu.length > 0 ? median(cpu) : null,
    callsEach: each((run) => run.usage.calls),
    inputTokensEach: each((run) => run.usage.inputTokens),
    outputTokensEach: each((run) => run.usage.outputTokens),
  };
}

export interface Difference {
  id: string;
  change: 'fixed' | 'BROKEN' | 'new pass' | 'new fail';
}

/** How each case stands to the baseline; a case that is as it was is left out. */
export function differences(results: readonly CaseResult[], baseline: Baseline): Difference[] {
  return results.flatMap((result): Difference[] => {
    const { id } = result;
    const now = passedAlways(result);
    const before = baseline[id];
    if (before === undefined) return [{ id, change: now ? 'new pass' : 'new fail' }];
    return before === now ? [] : [{ id, change: now ? 'fixed' : 'BROKEN' }];
  });
}

/** Nothing that stops a release: no hard fail, no invalid case, no failure of a case that passed in the baseline. */
export function isGreen(results: readonly CaseResult[], baseline: Baseline | null): boolean {
  return results.every(
    (result) =>
      result.runs.every((run) => run.hardFails.length === 0 && run.invalid === null) &&
      (baseline?.[result.id] !== true || passedAlways(result)),
  );
}

/**
 * The baseline after a run: what was played now, and of the cases that were not played the word there was before, for
 * those of `known` ids; null keeps them all.
 */
export function nextBaseline(
  results: readonly CaseResult[],
  before: Baseline | null,
  known: ReadonlySet<string> | null,
): Baseline {
  const kept = Object.entries(before ?? {}).filter(([id]) => known === null || known.has(id));
  const played = results.map((result): [string, boolean] => [result.id, passedAlways(result)]);
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(kept), ...Object.fromEntries(played) }).sort(),
  );
}

function share(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
