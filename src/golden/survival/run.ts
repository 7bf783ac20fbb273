import { UserError } from '../../lib/errors.ts';
import type { CaseResult } from '../result.ts';
import { runCoxCase } from './cox-case.ts';
import { runAftCase, runCurveCase, runLogRankCase } from './curve-cases.ts';
import { AftCase, CoxCase, CurveCase, LogRankCase, type SurvivalFile } from './file.ts';
import { type Frame, frameOf } from './frame.ts';
import { Comparison, toleranceOf } from './judge.ts';

/** Every case of the file, in its order: Cox models, curves, log-rank tests, accelerated failure time models. */
export function runSurvivalCases(file: SurvivalFile, id: string | undefined): CaseResult[] {
  const tolerance = toleranceOf(file.tolerance);
  const run = <C extends Case>(
    cases: readonly C[],
    known: readonly string[],
    name: (golden: C, at: number) => string,
    judge: (golden: C, frame: Frame, comparison: Comparison) => { unsupported: string } | undefined,
  ) =>
    cases.flatMap((golden, at): CaseResult[] => {
      const own = name(golden, at);
      if (id !== undefined && id !== own) return [];
      return [
        judged(
          golden,
          own,
          known,
          (frame) => {
            const comparison = new Comparison(own, tolerance);
            const refused = judge(golden, frame, comparison);
            return refused
              ? { id: own, status: 'unsupported', reason: refused.unsupported }
              : comparison.result();
          },
          file,
        ),
      ];
    });
  return [
    ...run(file.cases, Object.keys(CoxCase.shape), (golden) => golden.id, runCoxCase),
    ...run(file.kaplan_meier, Object.keys(CurveCase.shape), (golden) => golden.id, runCurveCase),
    ...run(
      file.logrank,
      Object.keys(LogRankCase.shape),
      ({ id: own }, at) => own ?? `logrank_${at + 1}`,
      runLogRankCase,
    ),
    ...run(file.aft, Object.keys(AftCase.shape), (golden) => golden.id, runAftCase),
  ];
}

type Case = { id?: string | undefined; formula: string; data?: string | undefined };

/** A figure the case expects and nobody computes is said, never passed over; what a fit refuses fails in its words. */
function judged(
  golden: Case,
  id: string,
  known: readonly string[],
  judge: (frame: Frame) => CaseResult,
  file: SurvivalFile,
): CaseResult {
  const strange = Object.keys(golden).filter((key) => !known.includes(key));
  if (strange.length > 0) {
    return {
      id,
      status: 'unsupported',
      reason: `it expects ${strange.join(', ')}, which this product does not compute`,
    };
  }
  const frame = frameOf(golden, file.data);
  if ('unsupported' in frame) return { id, status: 'unsupported', reason: frame.unsupported };
  try {
    return judge(frame);
  } catch (error) {
    if (error instanceof UserError) return { id, status: 'fail', got: error.message, expected: 'a fit' };
    throw error;
  }
}
