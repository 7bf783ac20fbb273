import { z } from 'zod';
import { allocate, sumMinor } from '../../domain/billing/apportion.ts';
import {
  calculateTaxes,
  effectiveTaxRate,
  type TaxableLine,
} from '../../domain/billing/tax/calculate-tax.ts';
import type { TaxRate } from '../../domain/billing/tax/tax-rates.ts';
import { add, exact } from '../../domain/money/exact.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import {
  Decimal,
  Minor,
  majorOf,
  minorJson,
  runByShape,
  settingsOf,
  shownAs,
  wholeMinor,
} from './case-values.ts';
import type { BillingCase } from './file.ts';
import { rule } from './rule.ts';

/** Taxes over lines with a coupon, and prices that include tax. */
export function runTaxCase(golden: BillingCase): CaseResult {
  return runByShape(golden, [taxedLines, inclusivePrice]);
}

/** Lines with one or more rates; a coupon is spread over them by amount before tax. */
const taxedLines = rule(
  z.strictObject({
    lines: z.array(z.strictObject({ amount_minor: Minor, taxes: z.array(Decimal) })).min(1),
    coupon_minor: Minor.default(0n),
  }),
  (input, golden) => {
    const conventions = settingsOf(golden);
    const amounts = input.lines.map((line) => line.amount_minor);
    const whole = sumMinor(amounts);
    const off = allocate(input.coupon_minor < whole ? input.coupon_minor : whole, amounts);
    const lines: TaxableLine[] = input.lines.map((line, index) => ({
      key: String(index),
      amountMinor: line.amount_minor - (off[index] ?? 0n),
      rates: line.taxes.map((percent) => rateOf(percent, false)),
    }));
    const taxes = calculateTaxes(lines, { rule: conventions.tax, rounding: conventions.rounding.line });
    const byRate = taxes.map((tax): [string, Json] => [tax.ratePercent, minorJson(tax.amountMinor)]);
    const effective = effectiveTaxRate(lines, taxes);
    return {
      got: {
        tax_by_rate_minor: Object.fromEntries(byRate),
        total_tax_minor: minorJson(sumMinor(taxes.map((tax) => tax.amountMinor))),
        effective_rate_percent: shownAs(effective, golden.expected.effective_rate_percent),
      },
    };
  },
);

/** What of a price that includes tax is tax. A rule named in the case comes before its vendor's. */
const inclusivePrice = rule(
  z.strictObject({
    gross: Decimal,
    tax_percent: Decimal,
    rule: z.string().optional(),
    currency: z.string().default('USD'),
  }),
  (input, golden) => {
    const conventions = settingsOf(golden);
    const rounds = input.rule === undefined ? conventions.tax.inclusiveRounds : readRule(input.rule);
    if (rounds === null) return { unsupported: `the rule "${input.rule}" is not one this product has` };
    const digits = exponentOf(input.currency);
    const gross = wholeMinor(input.gross, digits);
    const line = { key: 'line', amountMinor: gross, rates: [rateOf(input.tax_percent, true)] };
    const [tax] = calculateTaxes([line], {
      rule: { ...conventions.tax, inclusiveRounds: rounds },
      rounding: conventions.rounding.line,
    });
    return {
      got: { net: majorOf(tax?.baseMinor ?? gross, digits), tax: majorOf(tax?.amountMinor ?? 0n, digits) },
    };
  },
);

function readRule(text: string): 'tax' | 'net' | null {
  const match = /^round (tax|net)$/i.exec(text.trim());
  if (!match) return null;
  return match[1]?.toLowerCase() === 'tax' ? 'tax' : 'net';
}

function rateOf(ratePercent: string, inclusive: boolean): TaxRate {
  // "10" and "10.0" are one rate.
  const percent = add(exact(ratePercent)).numerator === 0n ? '0' : ratePercent;
  return {
    name: `Tax ${percent}%`,
    jurisdiction: '',
    ratePercent: percent,
    inclusive,
    treatment: 'standard',
    note: null,
  };
}
