import type { CaseResult } from '../result.ts';
import { runAggregationCase } from './aggregation.ts';
import { runCouponCase } from './coupon.ts';
import { runCreditNoteCase } from './creditnote.ts';
import type { BillingCase } from './file.ts';
import { runLateEventCase } from './late-event.ts';
import { runProrationCase } from './proration.ts';
import { runRoundingCase } from './rounding.ts';
import { runTaxCase } from './tax.ts';
import { runTierCase } from './tier.ts';

/** Runs the cases of one kind. Which rule a case asks for is read from its convention and the shape of its input, never from its id. */
export type BillingRunner = (golden: BillingCase) => CaseResult;

/** One file a kind: ./<kind>.ts. */
const RUNNERS: ReadonlyMap<string, BillingRunner> = new Map([
  ['aggregation', runAggregationCase],
  ['late-event', runLateEventCase],
  ['rounding', runRoundingCase],
  ['tier', runTierCase],
  ['proration', runProrationCase],
  ['coupon', runCouponCase],
  ['creditnote', runCreditNoteCase],
  ['tax', runTaxCase],
]);

/** One billing case, by its kind. */
export function runBillingCase(golden: BillingCase): CaseResult {
  const run = RUNNERS.get(golden.kind);
  if (!run)
    return { id: golden.id, status: 'unsupported', reason: `no rule for cases of kind ${golden.kind}` };
  return run(golden);
}
