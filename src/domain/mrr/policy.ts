/**
 * What counts as recurring and when it moves. The same timeline has different answers under different
 * policies, so each rule is a setting; the product's numbers use `STRIPE_POLICY` unless policy.yml says otherwise.
 */
export interface MrrPolicy {
  /**
   * forever_only: a discount counts only when it never ends; include: finite ones lower MRR while they last;
   * recurring_only: finite ones count when they span more than one bill; exclude: none counts;
   * future_value: what will be paid once finite discounts are over.
   */
  discounts: 'forever_only' | 'include' | 'recurring_only' | 'exclude' | 'future_value';
  /** exclude: a subscription counts when its trial is over; include: from its first day, at its full price. */
  trials: 'exclude' | 'include';
  /** cancel: when the subscription ends in the billing system; on_schedule: when the end is announced. */
  churnAt: 'cancel' | 'service_period_end' | 'on_schedule';
  /** Days after a failed payment at which a subscription is lost; null keeps it. */
  pastDueDays: number | null;
  /** A customer back after more days than this is new again; null is a reactivation however late. */
  reactivationDays: number | null;
  /** Changes of one customer this close together are one movement; null joins those of one instant, 0 none. */
  groupingMinutes: number | null;
  /** A customer won and lost within one calendar month makes both movements, or neither. */
  sameMonthNewAndChurn: 'both' | 'neither';
  pause: 'churn' | 'contraction' | 'keep';
  metered: 'exclude' | 'include';
  /** A customer whose price or discount brings them to zero. */
  freeCustomers: 'churn' | 'contraction';
  newWhen: 'start' | 'first_invoice_paid';
  /** `rate_of_day`, or the company day (YYYY-MM-DD) whose exchange rates hold for every instant. */
  fx: string;
}

export const RATE_OF_DAY = 'rate_of_day';

/** docs.stripe.com/billing/subscriptions/analytics: active and past due, only discounts of duration forever. */
export const STRIPE_POLICY: MrrPolicy = {
  discounts: 'forever_only',
  trials: 'exclude',
  churnAt: 'cancel',
  pastDueDays: null,
  reactivationDays: null,
  groupingMinutes: null,
  sameMonthNewAndChurn: 'both',
  pause: 'churn',
  metered: 'exclude',
  freeCustomers: 'churn',
  newWhen: 'start',
  fx: RATE_OF_DAY,
};
