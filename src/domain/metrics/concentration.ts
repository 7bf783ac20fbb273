import { CUSTOMER_TRAITS } from './facts.ts';
import { type Contribution, type Metric, sumAmounts, withoutOriginals } from './metric.ts';
import { measureMrr } from './mrr.ts';

/** The share of the whole that the largest customers of the set pay; null where nobody pays. */
function shareOfLargest(contributions: readonly Contribution[], customers: number): number | null {
  const whole = sumAmounts(contributions);
  if (whole === 0) return null;
  const totals = new Map<string | null, number>();
  for (const { customerId, amount } of contributions) {
    totals.set(customerId, (totals.get(customerId) ?? 0) + amount);
  }
  const largest = [...totals.values()].sort((a, b) => b - a).slice(0, customers);
  return largest.reduce((sum, amount) => sum + amount, 0) / whole;
}

const CONCENTRATION = {
  version: 1,
  unit: 'ratio',
  grain: 'one subscription at the instant',
  kind: 'snapshot',
  additivity: 'ratio',
  owner: 'finance',
  sources: ['supabase', 'psizero'],
  underMrrPolicy: true,
  // Within each group its own largest customers count.
  dimensions: ['plan', ...CUSTOMER_TRAITS, 'currency'],
  narrows: true,
  measure: async (facts, scope) => withoutOriginals(await measureMrr(facts, scope)),
} as const satisfies Partial<Metric>;

export const topCustomerShare: Metric = {
  ...CONCENTRATION,
  name: 'top_customer_share',
  title: "Largest customer's share of MRR",
  words: 'MRR of the customer who pays most over MRR of all, at the instant.',
  synonyms: [
    'top customer share',
    'share of the largest customer',
    'share of our biggest customer',
    'largest customer share',
    'biggest customer share',
    'dependence on one customer',
    'dependent on our biggest customer',
    'share is our largest customer',
    'share is our biggest customer',
    'share does our biggest customer',
    'part of mrr is our biggest customer',
    'how dependent are we on our biggest customer',
    'reliance on our biggest customer',
    'largest client share',
    'mrr share of the biggest customer',
    'share of mrr from our biggest customer',
    'share of mrr from the biggest customer',
    'top client share',
    'single customer risk',
    'exposure to our biggest customer',
    'biggest account share',
    'share of our largest customer',
    'largest account share',
    'how much depends on our biggest customer',
    'dependence on our biggest customer',
  ],
  total: (rows) => shareOfLargest(rows, 1),
};

export const topTenShare: Metric = {
  ...CONCENTRATION,
  name: 'top_10_share',
  title: "Ten largest customers' share of MRR",
  words: 'MRR of the ten customers who pay most over MRR of all, at the instant.',
  synonyms: [
    'concentration',
    'customer concentration',
    'revenue concentration',
    'mrr concentration',
    'top 10 share',
    'top ten share',
    'share of the top 10 customers',
    'share of the top ten customers',
    'share of top 10',
    'share of mrr from the top ten',
    'share of mrr from the top 10',
    'share of revenue from the top 10',
    'share of the top ten',
    'top ten customers share',
    'top 10 customers share',
    'how concentrated are we',
    'how concentrated is our revenue',
    'how concentrated is our mrr',
    'concentration risk',
    'customer concentration risk',
    'how much of mrr is the top 10',
    'how much mrr comes from the top 10',
    'top 10 concentration',
  ],
  total: (rows) => shareOfLargest(rows, 10),
};

export const CONCENTRATION_METRICS: readonly Metric[] = [topCustomerShare, topTenShare];
