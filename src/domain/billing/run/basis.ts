import { z } from 'zod';
import { exact, fraction, toDecimal } from '../../money/exact.ts';
import { calculateInvoice, type InvoiceOutcome } from '../calculate-invoice.ts';
import type { BillingConventions } from '../conventions.ts';
import { lineKey } from '../line-key.ts';
import { Price } from '../price.ts';
import { usageLines } from '../rating/usage-lines.ts';
import { TAX_TREATMENTS } from '../tax/tax-rates.ts';

const Count = z.number().int();

/**
 * Everything an invoice of usage beyond the plan is calculated from, as it is kept with the run: the same basis under
 * the same conventions gives the same invoice.
 */
export const UsageBasis = z.strictObject({
  entityId: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  plan: z.string(),
  /** Calls of the period that the plan contains. */
  included: Count,
  /** Minor units of the currency for a thousand calls more; null where the catalogue names none. */
  perThousand: Count.nullable(),
  calls: Count,
  categories: z.array(z.strictObject({ category: z.string(), calls: Count })),
  startAt: Count,
  endAt: Count,
  tz: z.string(),
  rates: z.array(
    z.strictObject({
      name: z.string(),
      jurisdiction: z.string(),
      ratePercent: z.string(),
      inclusive: z.boolean(),
      treatment: z.enum(TAX_TREATMENTS),
      note: z.string().nullable(),
    }),
  ),
  /** What is missing to decide the tax; null where it is decided. */
  taxMissing: z.string().nullable(),
});
export type UsageBasis = z.infer<typeof UsageBasis>;

/** The price of calls beyond a plan. A plan without a price has one of 0, which validation refuses to bill. */
export function overagePrice(
  basis: Pick<UsageBasis, 'plan' | 'currency' | 'included' | 'perThousand'>,
): Price {
  return Price.parse({
    id: `overage:${basis.plan}:${basis.currency}`,
    name: 'API calls beyond the plan',
    currency: basis.currency,
    meter: 'api_calls',
    billing: 'in_arrears',
    pricing: {
      model: 'per_unit',
      unitAmount: toDecimal(fraction(BigInt(basis.perThousand ?? 0), 1000n), 6),
    },
    included: String(basis.included),
  });
}

/** The invoice of a basis, under a price other than its own where one is given. */
export function calculateUsageInvoice(
  basis: UsageBasis,
  conventions: BillingConventions,
  price: Price = overagePrice(basis),
): InvoiceOutcome {
  const period = { startAt: basis.startAt, endAt: basis.endAt };
  const lines = usageLines(
    {
      price,
      group: null,
      quantity: exact(BigInt(Math.max(0, basis.calls))),
      period,
      keyOf: (kind) =>
        lineKey({ subscriptionId: basis.customerId, priceId: price.id, kind, group: null, period }),
    },
    conventions,
  );
  return calculateInvoice({
    customerId: basis.customerId,
    entityId: basis.entityId,
    currency: basis.currency,
    period,
    at: basis.endAt,
    tz: basis.tz,
    lines,
    coupons: [],
    grants: [],
    balanceMinor: 0n,
    minimumChargeMinor: 0n,
    taxesOf: () => basis.rates,
    conventions,
  });
}
