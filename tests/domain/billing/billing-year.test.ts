import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import { calculateInvoice } from '../../../src/domain/billing/calculate-invoice.ts';
import { cycleLines } from '../../../src/domain/billing/changes/cycle-lines.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { planCycles, subscriptionTerms } from '../../../src/domain/billing/cycles/plan-cycles.ts';
import type { InvoiceLine } from '../../../src/domain/billing/invoice.ts';
import { calculateDifference } from '../../../src/domain/billing/rating/difference.ts';
import { charge, taxRate } from './given.ts';

describe('a year of a customer in Los Angeles, anchored on the 31st, in yen', () => {
  const tz = 'America/Los_Angeles';
  const startAt = Date.parse('2028-01-31T09:00:00-08:00');
  const terms = subscriptionTerms({ interval: { unit: 'month', count: 1 }, startAt, tz });
  const upgradeAt = Date.parse('2028-03-12T12:00:00-07:00');
  const charges = {
    subscriptionId: 'sub',
    tz,
    rule: BillingConventions.parse({ proration: { by: 'day' } }).proration,
    initial: [charge(10_000n)],
    changes: [{ at: upgradeAt, sequence: 1, priceId: 'plan', charge: charge(20_000n) }],
    inArrears: new Set<string>(),
  };
  const cycles = planCycles(terms, { startAt, endAt: Date.parse('2029-01-31T00:00:00-08:00') });

  it('begins every period at nine on the last day of its month at the latest', () => {
    const local = cycles.map(({ period }) =>
      new Date(period.startAt).toLocaleString('sv-SE', { timeZone: tz }).slice(5, 16),
    );
    expect(local).toEqual([
      '01-31 09:00',
      '02-29 09:00',
      '03-31 09:00',
      '04-30 09:00',
      '05-31 09:00',
      '06-30 09:00',
      '07-31 09:00',
      '08-31 09:00',
      '09-30 09:00',
      '10-31 09:00',
      '11-30 09:00',
      '12-31 09:00',
    ]);
  });

  it('bills every month once, the upgrade by its days, and a balance until it is used up', () => {
    let billed: readonly InvoiceLine[] = [];
    let balanceMinor = -25_000n;
    const due: bigint[] = [];
    for (const cycle of cycles.slice(0, 4)) {
      const lines = calculateDifference(
        billed,
        cycles
          .filter(({ period }) => period.startAt <= cycle.period.startAt)
          .flatMap((one) => cycleLines(charges, one, cycle.period.startAt)),
      );
      billed = [...billed, ...lines];
      const invoice = calculateInvoice({
        customerId: 'c',
        entityId: 'e',
        currency: 'JPY',
        period: cycle.period,
        at: cycle.period.startAt,
        tz,
        lines,
        coupons: [],
        grants: [],
        balanceMinor,
        minimumChargeMinor: 50n,
        taxesOf: () => [taxRate('10')],
        conventions: BillingConventions.parse({}),
      });
      balanceMinor = invoice.balanceAfterMinor;
      due.push(invoice.dueMinor);
    }
    // March 12 to 31 are 19 of 31 days: -6,129 and +12,258 beside April's 20,000, each with 10% tax.
    expect(due).toEqual([0n, 0n, 25_742n, 22_000n]);
    expect(sumMinor(billed.map((line) => line.amountMinor))).toBe(
      10_000n + 10_000n + 6_129n + 20_000n + 20_000n,
    );
  });
});
