import type { MetricSettings } from '../mrr/setting.ts';
import type { SubscriptionState } from '../mrr/versions.ts';
import type { Period } from '../types.ts';
import type { PsiFacts } from './psi-facts.ts';

/**
 * What the metric engine asks of the store. Rows are few (one a live subscription, one a paid invoice in the
 * period, one a usage group), so that all arithmetic on money happens in the domain.
 */
export interface MetricFacts extends PsiFacts {
  /** How the company counts, as policy.yml has it now. */
  settings(): MetricSettings;
  /** Versions valid at the instant: valid_from <= at < valid_to. */
  subscriptionsAt(at: number, filter: FactFilter): Promise<SubscriptionFact[]>;
  /** Every version of every customer whose validity touches the period; for movements and churn. */
  subscriptionsTouching(period: Period, filter: FactFilter): Promise<SubscriptionFact[]>;
  invoicesPaidIn(period: Period, filter: FactFilter): Promise<InvoiceFact[]>;
  /** Invoices finalised in the period; `at` is when. */
  invoicesFinalizedIn(period: Period, filter: FactFilter): Promise<BilledFact[]>;
  /** Invoices paid by the instant for service that goes on after it. */
  prepaidAt(at: number, filter: FactFilter): Promise<PrepaidFact[]>;
  /** When the first invoice of each subscription was paid. */
  firstInvoicesPaid(): Promise<{ subscriptionId: string; paidAt: number }[]>;
  invoicesOpenAt(at: number, filter: FactFilter): Promise<InvoiceFact[]>;
  refundsIn(period: Period, filter: FactFilter): Promise<AmountFact[]>;
  creditNotesIn(period: Period, filter: FactFilter): Promise<AmountFact[]>;
  /** Every attempt to be paid made in the period, whatever became of it. */
  paymentsIn(period: Period, filter: FactFilter): Promise<PaymentFact[]>;
  failedPaymentsIn(period: Period, filter: FactFilter): Promise<AmountFact[]>;
  signupsIn(period: Period, filter: FactFilter): Promise<SignupFact[]>;
  ticketsOpenAt(at: number, filter: FactFilter): Promise<TicketFact[]>;
  /** Tickets to which this happened in the period. */
  ticketsIn(moment: TicketMoment, period: Period, filter: FactFilter): Promise<TicketFact[]>;
  /** The words of tickets opened in the period: text from outside, to be counted and never quoted. */
  ticketTextsIn(period: Period, filter: FactFilter): Promise<TicketTextFact[]>;
  usageIn(period: Period, filter: FactFilter, groupBy: UsageGroup | null): Promise<UsageFact[]>;
  /** Usage of the days that start in the period, one a customer and category. */
  customerUsageIn(period: Period, filter: FactFilter): Promise<CustomerUsageFact[]>;
  /** What each plan includes; empty where the platform has no catalogue. */
  planCatalogue(): Promise<PlanFact[]>;
  /** Latency buckets added up over the period's hours. */
  latencyIn(period: Period): Promise<{ counts: number[]; hours: number }>;
  /** Major and critical ones: what lowers uptime. */
  incidentsTouching(period: Period): Promise<IncidentFact[]>;
  /** Of every severity, begun before the period's end and not over before its beginning. */
  incidentsDuring(period: Period): Promise<IncidentFact[]>;
  /** The rate of a company day: company-currency units one unit of `currency` buys, as a decimal string. */
  fxRates(days: { fromDay: string; toDay: string }): Promise<FxRate[]>;
}

/** What is known of a customer that numbers can be narrowed to and broken down by. */
export const CUSTOMER_TRAITS = ['country', 'region', 'segment', 'channel', 'owner'] as const;
export type CustomerTrait = (typeof CUSTOMER_TRAITS)[number];

/** Compared without regard to case. `channel` is how the customer was won, `owner` the mail of who looks after them. */
export interface FactFilter extends Partial<Record<CustomerTrait, string>> {
  customerId?: string;
  plan?: string;
  currency?: string;
  /** One of the values of each trait named here. */
  any?: TraitLists;
  /** None of these values; what has no value stays in. */
  none?: TraitLists;
}

/** Values by trait; `customer` by id. */
export type TraitLists = {
  readonly [trait in CustomerTrait | 'customer' | 'plan' | 'currency']?: readonly string[] | undefined;
};

/**
 * A filter apart from its plans, and whether a plan fits them: for what must see all of a customer's subscriptions
 * before it can tell which plan counts.
 */
export function apartFromPlan(filter: FactFilter): { rest: FactFilter; fits(plan: string | null): boolean } {
  const { plan, any, none, ...rest } = filter;
  const without = (lists: TraitLists | undefined): TraitLists => ({ ...lists, plan: undefined });
  const has = (plans: readonly string[], name: string) =>
    plans.some((one) => one.toLowerCase() === name.toLowerCase());
  return {
    rest: { ...rest, ...(any ? { any: without(any) } : {}), ...(none ? { none: without(none) } : {}) },
    fits: (name) =>
      (plan === undefined || has([plan], name ?? '')) &&
      (any?.plan === undefined || has(any.plan, name ?? '')) &&
      !has(none?.plan ?? [], name ?? ''),
  };
}

export type UsageGroup = 'customer' | CustomerTrait | 'category' | 'day' | 'plan';

export interface FxRate {
  day: string;
  currency: string;
  rate: string;
}

/** Traits that are not known are ''. */
export interface CustomerFact extends Record<CustomerTrait, string> {
  customerId: string;
  customerName: string;
  currency: string;
}

export interface SubscriptionFact extends CustomerFact, SubscriptionState {
  plan: string;
}

export interface AmountFact extends CustomerFact {
  id: string;
  at: number;
  amountMinor: number;
  plan: string | null;
}

export interface InvoiceFact extends AmountFact {
  taxMinor: number;
  dueAt: number | null;
}

export interface BilledFact extends InvoiceFact {
  paidAt: number | null;
  voidedAt: number | null;
}

export interface PrepaidFact extends InvoiceFact {
  serviceStartAt: number;
  serviceEndAt: number;
}

export interface PaymentFact extends AmountFact {
  status: string;
  /** What is to be paid: the invoice, or the payment itself where it has none. */
  debt: string;
  /** An attempt at the same debt failed before. */
  failedBefore: boolean;
}

export interface SignupFact extends CustomerFact {
  signedUpAt: number;
}

export interface UsageFact {
  group: string | null;
  calls: number;
  errors4xx: number;
  errors5xx: number;
  rows: number;
}

export type TicketMoment = 'opened' | 'answered' | 'closed' | 'rated';

export interface TicketFact extends CustomerFact {
  priority: string;
  openedAt: number;
  firstResponseAt: number | null;
  closedAt: number | null;
  /** 1 to 5; null while unrated. */
  score: number | null;
}

export interface TicketTextFact extends CustomerFact {
  priority: string;
  subject: string;
  body: string;
}

export interface CustomerUsageFact extends CustomerFact {
  /** The plan the customer is on now. */
  plan: string | null;
  category: string;
  calls: number;
  rows: number;
}

export interface PlanFact {
  plan: string;
  /** Calls a company month for one unit; null: no limit that is known. */
  includedCalls: number | null;
  /** Minor units for a thousand calls more, by currency. */
  overagePrices: Readonly<Record<string, number>>;
}

export interface IncidentFact {
  title: string;
  severity: string;
  startedAt: number;
  endedAt: number | null;
}
