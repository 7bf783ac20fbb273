/** What happened to a subscription, in order. Instants are epoch ms; money is minor units of one currency. */
export type TimelineEvent =
  | StartEvent
  | (OfSubscription & {
      type: 'change';
      unitAmountMinor?: number;
      quantity?: number;
      interval?: string;
      intervalCount?: number;
    })
  | (OfSubscription & {
      type: 'cancel';
      effective: 'immediate' | 'period_end';
      servicePeriodEndAt: number | null;
    })
  | (OfSubscription & { type: 'discount_add'; discount: Discount })
  | (OfSubscription & { type: 'discount_end' })
  | (OfSubscription & { type: 'payment_failed' })
  | (OfSubscription & { type: 'payment_succeeded' })
  | (OfSubscription & { type: 'pause'; effectiveAt: number })
  | (OfSubscription & { type: 'resume' })
  | (OfSubscription & { type: 'metered_usage'; amountMinor: number; recurring: boolean })
  /** Moves money, never MRR: refunds and one-time charges. */
  | (OfSubscription & { type: 'no_effect' });

interface OfSubscription {
  at: number;
  customer: string;
  subscription: string;
}

export interface StartEvent extends OfSubscription {
  type: 'start';
  unitAmountMinor: number;
  quantity: number;
  interval: string;
  intervalCount: number;
  discount: Discount | null;
  trialEndAt: number | null;
  /** When the first invoice was paid in full; undefined where it is not known. */
  firstInvoicePaidAt?: number | null;
  /** Percent contained in the unit amount, as a decimal string; null when the amount is net. */
  includedTaxPercent: string | null;
}

export interface Discount {
  percent: string | null;
  amountMinor: number | null;
  duration: 'once' | 'repeating' | 'forever';
  months: number | null;
  /** The timeline itself says when it is over, so that its months need not be known. */
  endsByEvent?: boolean;
}

/** Why a subscription's amount changed: decides whether reaching zero is churn. */
export type Cause = 'start' | 'change' | 'cancel' | 'past_due' | 'pause';

/** From `at` on, the subscription is worth this much a month. */
export interface Transition {
  at: number;
  customer: string;
  subscription: string;
  monthlyMinor: number;
  cause: Cause;
}
