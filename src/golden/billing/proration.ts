import type { CaseResult } from '../result.ts';
import { runByShape } from './case-values.ts';
import type { BillingCase } from './file.ts';
import { datedCycles, seatChanges } from './proration-amounts.ts';
import {
  alignedDate,
  anchorDates,
  anchorMonthCase,
  billCycleDayCase,
  trialMovesAnchor,
} from './proration-anchors.ts';
import { halfPeriod } from './proration-changes.ts';
import { dayShare, minimumSpend, monthFactor } from './proration-days.ts';
import { creditPlace, recognisedMonths } from './proration-facts.ts';

/** Periods, shares of them, and what changes within them. */
export function runProrationCase(golden: BillingCase): CaseResult {
  return runByShape(golden, [
    seatChanges,
    datedCycles,
    monthFactor,
    billCycleDayCase,
    alignedDate,
    dayShare,
    minimumSpend,
    halfPeriod,
    creditPlace,
    anchorDates,
    anchorMonthCase,
    trialMovesAnchor,
    recognisedMonths,
  ]);
}
