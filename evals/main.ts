import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { launch } from '../sandbox/launch.ts';
import { projectRoot } from '../src/lib/paths.ts';
import { type EvalCase, onlyAsks, readCases } from './cases.ts';
import { type Baseline, type CaseResult, reportText } from './report.ts';
import { runCase } from './run-case.ts';
import { figuresShown, plainOf, scoreCase } from './score.ts';
import { compareTwins, withOriginals } from './twins.ts';

const MODEL_VARIABLES = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'PSI_MODEL'];

/** `npm run evals`: exit status 1 when a case hard-fails or one that passed in the baseline fails. */
export async function runEvals(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cases: { type: 'string' },
      area: { type: 'string' },
      id: { type: 'string' },
      runs: { type: 'string', default: '1' },
      json: { type: 'string' },
      'write-baseline': { type: 'boolean', default: false },
    },
  });
  const path = values.cases ?? join(projectRoot(), 'evals/cases');
  const all = readCases(path, statSync(path).isDirectory());
  const cases = withOriginals(
    all,
    all.filter(
      (testCase) =>
        (!values.area || testCase.area === values.area) && (!values.id || testCase.id === values.id),
    ),
  );
  const played = await runAll(cases, Number(values.runs));
  const { mode } = played;
  const results = compareTwins(cases, played.results);
  const baselinePath = join(projectRoot(), 'evals', `baseline.${mode === 'rules' ? 'rules' : 'model'}.json`);
  const baseline = existsSync(baselinePath)
    ? (z
        .record(z.string(), z.boolean())
        .parse(JSON.parse(readFileSync(baselinePath, 'utf8'))) satisfies Baseline)
    : null;
  process.stdout.write(`${reportText(results, baseline, mode)}\n`);
  if (values.json) writeFileSync(values.json, JSON.stringify({ mode, results }, null, 2));
  if (values['write-baseline']) writeBaseline(baselinePath, results);
  const hard = results.some((result) => result.runs.some((run) => run.hardFails.length > 0));
  const broken = results.some(
    (result) => baseline?.[result.id] === true && result.runs.some((run) => !run.passed),
  );
  return hard || broken ? 1 : 0;
}

/** One workspace for each distinct `now`; it is reset before a case unless nothing has happened in it yet. */
async function runAll(
  cases: readonly EvalCase[],
  runs: number,
): Promise<{ results: CaseResult[]; mode: string }> {
  const results = new Map<string, CaseResult>();
  let mode = 'rules';
  const env = Object.fromEntries(
    MODEL_VARIABLES.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? '']] : [])),
  );
  for (const now of new Set(cases.map((testCase) => testCase.now))) {
    const workspace = await launch({ env: { ...env, SANDBOX_NOW: now } });
    mode = workspace.mode;
    // Just launched, but on the machine's own seed and scale: the first case starts from a reset as well.
    let untouched = false;
    try {
      for (const testCase of cases.filter((candidate) => candidate.now === now)) {
        const result: CaseResult = { id: testCase.id, area: testCase.area, runs: [] };
        for (let run = 0; run < runs; run += 1) {
          if (!untouched || !onlyAsks(testCase)) await workspace.client.reset({ now });
          const { leftTraces, ...scored } = await runOnce(testCase, workspace);
          untouched = onlyAsks(testCase) && !leftTraces;
          result.runs.push(scored);
        }
        results.set(testCase.id, result);
        const passed = result.runs.every((each) => each.passed);
        process.stderr.write(`${passed ? 'pass' : 'fail'} ${testCase.id}\n`);
      }
    } finally {
      await workspace.stop();
    }
  }
  return { results: [...results.values()], mode };
}

type RunResult = CaseResult['runs'][number];

/** `leftTraces`: something remains in the workspace that a later case could stumble over. */
async function runOnce(
  testCase: EvalCase,
  workspace: Awaited<ReturnType<typeof launch>>,
): Promise<RunResult & { leftTraces: boolean }> {
  try {
    const seen = await runCase(testCase, workspace.client, workspace.dataDir);
    const leftTraces = seen.effects.length > 0 || seen.carded;
    return {
      ...scoreCase(seen),
      figures: figuresShown(seen),
      said: plainOf(seen),
      ms: seen.ms,
      usage: seen.usage,
      leftTraces,
    };
  } catch (error) {
    const usage = { calls: 0, inputTokens: 0, outputTokens: 0 };
    return {
      passed: false,
      hardFails: [],
      fails: [String(error)],
      figures: [],
      said: '',
      ms: 0,
      usage,
      leftTraces: true,
    };
  }
}

function writeBaseline(path: string, results: readonly CaseResult[]): void {
  const entries = results.map((result) => [result.id, result.runs.every((run) => run.passed)]);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(entries.sort()), null, 2)}\n`);
}

if (process.argv[1]?.endsWith('evals/main.js')) process.exitCode = await runEvals(process.argv.slice(2));
