import type { MetricFacts, SubscriptionFact } from '../../../src/domain/metrics/facts.ts';
import { DEFAULT_SETTINGS, type MetricSettings } from '../../../src/domain/mrr/setting.ts';

export const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
export const at = (text: string) => Date.parse(text.length > 10 ? text : `${text}T12:00:00Z`);

const none = async () => [];

/** Subscriptions' states as the store would give them; nothing else is known. One euro buys 1.10 dollars, always. */
export function givenFacts(
  versions: readonly SubscriptionFact[],
  over: Partial<MetricFacts> & { set?: MetricSettings } = {},
): MetricFacts {
  const matching = (filter: { customerId?: string; currency?: string }) =>
    versions.filter(
      (one) =>
        (filter.customerId === undefined || one.customerId === filter.customerId) &&
        (filter.currency === undefined || one.currency === filter.currency),
    );
  return {
    settings: () => over.set ?? DEFAULT_SETTINGS,
    subscriptionsAt: async (when, filter) =>
      matching(filter).filter((one) => one.validFrom <= when && (one.validTo === null || one.validTo > when)),
    subscriptionsTouching: async ({ startAt, endAt }, filter) =>
      matching(filter).filter(
        (one) => one.validFrom < endAt && (one.validTo === null || one.validTo >= startAt),
      ),
    invoicesPaidIn: none,
    invoicesFinalizedIn: none,
    prepaidAt: none,
    firstInvoicesPaid: none,
    invoicesOpenAt: none,
    refundsIn: none,
    creditNotesIn: none,
    paymentsIn: none,
    failedPaymentsIn: none,
    signupsIn: none,
    ticketsIn: none,
    ticketTextsIn: none,
    customerUsageIn: none,
    planCatalogue: none,
    incidentsDuring: none,
    turnsIn: none,
    proposalsIn: none,
    briefingsIn: async () => 0,
    ticketsOpenAt: none,
    usageIn: none,
    latencyIn: async () => ({ counts: [], hours: 0 }),
    incidentsTouching: none,
    fxRates: async ({ fromDay, toDay }) =>
      daysBetween(fromDay, toDay).map((day) => ({ day, currency: 'EUR', rate: '1.10' })),
    ...over,
  };
}

function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let when = Date.parse(from); when <= Date.parse(to); when += 86_400_000) {
    days.push(new Date(when).toISOString().slice(0, 10));
  }
  return days;
}

/** A state of a subscription; what is not told is an active one of $50 a month. */
export function version(
  customerId: string,
  from: string,
  to: string | null,
  more: Partial<SubscriptionFact> = {},
): SubscriptionFact {
  return {
    customerId,
    customerName: customerId.toUpperCase(),
    country: 'US',
    region: 'na',
    segment: 'smb',
    channel: 'web',
    owner: '',
    subscriptionId: `sub ${customerId}`,
    plan: 'growth',
    status: 'active',
    currency: 'USD',
    unitAmountMinor: 5000,
    quantity: 1,
    interval: 'month',
    intervalCount: 1,
    discountPercent: null,
    discountAmountMinor: null,
    discountDuration: null,
    cancelAt: null,
    validFrom: at(from),
    validTo: to === null ? null : at(to),
    ...more,
  };
}
