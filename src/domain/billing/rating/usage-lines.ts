import { add, type Exact, exact } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { InvoiceLine, LineKind, RatingStep, ServicePeriod } from '../invoice.ts';
import type { Price } from '../price.ts';
import type { LimitContext } from './limits.ts';
import type { RatingContext } from './rate.ts';
import { ratePrice } from './rate-price.ts';
import { once } from './steps.ts';

/** Usage of one price over one period. */
export interface UsageToBill {
  price: Pick<Price, 'id' | 'name' | 'pricing' | 'included' | 'limits'>;
  /** Of the meter's groups, the one the quantity is of; null: of all of them. */
  group: string | null;
  quantity: Exact;
  period: ServicePeriod;
  context?: Omit<RatingContext, 'included'> & LimitContext;
  /** Stable over re-runs; a usage line and a minimum have one each. */
  keyOf: (kind: LineKind) => string;
}

/**
 * The lines of a period's usage: one for what was used, a maximum taken off it as a step, and one that fills the
 * period up to its minimum where that is owed. Usage that comes to nothing is still a line: it says what was free.
 */
export function usageLines(usage: UsageToBill, conventions: BillingConventions): InvoiceLine[] {
  const { price, quantity, context } = usage;
  const rated = ratePrice(price, quantity, conventions, context);
  const { amountMinor, exactMinor, steps } = rated.usage;
  const takenOff = exact(-rated.discountMinor);
  const used = lineOf(usage, 'usage', {
    quantity,
    amountMinor: amountMinor - rated.discountMinor,
    exactMinor: add(exactMinor, takenOff),
    steps: rated.discountMinor === 0n ? steps : [...steps, once('maximum', takenOff)],
  });
  if (rated.minimumMinor === 0n) return [used];
  return [used, minimumLine(usage, rated.minimumMinor)];
}

function minimumLine(usage: UsageToBill, minimumMinor: bigint): InvoiceLine {
  const amount = exact(minimumMinor);
  return lineOf(usage, 'minimum', {
    quantity: exact(1n),
    amountMinor: minimumMinor,
    exactMinor: amount,
    steps: [once('minimum', amount)],
  });
}

interface Amounts {
  quantity: Exact;
  amountMinor: bigint;
  exactMinor: Exact;
  steps: readonly RatingStep[];
}

function lineOf({ price, group, period, keyOf }: UsageToBill, kind: LineKind, amounts: Amounts): InvoiceLine {
  const line = { key: keyOf(kind), kind, priceId: price.id, name: price.name, group, period };
  return { ...line, ...amounts, discountable: true };
}
