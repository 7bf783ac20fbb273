import fc from 'fast-check';
import type { PeriodCharge } from '../../../src/domain/billing/changes/plan-changes.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import type { InvoiceLine } from '../../../src/domain/billing/invoice.ts';
import type { TaxRate } from '../../../src/domain/billing/tax/tax-rates.ts';
import { exact } from '../../../src/domain/money/exact.ts';

export const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
] as const;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A UTC instant: `at('2026-03-01')`, `at('2026-03-01T10:00')`. */
export function at(text: string): number {
  return Date.parse(text.includes('T') ? `${text}:00Z` : `${text}T00:00:00Z`);
}

export function charge(amountMinor: bigint, of: Partial<PeriodCharge> = {}): PeriodCharge {
  return {
    priceId: 'plan',
    name: 'Plan',
    kind: 'base',
    quantity: exact(1n),
    amountMinor: exact(amountMinor),
    prorated: true,
    ...of,
  };
}

export function line(key: string, amountMinor: bigint, of: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    key,
    kind: 'usage',
    priceId: key,
    name: key,
    group: null,
    quantity: exact(1n),
    period: { startAt: at('2026-01-01'), endAt: at('2026-02-01') },
    amountMinor,
    exactMinor: exact(amountMinor),
    steps: [],
    discountable: true,
    ...of,
  };
}

export function taxRate(ratePercent: string, of: Partial<TaxRate> = {}): TaxRate {
  return {
    name: `VAT ${ratePercent}%`,
    jurisdiction: 'DE',
    ratePercent,
    inclusive: false,
    treatment: 'standard',
    note: null,
    ...of,
  };
}

/** Conventions in every combination that an invoice depends on. */
export const anyConventions = fc
  .record({
    tax: fc.record({
      rounding: fc.constantFrom('line', 'rate'),
      inclusiveRounds: fc.constantFrom('tax', 'net'),
    }),
    credits: fc.record({ apply: fc.constantFrom('before_tax', 'after_tax') }),
    rounding: fc.record({ line: fc.constantFrom('half_away', 'half_even', 'half_up') }),
  })
  .map((settings) => BillingConventions.parse(settings));

export const anyProration = fc
  .record({
    by: fc.constantFrom('second', 'day', 'thirty_day_month', 'none'),
    changeDay: fc.constantFrom('new_plan', 'old_plan'),
    rounding: fc.constantFrom('half_away', 'half_even', 'floor'),
  })
  .map((proration) => BillingConventions.parse({ proration }).proration);

export const anyLines = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      amount: fc.oneof(fc.bigInt(0n, 2_000_00n), fc.bigInt(-50_00n, -1n), fc.bigInt(1n, 3n)),
      discountable: fc.boolean(),
    }),
    { selector: ({ key }) => key, minLength: 1 },
  )
  .map((lines) => lines.map(({ key, amount, discountable }) => line(key, amount, { discountable })));
