import {
  add,
  compare,
  type Exact,
  exact,
  isZero,
  least,
  multiply,
  subtract,
  ZERO,
} from '../../money/exact.ts';
import type { RatingStep } from '../invoice.ts';
import type { ReadPercentage } from './compile.ts';
import { free, priced } from './steps.ts';

interface Tally {
  freeTotal: Exact;
  /** The part that the rate is taken of, of events between least and most. */
  charged: Exact;
  events: bigint;
  atLeast: bigint;
  atMost: bigint;
}

/**
 * A rate and a fixed fee of every event, between a least and a most. The free allowance ends with the free events or
 * the free total, whichever is used up first; an event that is free only in part is charged for the rest, fixed fee
 * included (Lago, "Percentage charge model").
 */
export function percentageSteps(rule: ReadPercentage, events: readonly Exact[]): RatingStep[] {
  const tally: Tally = { freeTotal: ZERO, charged: ZERO, events: 0n, atLeast: 0n, atMost: 0n };
  const hasAllowance = rule.freeEvents !== null || rule.freeTotal !== null;
  let freeEventsLeft = hasAllowance ? (rule.freeEvents ?? Number.POSITIVE_INFINITY) : 0;
  let freeLeft = rule.freeTotal;
  for (const value of events) {
    if (freeEventsLeft <= 0) {
      charge(rule, value, tally);
      continue;
    }
    const freePart = freeLeft === null ? value : least(value, freeLeft);
    tally.freeTotal = add(tally.freeTotal, freePart);
    freeLeft = freeLeft === null ? null : subtract(freeLeft, freePart);
    freeEventsLeft -= 1;
    if (compare(freePart, value) < 0) {
      freeEventsLeft = 0;
      charge(rule, subtract(value, freePart), tally);
    }
  }
  return stepsOf(rule, tally);
}

function charge(rule: ReadPercentage, value: Exact, tally: Tally): void {
  const amount = add(multiply(value, rule.rate), rule.fixed);
  if (rule.least !== null && compare(amount, rule.least) < 0) {
    tally.atLeast += 1n;
  } else if (rule.most !== null && compare(amount, rule.most) > 0) {
    tally.atMost += 1n;
  } else {
    tally.events += 1n;
    tally.charged = add(tally.charged, value);
  }
}

function stepsOf(rule: ReadPercentage, tally: Tally): RatingStep[] {
  const steps = isZero(tally.freeTotal) ? [] : [free('free total', tally.freeTotal)];
  if (!isZero(tally.charged)) steps.push(priced('rate', tally.charged, rule.rate));
  if (tally.events > 0n && !isZero(rule.fixed)) {
    steps.push(priced('fixed fee', exact(tally.events), rule.fixed));
  }
  if (rule.least !== null && tally.atLeast > 0n) {
    steps.push(priced('least per event', exact(tally.atLeast), rule.least));
  }
  if (rule.most !== null && tally.atMost > 0n) {
    steps.push(priced('most per event', exact(tally.atMost), rule.most));
  }
  return steps;
}
