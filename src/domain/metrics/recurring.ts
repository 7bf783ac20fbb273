import { divideHalfUp } from '../money/arithmetic.ts';
import { payingCustomers } from './customers.ts';
import { type Contribution, type Metric, sumAmounts, withoutOriginals } from './metric.ts';
import { measureMrr } from './mrr.ts';
import { DIMENSIONS } from './revenue.ts';

export const mrr: Metric = {
  name: 'mrr',
  title: 'MRR',
  words:
    'Monthly recurring revenue: unit amount x quantity of every subscription that counts, less the discounts that count, spread over its months; no tax, no one-off charges. Which subscriptions, discounts and trials count is the policy.',
  version: 2,
  unit: 'money',
  grain: 'one subscription at the instant',
  kind: 'snapshot',
  additivity: 'snapshot',
  owner: 'finance',
  sources: ['supabase', 'psizero'],
  underMrrPolicy: true,
  dimensions: DIMENSIONS,
  synonyms: [
    'mrr',
    'monthly recurring revenue',
    'recurring revenue',
    'monthly revenue run rate',
    'pay us a month',
    'pays us a month',
    'paying us a month',
    'pay a month',
    'monthly recurring',
    'subscription revenue',
    'recurring income',
    'monthly run rate',
    'recurring monthly revenue',
  ],
  narrows: true,
  measure: measureMrr,
  total: sumAmounts,
};

export const arr: Metric = {
  ...mrr,
  name: 'arr',
  title: 'ARR',
  words: 'Annual recurring revenue: twelve times MRR at the instant.',
  synonyms: [
    'arr',
    'annual recurring revenue',
    'annual run rate',
    'run rate',
    'yearly recurring revenue',
    'annual recurring',
    'annualised revenue',
    'annualized revenue',
    'annualised recurring revenue',
    'annualized recurring revenue',
    'annualised mrr',
    'yearly run rate',
    'annual revenue run rate',
    'annualised run rate',
    'annual subscription revenue',
  ],
  measure: async (facts, scope) => {
    const measured = await measureMrr(facts, scope);
    const contributions = measured.contributions.map((row) => ({
      ...row,
      amount: row.amount * 12,
      original: row.original ? { ...row.original, minor: row.original.minor * 12 } : null,
      ...(row.factors ? { factors: { ...row.factors, times: 12 } } : {}),
    }));
    return { ...measured, contributions };
  },
};

/** MRR over the customers who pay it, half up to a minor unit; null where nobody pays. */
function perCustomer(contributions: readonly Contribution[]): number | null {
  const customers = payingCustomers(contributions);
  if (customers === 0) return null;
  return Number(divideHalfUp(BigInt(sumAmounts(contributions)), BigInt(customers)));
}

export const arpa: Metric = {
  ...mrr,
  name: 'arpa',
  title: 'ARPA',
  words: 'Average revenue per account: MRR over the customers whose MRR is above zero, at the instant.',
  version: 1,
  additivity: 'ratio',
  synonyms: [
    'arpa',
    'arpu',
    'average revenue per account',
    'average revenue per customer',
    'average revenue per user',
    'revenue per customer',
    'average mrr',
    'average mrr per customer',
    'mrr per customer',
    'average customer value',
    'revenue per account',
    'revenue per user',
    'revenue per paying customer',
    'average revenue per paying customer',
    'average account value',
    'mrr per account',
    'average customer pay',
    'average deal size',
    'average account size',
    'average subscription',
    'acv',
    'spend per customer',
    'average spend per customer',
    'revenue per head',
    'average revenue by customer',
  ],
  measure: async (facts, scope) => withoutOriginals(await measureMrr(facts, scope)),
  total: perCustomer,
};

export const RECURRING_METRICS: readonly Metric[] = [mrr, arr, arpa];
