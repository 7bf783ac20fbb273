import { z } from 'zod';
import { exact, fraction, toDecimal } from '../../money/exact.ts';
import { calculateInvoice, type InvoiceOutcome } from '../calculate-invoice.ts';
import type { BillingConventions } from '../conventions.ts';
import type { InvoiceLine } from '../invoice.ts';
import { lineKey } from '../line-key.ts';
import { Price } from '../price.ts';
import { calculateDifference, originalKey } from '../rating/difference.ts';
import { usageLines } from '../rating/usage-lines.ts';
import { TAX_TREATMENTS } from '../tax/tax-rates.ts';

const Count = z.number().int();
/** What is billed beyond the plan. */
const METER = 'api_calls';

/** What a month's calls beyond the plan are rated by. */
export const RatedMonth = z.strictObject({
  plan: z.string(),
  /** Calls of the period that the plan contains. */
  included: Count,
  /** Minor units of the currency for a thousand calls more; null where the catalogue names none. */
  perThousand: Count.nullable(),
  calls: Count,
  startAt: Count,
  endAt: Count,
});
export type RatedMonth = z.infer<typeof RatedMonth>;

/** Usage of a month that was closed before it came. */
const LateUsage = z.strictObject({
  /** As the month was billed, first by its own invoice (where it had one), then by each late line. */
  billed: z.array(RatedMonth),
  now: RatedMonth,
  /** The period that the line names, by the entity's convention. */
  line: z.strictObject({ startAt: Count, endAt: Count }),
});
export type LateUsage = z.infer<typeof LateUsage>;

/**
 * Everything an invoice of usage beyond the plan is calculated from, as it is kept with the run: the same basis under
 * the same conventions gives the same invoice.
 */
export const UsageBasis = z.strictObject({
  entityId: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  ...RatedMonth.shape,
  categories: z.array(z.strictObject({ category: z.string(), calls: Count })),
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
  late: z.array(LateUsage).default([]),
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
    meter: METER,
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
  const late = basis.late.flatMap((one) => lateLines(basis, one, conventions));
  const own = linesOf(basis, basis, conventions, price);
  return calculateInvoice({
    customerId: basis.customerId,
    entityId: basis.entityId,
    currency: basis.currency,
    period,
    at: basis.endAt,
    tz: basis.tz,
    // Beside late usage, a month in which nothing was owed is no line.
    lines: late.length === 0 ? own : [...own.filter(({ amountMinor }) => amountMinor !== 0n), ...late],
    coupons: [],
    grants: [],
    balanceMinor: 0n,
    minimumChargeMinor: 0n,
    taxesOf: () => basis.rates,
    conventions,
  });
}

function linesOf(
  { customerId, currency }: Pick<UsageBasis, 'customerId' | 'currency'>,
  month: RatedMonth,
  conventions: BillingConventions,
  price: Price = overagePrice({ ...month, currency }),
): InvoiceLine[] {
  const period = { startAt: month.startAt, endAt: month.endAt };
  return usageLines(
    {
      price,
      group: null,
      quantity: exact(BigInt(Math.max(0, month.calls))),
      period,
      // The plan is no part of it: a closed month rated again under another plan is still the same line.
      keyOf: (kind) => lineKey({ subscriptionId: customerId, priceId: METER, kind, group: null, period }),
    },
    conventions,
  );
}

/** What a closed month owes beside what was billed for it; nothing where that comes to the same. */
function lateLines(basis: UsageBasis, late: LateUsage, conventions: BillingConventions): InvoiceLine[] {
  const billed: InvoiceLine[] = [];
  for (const month of late.billed)
    billed.push(...calculateDifference(billed, linesOf(basis, month, conventions)));
  return calculateDifference(billed, linesOf(basis, late.now, conventions), late.line)
    .filter(({ amountMinor }) => amountMinor !== 0n)
    .map((line) => ({ ...line, kind: 'late_usage' }));
}

/** The late usage a line of the basis's invoice is of; null for the month's own line. */
export function lateUsageOf(basis: UsageBasis, line: Pick<InvoiceLine, 'key'>): LateUsage | null {
  const key = originalKey(line.key);
  return basis.late.find(({ now }) => key.endsWith(`:${now.startAt}:${now.endAt}`)) ?? null;
}
