import { z } from 'zod';

const DAY_MS = 86_400_000;

export const RECOVERY_SEGMENTS = ['enterprise', 'high_value', 'long_term', 'new', 'standard'] as const;
export type RecoverySegment = (typeof RECOVERY_SEGMENTS)[number];

export const SegmentRules = z.strictObject({
  /** Names of plans, in any case, whose customers have a contract and a person to talk to. */
  enterprisePlans: z.array(z.string().min(1)),
  /** From this MRR on, minor units of the company's currency. */
  highValueMrrMinor: z.number().int().positive(),
  longTermDays: z.number().int().positive(),
  newDays: z.number().int().positive(),
});
export type SegmentRules = z.infer<typeof SegmentRules>;

export const DEFAULT_SEGMENT_RULES: SegmentRules = {
  enterprisePlans: ['enterprise'],
  highValueMrrMinor: 200_000,
  longTermDays: 730,
  newDays: 90,
};

/** The first that fits: enterprise, high value, long-term, new. MRR in minor units of the company's currency. */
export function segmentOf(
  customer: { plan: string | null; mrrMinor: number; sinceAt: number },
  at: number,
  rules: SegmentRules = DEFAULT_SEGMENT_RULES,
): RecoverySegment {
  const plan = customer.plan?.toLowerCase();
  if (rules.enterprisePlans.some((name) => name.toLowerCase() === plan)) return 'enterprise';
  if (customer.mrrMinor >= rules.highValueMrrMinor) return 'high_value';
  const age = at - customer.sinceAt;
  if (age >= rules.longTermDays * DAY_MS) return 'long_term';
  return age < rules.newDays * DAY_MS ? 'new' : 'standard';
}
