import { z } from 'zod';
import type { PlanFact, SubscriptionFact } from '../../metrics/facts.ts';
import type { UsageBasis } from './basis.ts';

/** The same invoice computed a second time, from the source's own totals. */
export const Proof = z.strictObject({
  holds: z.boolean(),
  /** As billed, and as found anew: calls, included calls, amount before discounts and tax in minor units. */
  billed: z.strictObject({ calls: z.number(), included: z.number(), minor: z.number() }),
  found: z.strictObject({ calls: z.number(), included: z.number(), minor: z.number() }),
  /** What differs, in a sentence; null where nothing does. */
  difference: z.string().nullable(),
});
export type Proof = z.infer<typeof Proof>;

/** What the second computation works from: nothing of it comes from the first. */
export interface SourceTotals {
  /** Calls of the period by customer, as the source gives them now. */
  calls: ReadonlyMap<string, number>;
  plans: readonly PlanFact[];
  subscriptions: readonly SubscriptionFact[];
}

const USING = new Set(['trialing', 'active', 'past_due']);

/**
 * Computes what a customer owes for calls beyond the plan in whole numbers alone (no tiers, no fractions: calls above
 * the allowance times the price of a thousand, halves up), and holds it against what was rated.
 */
export function proveInvoice(basis: UsageBasis, subtotalMinor: bigint, source: SourceTotals): Proof {
  const calls = source.calls.get(basis.customerId) ?? 0;
  const { included, perThousand } = allowance(basis, source);
  const beyond = BigInt(Math.max(0, calls - included));
  const minor = Number((2n * beyond * BigInt(perThousand) + 1000n) / 2000n);
  const billed = { calls: basis.calls, included: basis.included, minor: Number(subtotalMinor) };
  const found = { calls, included, minor };
  const differences = (['calls', 'included', 'minor'] as const).filter((key) => billed[key] !== found[key]);
  return {
    holds: differences.length === 0,
    billed,
    found,
    difference:
      differences.length === 0
        ? null
        : differences.map((key) => `${NAMES[key]}: billed ${billed[key]}, found ${found[key]}`).join('; '),
  };
}

const NAMES = { calls: 'calls', included: 'included calls', minor: 'amount in minor units' } as const;

/** Per subscription the most it included at any moment of the period; subscriptions add up. */
function allowance(
  basis: UsageBasis,
  { plans, subscriptions }: SourceTotals,
): { included: number; perThousand: number } {
  const most = new Map<string, { included: number; plan: PlanFact }>();
  for (const version of subscriptions) {
    const endAt = version.validTo ?? Number.POSITIVE_INFINITY;
    const overlaps = version.validFrom < basis.endAt && endAt > basis.startAt && endAt > version.validFrom;
    if (version.customerId !== basis.customerId || !overlaps || !USING.has(version.status)) continue;
    const plan = plans.find((one) => one.plan.toLowerCase() === version.plan.toLowerCase());
    if (plan?.includedCalls == null) continue;
    const included = plan.includedCalls * version.quantity;
    const before = most.get(version.subscriptionId);
    if (before === undefined || included > before.included)
      most.set(version.subscriptionId, { included, plan });
  }
  const all = [...most.values()].sort((one, other) => other.included - one.included);
  return {
    included: all.reduce((sum, one) => sum + one.included, 0),
    perThousand: all[0]?.plan.overagePrices[basis.currency] ?? 0,
  };
}
