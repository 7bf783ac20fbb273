import { UserError } from '../../lib/errors.ts';
import { sumMinor } from './apportion.ts';
import type { BillingConventions } from './conventions.ts';
import { applyDiscounts } from './discounts/apply-discounts.ts';
import type { HeldCoupon } from './discounts/coupon.ts';
import { type AppliedCredit, type CreditGrant, creditLines, creditTotal } from './discounts/credits.ts';
import type { CalculatedInvoice, InvoiceLine, ServicePeriod } from './invoice.ts';
import { calculateTaxes } from './tax/calculate-tax.ts';
import type { TaxRate } from './tax/tax-rates.ts';

export interface InvoiceRequest {
  customerId: string;
  entityId: string;
  currency: string;
  period: ServicePeriod;
  /** The instant of the invoice, by which coupons and credits are in force. */
  at: number;
  /** The customer's time zone. */
  tz: string;
  /** In any order. */
  lines: readonly InvoiceLine[];
  coupons: readonly HeldCoupon[];
  grants: readonly CreditGrant[];
  /** What the customer owes from before (above 0) or has in their favour (below 0), as Stripe signs it. */
  balanceMinor: bigint;
  /** What is due below this is not charged but carried over (Stripe's minimum charge); 0: nothing is. */
  minimumChargeMinor: bigint;
  /** Already decided, so that this stays a calculation. */
  taxesOf: (line: InvoiceLine) => readonly TaxRate[];
  conventions: BillingConventions;
}

/** A calculated invoice with what became of credits and the balance. */
export interface InvoiceOutcome extends CalculatedInvoice {
  credits: readonly AppliedCredit[];
  /** The part of `taxMinor` that stands inside the lines' amounts. */
  inclusiveTaxMinor: bigint;
  /** What came from the balance: above 0 where it paid, below 0 where it added what was owed. */
  balanceUsedMinor: bigint;
  balanceAfterMinor: bigint;
}

/**
 * An invoice from its lines: discounts, credits before tax, taxes, credits after tax, balance. Lines are brought into
 * the order of their keys, so that neither their order nor that of coupons or credits matters.
 * subtotal - discounts - credits before tax + tax - inclusive tax = total; total - credits after tax - balance used =
 * due; and never below 0: what remains in the customer's favour goes onto the balance.
 * Throws `invalid_input` for two lines with one key.
 */
export function calculateInvoice(request: InvoiceRequest): InvoiceOutcome {
  const { currency, at, tz, conventions } = request;
  const lines = inKeyOrder(request.lines);
  const context = { currency, at, tz, rounding: conventions.rounding.line };
  const { discounts, leftMinor } = applyDiscounts(lines, request.coupons, context);
  const before = conventions.credits.apply === 'before_tax';
  const credited = creditLines(
    lines.map((line) => ({ ...line, amountMinor: leftMinor.get(line.key) ?? 0n })),
    before ? request.grants : [],
    context,
  );
  const taxes = calculateTaxes(
    lines.map((line) => ({
      key: line.key,
      amountMinor: credited.leftMinor.get(line.key) ?? 0n,
      rates: request.taxesOf(line),
    })),
    { rule: conventions.tax, rounding: conventions.rounding.line },
  );
  const taxMinor = sumMinor(taxes.map((tax) => tax.amountMinor));
  const inclusiveTaxMinor = sumMinor(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amountMinor));
  const totalMinor = sumMinor(credited.leftMinor.values()) + taxMinor - inclusiveTaxMinor;
  const afterTax = creditTotal(totalMinor, before ? [] : request.grants, context);
  const settled = settleBalance(afterTax.leftMinor, request.balanceMinor, request.minimumChargeMinor);
  return {
    customerId: request.customerId,
    entityId: request.entityId,
    currency,
    period: request.period,
    lines,
    discounts,
    taxes,
    credits: [...credited.credits, ...afterTax.credits],
    subtotalMinor: sumMinor(lines.map((line) => line.amountMinor)),
    discountMinor: sumMinor(discounts.map((discount) => discount.amountMinor)),
    creditsBeforeTaxMinor: sumMinor(credited.credits.map((credit) => credit.amountMinor)),
    taxMinor,
    inclusiveTaxMinor,
    totalMinor,
    creditsAfterTaxMinor: sumMinor(afterTax.credits.map((credit) => credit.amountMinor)),
    ...settled,
  };
}

function inKeyOrder(lines: readonly InvoiceLine[]): InvoiceLine[] {
  const sorted = [...lines].sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  const twice = sorted.find((line, index) => line.key === sorted[index + 1]?.key);
  if (twice) throw new UserError('invalid_input', `Two lines of the invoice are the same: ${twice.key}.`);
  return sorted;
}

interface Settled {
  balanceUsedMinor: bigint;
  balanceAfterMinor: bigint;
  dueMinor: bigint;
}

/** What is owed together with the balance: due now, or carried over where it is below 0 or too small to charge. */
export function settleBalance(owedMinor: bigint, balanceMinor: bigint, minimumMinor: bigint): Settled {
  const together = owedMinor + balanceMinor;
  const carried = together < minimumMinor || together < 0n;
  const dueMinor = carried ? 0n : together;
  const balanceAfterMinor = carried ? together : 0n;
  return { dueMinor, balanceAfterMinor, balanceUsedMinor: owedMinor - dueMinor };
}
