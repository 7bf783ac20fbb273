import type { Exact } from '../money/exact.ts';
import type { TaxTreatment } from './tax/tax-rates.ts';

/** Half-open [startAt, endAt), epoch ms UTC. */
export interface ServicePeriod {
  startAt: number;
  endAt: number;
}

/** One step of how a line's amount came about, replayable: "10,000 of tier 1 at 0.05 = 500". Amounts in minor units. */
export interface RatingStep {
  /** "tier 2", "package", "included", "flat", "minimum", "proration", "rounding". */
  rule: string;
  quantity: Exact;
  unitAmount: Exact | null;
  amount: Exact;
}

export type LineKind =
  | 'base'
  | 'usage'
  | 'seats'
  | 'add_on'
  | 'proration'
  | 'minimum'
  | 'late_usage'
  | 'adjustment';

/** One line before discounts and tax. */
export interface InvoiceLine {
  /** Stable over re-runs of the same period: made from subscription, price, group and service period. */
  key: string;
  kind: LineKind;
  priceId: string;
  name: string;
  /** The value of the meter's group ("geocoding"); null where it has none. */
  group: string | null;
  quantity: Exact;
  period: ServicePeriod;
  /** Rounded to the minor unit under the entity's conventions; negative for credits of a proration. */
  amountMinor: bigint;
  /** Before rounding. */
  exactMinor: Exact;
  steps: readonly RatingStep[];
  /** False for prorations that already contain the discount in force when the change was made. */
  discountable: boolean;
}

/** A part of a line that a discount, credit or tax takes or adds. Parts of all lines sum to the whole exactly. */
export interface LineShare {
  lineKey: string;
  amountMinor: bigint;
}

export interface AppliedDiscount {
  couponId: string;
  name: string;
  amountMinor: bigint;
  shares: readonly LineShare[];
}

export interface AppliedTax {
  /** "DE VAT 19%". */
  name: string;
  jurisdiction: string;
  ratePercent: string;
  inclusive: boolean;
  treatment: TaxTreatment;
  /** What the rate was taken of. */
  baseMinor: bigint;
  amountMinor: bigint;
  /** The words the law wants: "Reverse charge"; null where none. */
  note: string | null;
  shares: readonly LineShare[];
}

/**
 * An invoice as calculated: subtotal (sum of lines) - discounts - credits before tax + exclusive tax = total;
 * total - credits after tax - balance used = due. Every sum is exact in minor units.
 */
export interface CalculatedInvoice {
  customerId: string;
  entityId: string;
  currency: string;
  /** The cycle it closes. */
  period: ServicePeriod;
  lines: readonly InvoiceLine[];
  discounts: readonly AppliedDiscount[];
  taxes: readonly AppliedTax[];
  subtotalMinor: bigint;
  discountMinor: bigint;
  creditsBeforeTaxMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  creditsAfterTaxMinor: bigint;
  dueMinor: bigint;
}

export const INVOICE_STATES = ['draft', 'open', 'paid', 'void', 'uncollectible', 'deleted'] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];
