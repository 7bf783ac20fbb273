import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { projectRoot } from '../src/lib/paths.ts';
import { play } from './play.ts';
import { reportText } from './report.ts';
import { reportMarkdown } from './report-markdown.ts';
import { type Baseline, type CaseResult, isGreen, nextBaseline, passedAlways } from './results.ts';
import { type PlacedCase, readGiven, readSplits, splitChoice } from './splits.ts';
import { compareTwins, withOriginals } from './twins.ts';

const MODEL_VARIABLES = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'PSI_MODEL'];
const LATEST = 'data/evals/latest.md';

function options(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cases: { type: 'string' },
      split: { type: 'string', default: 'all' },
      area: { type: 'string' },
      id: { type: 'string' },
      runs: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      json: { type: 'string' },
      markdown: { type: 'string' },
      'write-baseline': { type: 'boolean', default: false },
    },
  });
  const number = (name: 'runs' | 'workers') => z.coerce.number().int().min(1).max(64).parse(values[name]);
  return { ...values, runs: number('runs'), workers: number('workers') };
}

/**
 * `npm run evals`: exit status 1 when a case hard-fails or is invalid, or when one that passed in the baseline fails.
 */
export async function runEvals(argv: readonly string[]): Promise<number> {
  const chosen = options(argv);
  const root = projectRoot();
  const all = chosen.cases
    ? readGiven(chosen.cases)
    : readSplits(join(root, 'evals'), splitChoice(chosen.split));
  const placed = choose(all, chosen);
  const startedAt = Date.now();
  const played = await play(placed, {
    runs: chosen.runs,
    workers: chosen.workers,
    env: modelEnvironment(),
    onResult: (result) => process.stderr.write(`${wordOf(result)} ${result.id}\n`),
  });
  const { mode } = played;
  const results = compareTwins(
    placed.map(({ testCase }) => testCase),
    played.results,
  );
  const baselinePath = join(root, 'evals', `baseline.${mode === 'rules' ? 'rules' : 'model'}.json`);
  const baseline = readBaseline(baselinePath);
  process.stdout.write(`${reportText(results, baseline, mode)}\n`);
  const tookMs = Date.now() - startedAt;
  const head = { mode, startedAt, tookMs, runs: chosen.runs, workers: chosen.workers };
  const markdown = `${reportMarkdown(results, baseline, head)}\n`;
  for (const path of [join(root, LATEST), chosen.markdown]) if (path) write(path, markdown);
  if (chosen.json) write(chosen.json, JSON.stringify({ mode, results }, null, 2));
  if (chosen['write-baseline']) {
    const everything = !chosen.cases && chosen.split === 'all';
    const known = everything ? new Set(all.map(({ testCase }) => testCase.id)) : null;
    write(baselinePath, `${JSON.stringify(nextBaseline(results, baseline, known), null, 2)}\n`);
  }
  return isGreen(results, baseline) ? 0 : 1;
}

/** The cases asked for, with the originals of the twins among them. */
function choose(
  all: readonly PlacedCase[],
  { area, id }: { area?: string | undefined; id?: string | undefined },
): PlacedCase[] {
  const cases = all.map(({ testCase }) => testCase);
  const wanted = cases.filter((testCase) => (!area || testCase.area === area) && (!id || testCase.id === id));
  const complete = new Map(withOriginals(cases, wanted).map((testCase) => [testCase.id, testCase]));
  return all.flatMap(({ split, testCase }) => {
    const found = complete.get(testCase.id);
    return found ? [{ split, testCase: found }] : [];
  });
}

function wordOf(result: CaseResult): string {
  if (result.runs.some((run) => run.invalid !== null)) return 'invalid';
  return passedAlways(result) ? 'pass' : 'fail';
}

function modelEnvironment(): Record<string, string> {
  return Object.fromEntries(
    MODEL_VARIABLES.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? '']] : [])),
  );
}

function readBaseline(path: string): Baseline | null {
  if (!existsSync(path)) return null;
  return z.record(z.string(), z.boolean()).parse(JSON.parse(readFileSync(path, 'utf8')));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (process.argv[1]?.endsWith('evals/main.js')) process.exitCode = await runEvals(process.argv.slice(2));
