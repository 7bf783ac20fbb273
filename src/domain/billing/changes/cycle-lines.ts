import type { Cycle } from '../cycles/plan-cycles.ts';
import type { InvoiceLine } from '../invoice.ts';
import type { ProrationRule } from '../proration.ts';
import {
  type ChangedPeriod,
  type ChargeChange,
  type PeriodCharge,
  periodLines,
  prorateInAdvance,
  prorateInArrears,
} from './plan-changes.ts';

/** What a subscription charges without usage: base fees, seats, add-ons. */
export interface SubscribedCharges {
  subscriptionId: string;
  tz: string;
  rule: ProrationRule;
  /** At the subscription's start. */
  initial: readonly PeriodCharge[];
  /** Over its whole life, in any order. */
  changes: readonly ChargeChange[];
  /** Prices that are billed at the end of a period rather than at its beginning. */
  inArrears: ReadonlySet<string>;
}

/**
 * All lines of a cycle that are due by `asOf`, whatever of them was billed already: prices in advance from its first
 * instant on, with prorations for the changes made until then, prices in arrears when it is over. Nothing in a trial.
 * With `calculateDifference` a run bills what is new since the one before, and a cycle that was cut by a cancellation or a
 * moved anchor gives back what it billed for longer.
 */
export function cycleLines(charges: SubscribedCharges, cycle: Cycle, asOf: number): InvoiceLine[] {
  if (cycle.trial || asOf < cycle.period.startAt) return [];
  const period = (arrears: boolean, until: number): ChangedPeriod => ({
    subscriptionId: charges.subscriptionId,
    whole: cycle.whole,
    served: cycle.period,
    initial: charges.initial.filter(({ priceId }) => charges.inArrears.has(priceId) === arrears),
    changes: charges.changes.filter(
      ({ priceId, at }) => charges.inArrears.has(priceId) === arrears && at <= until,
    ),
    rule: charges.rule,
    tz: charges.tz,
  });
  const advance = period(false, asOf);
  const over = asOf >= cycle.period.endAt;
  return [
    ...periodLines(advance),
    ...prorateInAdvance(advance),
    ...(over ? prorateInArrears(period(true, cycle.period.endAt)) : []),
  ];
}
