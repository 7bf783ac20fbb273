import { UserError } from '../../lib/errors.ts';
import type { CaseResult } from '../result.ts';
import { runAggregationCase } from './aggregation.ts';
import { runCouponCase } from './coupon.ts';
import { runCreditNoteCase } from './creditnote.ts';
import { runDunningCase } from './dunning.ts';
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
  ['proration', runProrationCase],
  ['coupon', runCouponCase],
  ['creditnote', runCreditNoteCase],
  ['tax', runTaxCase],
  ['aggregation', runAggregationCase],
  ['dunning', runDunningCase],
  ['late-event', runLateEventCase],
  ['rounding', runRoundingCase],
  ['tier', runTierCase],
]);

/** One billing case, by its kind. What the product refuses to calculate is unsupported, in its own words. */
export function runBillingCase(golden: BillingCase): CaseResult {
  const run = RUNNERS.get(golden.kind);
  if (!run)
    return { id: golden.id, status: 'unsupported', reason: `no rule for cases of kind ${golden.kind}` };
  try {
    return run(golden);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { id: golden.id, status: 'unsupported', reason: error.message };
  }
}
