import { z } from 'zod';
import type { PlanFact, SubscriptionFact } from '../../metrics/facts.ts';
import { groupDigits } from '../../money/format.ts';
import type { UsageBasis } from './basis.ts';
import { BY_TOTALS, callsOf, type DailyCalls, ProofBasis, type UsageEvidence } from './usage-evidence.ts';

/** A day on which a meter was billed otherwise than it was found. */
const DayDifference = z.strictObject({
  meter: z.string(),
  day: z.string(),
  billed: z.number(),
  found: z.number(),
});

/** The same invoice computed a second time, from raw events or, where there are none, the source's own totals. */
export const Proof = z.strictObject({
  holds: z.boolean(),
  /** As billed, and as found anew: calls, included calls, amount before discounts and tax in minor units. */
  billed: z.strictObject({ calls: z.number(), included: z.number(), minor: z.number() }),
  found: z.strictObject({ calls: z.number(), included: z.number(), minor: z.number() }),
  basis: ProofBasis.default(BY_TOTALS),
  days: z.array(DayDifference).default([]),
  /** What differs, in a sentence; null where nothing does. */
  difference: z.string().nullable(),
});
export type Proof = z.infer<typeof Proof>;

/** What the second computation works from: nothing of it comes from the first. */
export interface SourceTotals {
  evidence: UsageEvidence;
  /** Calls by customer and day as the source itself adds them up now. */
  totals: DailyCalls;
  plans: readonly PlanFact[];
  subscriptions: readonly SubscriptionFact[];
}

const METER = 'api_calls';
/** So many days of a difference are told in words; all are kept. */
const DAYS_TOLD = 5;
const USING = new Set(['trialing', 'active', 'past_due']);

/** Whose calls were billed otherwise than they are found: those the days are worth looking at of. */
export function differing(bases: readonly UsageBasis[], source: SourceTotals): UsageBasis[] {
  const found = callsOf(source.evidence.days);
  return bases.filter((basis) => basis.calls !== (found.get(basis.customerId) ?? 0));
}

/**
 * Computes what a customer owes for calls beyond the plan in whole numbers alone (no tiers, no fractions: calls above
 * the allowance times the price of a thousand, halves up), and holds it against what was rated. `billedDays` are the
 * calls a day that were rated, by which a difference is told day by day.
 */
export function proveInvoice(
  basis: UsageBasis,
  subtotalMinor: bigint,
  source: SourceTotals,
  billedDays?: ReadonlyMap<string, number>,
): Proof {
  const foundDays = source.evidence.days.get(basis.customerId) ?? new Map<string, number>();
  const calls = sum(foundDays);
  const { included, perThousand } = allowance(basis, source);
  const beyond = BigInt(Math.max(0, calls - included));
  const minor = Number((2n * beyond * BigInt(perThousand) + 1000n) / 2000n);
  const billed = { calls: basis.calls, included: basis.included, minor: Number(subtotalMinor) };
  const found = { calls, included, minor };
  const own = sum(source.totals.get(basis.customerId) ?? new Map());
  const days = billedDays === undefined ? [] : daysApart(billedDays, foundDays);
  const words = [
    ...(['calls', 'included', 'minor'] as const)
      .filter((key) => billed[key] !== found[key])
      .map((key) => `${NAMES[key]}: billed ${billed[key]}, found ${found[key]}`),
    ...(own === basis.calls ? [] : [`PsiZero's own total: billed ${basis.calls}, found ${own}`]),
    ...(days.length === 0 ? [] : [dayWords(days)]),
  ];
  return {
    holds: words.length === 0,
    billed,
    found,
    basis: source.evidence.basis,
    days,
    difference: words.length === 0 ? null : words.join('; '),
  };
}

const NAMES = { calls: 'calls', included: 'included calls', minor: 'amount in minor units' } as const;

function sum(days: ReadonlyMap<string, number>): number {
  return [...days.values()].reduce((total, calls) => total + calls, 0);
}

function daysApart(billed: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>): Proof['days'] {
  return [...new Set([...billed.keys(), ...found.keys()])]
    .sort()
    .map((day) => ({ meter: METER, day, billed: billed.get(day) ?? 0, found: found.get(day) ?? 0 }))
    .filter((one) => one.billed !== one.found);
}

function dayWords(days: Proof['days']): string {
  const told = days
    .slice(0, DAYS_TOLD)
    .map(
      ({ meter, day, billed, found }) =>
        `${meter} of ${day}: billed ${groupDigits(String(billed))}, found ${groupDigits(String(found))}`,
    );
  const more = days.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more days`] : [])].join(', ');
}

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
