import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import { cycleLines, type SubscribedCharges } from '../../../src/domain/billing/changes/cycle-lines.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import {
  cancel,
  extendByTrial,
  moveAnchor,
  planCycles,
  type SubscriptionTerms,
  subscriptionTerms,
} from '../../../src/domain/billing/cycles/plan-cycles.ts';
import type { InvoiceLine } from '../../../src/domain/billing/invoice.ts';
import { calculateDifference } from '../../../src/domain/billing/rating/difference.ts';
import { at, charge, DAY_MS } from './given.ts';

const START = at('2026-01-31');
const terms = subscriptionTerms({ interval: { unit: 'month', count: 1 }, startAt: START, tz: 'UTC' });

function charges(of: Partial<SubscribedCharges> = {}): SubscribedCharges {
  return {
    subscriptionId: 'sub_1',
    tz: 'UTC',
    rule: BillingConventions.parse({}).proration,
    initial: [charge(2800n)],
    changes: [],
    inArrears: new Set(),
    ...of,
  };
}

/** All lines of the subscription's life until an instant. */
function dueLines(of: SubscribedCharges, by: SubscriptionTerms, asOf: number): InvoiceLine[] {
  return planCycles(by, { startAt: START, endAt: asOf + 1 }).flatMap((cycle) => cycleLines(of, cycle, asOf));
}

/** A run: what it bills, and all that is billed after it. */
function run(lines: readonly InvoiceLine[], billed: readonly InvoiceLine[]) {
  const bills = calculateDifference(billed, lines);
  return { bills, billed: [...billed, ...bills] };
}

const amounts = (lines: readonly InvoiceLine[]) => lines.map((line) => line.amountMinor);

describe('what a cycle owes', () => {
  it('is billed in advance on the first day, in arrears on the last', () => {
    const both = charges({
      initial: [charge(2800n), charge(500n, { priceId: 'support', kind: 'add_on' })],
      inArrears: new Set(['support']),
    });
    expect(amounts(dueLines(both, terms, START))).toEqual([2800n]);
    expect(amounts(dueLines(both, terms, at('2026-02-28')))).toEqual([2800n, 500n, 2800n]);
  });

  it('is nothing in a trial', () => {
    const onTrial = extendByTrial(terms, at('2026-02-28'), at('2026-03-15'));
    expect(amounts(dueLines(charges(), onTrial, at('2026-03-14')))).toEqual([2800n]);
    expect(amounts(dueLines(charges(), onTrial, at('2026-03-15')))).toEqual([2800n, 2800n]);
  });

  it('follows a change of plan: prorated now, at the new price from the next period on', () => {
    const upgraded = charges({
      changes: [{ at: at('2026-02-14'), sequence: 1, priceId: 'plan', charge: charge(5600n) }],
    });
    expect(amounts(dueLines(upgraded, terms, at('2026-02-13')))).toEqual([2800n]);
    expect(amounts(dueLines(upgraded, terms, at('2026-02-14')))).toEqual([2800n, -1400n, 2800n]);
    expect(amounts(dueLines(upgraded, terms, at('2026-02-28')))).toEqual([2800n, -1400n, 2800n, 5600n]);
  });
});

describe('runs one after the other', () => {
  it('bill each thing once', () => {
    const first = run(dueLines(charges(), terms, START), []);
    const again = run(dueLines(charges(), terms, START), first.billed);
    const next = run(dueLines(charges(), terms, at('2026-02-28')), again.billed);
    expect([first.bills, again.bills, next.bills].map(amounts)).toEqual([[2800n], [], [2800n]]);
  });

  it('give back what a cancellation at once did not serve', () => {
    const first = run(dueLines(charges(), terms, START), []);
    const cancelled = cancel(terms, at('2026-02-14'), 'at_once');
    const second = run(dueLines(charges(), cancelled, at('2026-02-14')), first.billed);
    expect(amounts(second.bills)).toEqual([-1400n]);
  });

  it('give back the rest of a period that a moved anchor cut', () => {
    const first = run(dueLines(charges(), terms, START), []);
    const moved = moveAnchor(terms, at('2026-02-14'), { at: at('2026-02-14'), tz: 'UTC', day: null });
    const second = run(dueLines(charges(), moved, at('2026-02-14')), first.billed);
    expect(amounts(second.bills)).toEqual([2800n, -1400n]);
  });

  it('come to the same, however often and late they run', () => {
    const anyChange = fc.record({
      day: fc.integer({ min: 0, max: 100 }),
      amount: fc.option(fc.bigInt(0n, 9999n)),
    });
    fc.assert(
      fc.property(
        fc.array(anyChange, { maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 119 }), { maxLength: 6 }),
        (changed, runDays) => {
          const of = charges({
            changes: changed.map(({ day, amount }, index) => ({
              at: START + day * DAY_MS,
              sequence: index,
              priceId: 'plan',
              charge: amount === null ? null : charge(amount),
            })),
          });
          let billed: readonly InvoiceLine[] = [];
          for (const day of [...runDays, 120].sort((one, other) => one - other)) {
            billed = run(dueLines(of, terms, START + day * DAY_MS), billed).billed;
          }
          const once = dueLines(of, terms, START + 120 * DAY_MS);
          expect(sumMinor(amounts(billed))).toBe(sumMinor(amounts(once)));
          expect(run(once, billed).bills).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });
});
