import { z } from 'zod';
import type { MrrPolicy } from '../domain/mrr/policy.ts';
import { UserError } from '../lib/errors.ts';
import { BillingFile } from './billing/file.ts';
import { runBillingCase } from './billing/run.ts';
import { ClassificationFile } from './classification/file.ts';
import { runClassification } from './classification/run.ts';
import { ForecastFile } from './forecast/file.ts';
import { runForecastCases } from './forecast/run.ts';
import { MrrFile } from './mrr-file.ts';
import { type CaseResult, type GoldenReport, reportOf } from './result.ts';
import { answersDiffer, runFormulaCase, runMrrCase } from './run-mrr.ts';
import { SurvivalFile } from './survival/file.ts';
import { runSurvivalCases } from './survival/run.ts';

const KINDS = ['mrr', 'billing', 'decisions', 'forecast', 'survival', 'classification'] as const;

const AnyFile = z.looseObject({ kind: z.enum(KINDS) });

/** Where the kinds this version has no part for keep their cases. */
const OtherFile = z.looseObject({
  cases: z.array(z.looseObject({ id: z.string() })).optional(),
  dataset: z.string().optional(),
});

/**
 * Runs a golden file given as text. Throws `invalid_input`, in one sentence, when it is not JSON, has no known
 * kind, or a case is malformed; `not_found` when no case has the id.
 */
export function runGoldenFile(text: string, options: { id?: string; beside?: Beside }): GoldenReport {
  const json = parseJson(text);
  const file = AnyFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  const { kind } = file.data;
  const cases = runCases(kind, json, options);
  if (options.id !== undefined && cases.length === 0) {
    throw new UserError('not_found', `The file has no case "${options.id}".`);
  }
  return reportOf(kind, cases);
}

/** The text of a file that stands next to the golden file. */
type Beside = (name: string) => string;

function runCases(
  kind: (typeof KINDS)[number],
  json: unknown,
  { id, beside }: { id?: string; beside?: Beside },
): CaseResult[] {
  if (kind === 'mrr') return runMrrFile(json, id);
  if (kind === 'billing') return runBillingFile(json, id);
  if (kind === 'survival') return runSurvivalFile(json, id);
  if (kind === 'classification') return runClassificationFile(json, id, beside);
  if (kind === 'forecast') return runForecastFile(json, id);
  return unsupportedCases(kind, json, id);
}

function runClassificationFile(
  json: unknown,
  id: string | undefined,
  beside: Beside | undefined,
): CaseResult[] {
  const file = ClassificationFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  const name = file.data.dataset.match(/^[\w.-]+\.csv/i)?.[0] ?? '';
  if (beside === undefined) throw new UserError('invalid_input', `The table ${name} is not at hand.`);
  return runClassification(file.data, beside(name), id);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      'invalid_input',
      `The file is not JSON: ${error instanceof Error ? error.message : 'unreadable'}.`,
    );
  }
}

function malformed(error: z.ZodError): UserError {
  const issue = error.issues[0];
  const where = issue?.path.length ? issue.path.map(String).join('.') : 'the top level';
  return new UserError(
    'invalid_input',
    `The file is not a golden file: ${where}: ${issue?.message ?? 'malformed'}.`,
  );
}

function runMrrFile(json: unknown, id: string | undefined): CaseResult[] {
  const file = MrrFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  const chosen = <T extends { id: string }>(items: T[]) =>
    items.filter((item) => id === undefined || item.id === id);
  return [...chosen(file.data.cases).map(runMrrCase), ...chosen(file.data.metric_cases).map(runFormulaCase)];
}

function runBillingFile(json: unknown, id: string | undefined): CaseResult[] {
  const file = BillingFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  return file.data.cases.filter((item) => id === undefined || item.id === id).map(runBillingCase);
}

function runSurvivalFile(json: unknown, id: string | undefined): CaseResult[] {
  const file = SurvivalFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  return runSurvivalCases(file.data, id);
}

function runForecastFile(json: unknown, id: string | undefined): CaseResult[] {
  const file = ForecastFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  return runForecastCases(file.data, id);
}

/**
 * The cases of an MRR file to which another policy gives another answer, by id. Throws `invalid_input` for any other
 * file.
 */
export function changedCases(text: string, change: (policy: MrrPolicy) => MrrPolicy): string[] {
  const file = MrrFile.safeParse(parseJson(text));
  if (!file.success) throw malformed(file.error);
  return file.data.cases.filter((golden) => answersDiffer(golden, change) === true).map(({ id }) => id);
}

function unsupportedCases(kind: string, json: unknown, id: string | undefined): CaseResult[] {
  const file = OtherFile.safeParse(json);
  if (!file.success) throw malformed(file.error);
  const { cases = [], dataset } = file.data;
  const ids = cases.map((item) => item.id);
  const all = ids.length === 0 ? [dataset ?? kind] : ids;
  const reason = `this version of Psi has no ${kind} part yet`;
  return all
    .filter((name) => id === undefined || name === id)
    .map((name) => ({ id: name, status: 'unsupported', reason }));
}
