import { type MrrPolicy, STRIPE_POLICY } from './policy.ts';

/** A rule that can decide a number. One that a vendor's published pages do not settle is listed as unsettled. */
export type Rule = 'discounts' | 'past_due' | 'pause' | 'metered' | 'reactivation';

export const PRESET_NAMES = [
  'stripe',
  'chartmogul',
  'baremetrics',
  'profitwell',
  'maxio',
  'recurly',
  'chargebee',
  'paddle',
  'lago',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export interface Preset {
  /** As people write it. */
  title: string;
  policy: MrrPolicy;
  /** Rules not established for the vendor: the product uses Stripe's there and says so. */
  unsettled: readonly Rule[];
}

/** Each vendor's rule set, as its documentation words it. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  stripe: { title: 'Stripe', policy: STRIPE_POLICY, unsettled: [] },
  chartmogul: {
    title: 'ChartMogul',
    policy: { ...STRIPE_POLICY, discounts: 'include', groupingMinutes: 60, freeCustomers: 'contraction' },
    unsettled: ['pause', 'metered'],
  },
  baremetrics: {
    title: 'Baremetrics',
    policy: { ...STRIPE_POLICY, discounts: 'include', pastDueDays: 30, freeCustomers: 'churn' },
    unsettled: ['pause', 'metered'],
  },
  // learn.profitwell.com, "ProfitWell vs. Stripe": MRR until the end of the paid cycle, discounts whatever their
  // length, nothing of who signs up and leaves in one calendar month.
  profitwell: {
    title: 'ProfitWell',
    policy: {
      ...STRIPE_POLICY,
      discounts: 'include',
      churnAt: 'service_period_end',
      sameMonthNewAndChurn: 'neither',
      pause: 'contraction',
    },
    unsettled: ['past_due', 'metered'],
  },
  maxio: {
    title: 'Maxio',
    policy: { ...STRIPE_POLICY, reactivationDays: 90 },
    unsettled: ['discounts', 'past_due', 'pause', 'metered'],
  },
  // support.recurly.com: coupons are included and failed charges kept by default, a paused subscription is worth 0.
  recurly: {
    title: 'Recurly',
    policy: { ...STRIPE_POLICY, discounts: 'include', pause: 'churn' },
    unsettled: ['metered'],
  },
  chargebee: {
    title: 'Chargebee',
    policy: { ...STRIPE_POLICY, discounts: 'recurring_only' },
    unsettled: ['past_due', 'pause', 'metered', 'reactivation'],
  },
  // paddle.com/help, "What is monthly recurring revenue": the underlying price whatever the coupon; no trials, no
  // metered charges; deducted when the customer cancels.
  paddle: {
    title: 'Paddle',
    policy: { ...STRIPE_POLICY, discounts: 'exclude' },
    unsettled: ['past_due', 'pause', 'reactivation'],
  },
  // getlago.com/docs, "MRR": built from plan prices, not from invoices or usage.
  lago: {
    title: 'Lago',
    policy: { ...STRIPE_POLICY, discounts: 'exclude' },
    unsettled: ['past_due', 'pause', 'reactivation'],
  },
};
