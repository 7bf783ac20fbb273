import { PLANS, type Plan, planName } from './plans.ts';

/** What a plan includes; part of the published catalogue, the same in every world. */
export interface Allowance {
  plan: Plan;
  name: string;
  /** Calls a company month, for one unit of the subscription. */
  includedCalls: number;
  /** Minor units of each currency for a thousand calls more. */
  overagePrices: Readonly<Record<string, number>>;
}

const INCLUDED: Record<Plan, Pick<Allowance, 'includedCalls' | 'overagePrices'>> = {
  starter: { includedCalls: 20_000, overagePrices: { USD: 120, EUR: 110, JPY: 180 } },
  growth: { includedCalls: 300_000, overagePrices: { USD: 60, EUR: 55, JPY: 90 } },
  scale: { includedCalls: 5_000_000, overagePrices: { USD: 15, EUR: 14, JPY: 22 } },
  enterprise: { includedCalls: 60_000_000, overagePrices: { USD: 5, EUR: 5, JPY: 7 } },
};

/** The catalogue, smallest plan first. */
export const ALLOWANCES: readonly Allowance[] = PLANS.map((plan) => ({
  plan,
  name: planName(plan),
  ...INCLUDED[plan],
}));
