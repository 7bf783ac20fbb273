import type { CaseResult } from '../result.ts';
import type { BillingCase } from './file.ts';

/** Runs the cases of one kind. Which rule a case asks for is read from its convention and the shape of its input, never from its id. */
export type BillingRunner = (golden: BillingCase) => CaseResult;

/** One file a kind: ./<kind>.ts. */
const RUNNERS: ReadonlyMap<string, BillingRunner> = new Map();

/** One billing case, by its kind. */
export function runBillingCase(golden: BillingCase): CaseResult {
  const run = RUNNERS.get(golden.kind);
  if (!run)
    return { id: golden.id, status: 'unsupported', reason: `no rule for cases of kind ${golden.kind}` };
  return run(golden);
}
