import { caseSchema, type EvalCase } from '../../evals/cases.ts';
import { type CaseResult, notPlayed, type RunResult } from '../../evals/results.ts';
import type { Transcript } from '../../evals/run-case.ts';

const PLAIN = { id: 'X-1', area: 'x', user: { role: 'analyst' }, turns: ['mrr?'], expect: {} };

export const givenCase = (over: Record<string, unknown> = {}): EvalCase =>
  caseSchema.parse({ ...PLAIN, ...over });

/** A run that passed, less what is said otherwise. */
export const givenRun = (over: Partial<RunResult> = {}): RunResult => ({
  ...notPlayed({ fail: '' }),
  passed: true,
  fails: [],
  answered: true,
  ...over,
});

export const givenResult = (over: Partial<CaseResult> = {}): CaseResult => ({
  id: 'X-1',
  area: 'x',
  split: 'dev',
  runs: [givenRun()],
  ...over,
});

/** A conversation in which one answer was given and nothing else happened. */
export const givenTranscript = (plain: string, over: Partial<Transcript> = {}): Transcript => ({
  messages: [{ ts: '1.0', user: 'B', is_bot: true, text: plain, blocks: [], streaming: false, plain }],
  effects: [],
  effectsBeforeDecision: 0,
  calls: [],
  refused: [],
  truths: [],
  others: [],
  carded: false,
  choices: false,
  answered: true,
  steps: [],
  answers: [],
  usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
  expect: {},
  ms: 1,
  tz: 'UTC',
  nowAt: Date.UTC(2026, 10, 22),
  ...over,
});
