import {
  add,
  divide,
  type Exact,
  exact,
  fraction,
  multiply,
  type Rounding,
  roundTo,
  subtract,
} from '../../money/exact.ts';
import { apportion, sumExact, sumMinor } from '../apportion.ts';
import type { BillingConventions } from '../conventions.ts';
import type { AppliedTax, LineShare } from '../invoice.ts';
import type { TaxRate } from './tax-rates.ts';

/** What a line is taxed on: its amount after discounts and credits before tax, with the tax in it if `inclusive`. */
export interface TaxableLine {
  key: string;
  amountMinor: bigint;
  rates: readonly TaxRate[];
}

export interface TaxRounding {
  rule: BillingConventions['tax'];
  rounding: Rounding;
}

/** The taxes of one line for one rate, before they are put together by rate. */
interface LinePart {
  lineKey: string;
  rate: TaxRate;
  baseMinor: bigint;
  exactTax: Exact;
}

/**
 * The taxes of an invoice, one entry a rate (name, jurisdiction, percentage, inclusive or not), in the order lines
 * name them. Shares sum to each tax. By `line` every line is rounded by itself; by `rate` the rate's exact sum is
 * rounded once and laid back over the lines by largest remainder. Of an amount that includes tax, the tax is rounded
 * and the net amount is the rest (`tax`), or the other way round (`net`).
 */
export function calculateTaxes(lines: readonly TaxableLine[], how: TaxRounding): AppliedTax[] {
  const parts = lines.flatMap(partsOf);
  const names = [...new Set(parts.map(({ rate }) => rateKey(rate)))];
  const taxes = names.map((name) => {
    const ofRate = parts.filter(({ rate }) => rateKey(rate) === name);
    return appliedTax(ofRate, how);
  });
  return withInclusiveBases(taxes, lines);
}

function rateKey(rate: TaxRate): string {
  return [
    rate.jurisdiction,
    rate.name,
    rate.ratePercent,
    String(rate.inclusive),
    rate.treatment,
    rate.note ?? '',
  ].join('|');
}

function partsOf(line: TaxableLine): LinePart[] {
  const inclusive = line.rates.filter((rate) => rate.inclusive);
  const gross = exact(line.amountMinor);
  const net = divide(gross, add(exact(1n), sumExact(inclusive.map(shareOfRate))));
  return line.rates.map((rate) => ({
    lineKey: line.key,
    rate,
    baseMinor: line.amountMinor,
    exactTax: multiply(net, shareOfRate(rate)),
  }));
}

function shareOfRate(rate: TaxRate): Exact {
  return divide(exact(rate.ratePercent), exact(100n));
}

function appliedTax(parts: readonly LinePart[], how: TaxRounding): AppliedTax {
  const [first] = parts;
  if (!first) throw new RangeError('a tax is of at least one line');
  const { rate } = first;
  const shares = how.rule.rounding === 'line' ? sharesByLine(parts, how) : sharesByRate(parts, how);
  return {
    name: rate.name,
    jurisdiction: rate.jurisdiction,
    ratePercent: rate.ratePercent,
    inclusive: rate.inclusive,
    treatment: rate.treatment,
    baseMinor: sumMinor(parts.map(({ baseMinor }) => baseMinor)),
    amountMinor: sumMinor(shares.map(({ amountMinor }) => amountMinor)),
    note: rate.note,
    shares,
  };
}

function sharesByLine(parts: readonly LinePart[], how: TaxRounding): LineShare[] {
  return parts.map((part) => ({
    lineKey: part.lineKey,
    amountMinor: roundTax(part.exactTax, part.baseMinor, part.rate, how),
  }));
}

function sharesByRate(parts: readonly LinePart[], how: TaxRounding): LineShare[] {
  const [first] = parts;
  if (!first) return [];
  const exactTaxes = parts.map(({ exactTax }) => exactTax);
  const base = sumMinor(parts.map(({ baseMinor }) => baseMinor));
  const total = roundTax(sumExact(exactTaxes), base, first.rate, how);
  const shared = apportion(total, exactTaxes);
  return parts.map(({ lineKey }, index) => ({ lineKey, amountMinor: shared[index] ?? 0n }));
}

/** Where the net amount is what is rounded, the tax is what is left of the gross one. */
function roundTax(exactTax: Exact, baseMinor: bigint, rate: TaxRate, how: TaxRounding): bigint {
  if (!rate.inclusive || how.rule.inclusiveRounds === 'tax') return roundTo(exactTax, 0, how.rounding);
  return baseMinor - roundTo(subtract(exact(baseMinor), exactTax), 0, how.rounding);
}

/** The base of every tax of a line whose amount includes tax is without all of the included taxes. */
function withInclusiveBases(taxes: readonly AppliedTax[], lines: readonly TaxableLine[]): AppliedTax[] {
  const included = new Map<string, bigint>();
  for (const tax of taxes) {
    if (!tax.inclusive) continue;
    for (const share of tax.shares) {
      included.set(share.lineKey, (included.get(share.lineKey) ?? 0n) + share.amountMinor);
    }
  }
  if (included.size === 0) return [...taxes];
  const amounts = new Map(lines.map((line) => [line.key, line.amountMinor]));
  return taxes.map((tax) => ({
    ...tax,
    baseMinor: sumMinor(
      tax.shares.map(({ lineKey }) => (amounts.get(lineKey) ?? 0n) - (included.get(lineKey) ?? 0n)),
    ),
  }));
}

/**
 * The percentage that all taxes are of what they were taken of, exact; of an invoice of 0, the lines' own percentages
 * averaged over the number of lines (Lago's rule), and 0 without lines.
 */
export function effectiveTaxRate(lines: readonly TaxableLine[], taxes: readonly AppliedTax[]): Exact {
  const base = sumMinor(lines.map(({ amountMinor }) => amountMinor));
  if (base !== 0n) {
    const inclusive = sumMinor(taxes.filter((tax) => tax.inclusive).map(({ amountMinor }) => amountMinor));
    const all = sumMinor(taxes.map(({ amountMinor }) => amountMinor));
    if (base !== inclusive) return fraction(100n * all, base - inclusive);
  }
  if (lines.length === 0) return exact(0n);
  const percents = lines.map((line) => sumExact(line.rates.map(({ ratePercent }) => exact(ratePercent))));
  return divide(sumExact(percents), exact(BigInt(lines.length)));
}
