import type { Period } from '../types.ts';
import type { FactFilter, FxRate, MetricFacts, PlanFact, SubscriptionFact } from './facts.ts';

/**
 * The same facts for many calculations over one span, such as one a day: versions of subscriptions, exchange rates
 * and the plan catalogue are read once and chosen from, by the store's own conditions. For one answer only: what
 * changes meanwhile is not seen.
 */
export function readAhead(facts: MetricFacts, span: Pick<Period, 'startAt' | 'endAt' | 'tz'>): MetricFacts {
  const kept = new Map<string, { period: Period; rows: Promise<SubscriptionFact[]> }>();
  const rates = new Map<string, Promise<FxRate[]>>();
  let plans: Promise<PlanFact[]> | null = null;

  /** Every version that touches the period, and perhaps more. */
  function versions(period: Period, filter: FactFilter): Promise<SubscriptionFact[]> {
    const key = JSON.stringify(filter);
    const known = kept.get(key);
    if (known && known.period.startAt <= period.startAt && known.period.endAt >= period.endAt)
      return known.rows;
    const wide = {
      ...period,
      startAt: Math.min(period.startAt, span.startAt, known?.period.startAt ?? span.startAt),
      endAt: Math.max(period.endAt, span.endAt, known?.period.endAt ?? span.endAt),
    };
    const rows = facts.subscriptionsTouching(wide, filter);
    kept.set(key, { period: wide, rows });
    return rows;
  }

  return {
    ...facts,
    async subscriptionsAt(at, filter) {
      const rows = await versions({ startAt: at, endAt: at + 1, tz: span.tz, label: '' }, filter);
      return rows.filter(({ validFrom, validTo }) => validFrom <= at && (validTo === null || validTo > at));
    },
    async subscriptionsTouching(period, filter) {
      const { startAt, endAt } = period;
      const rows = await versions(period, filter);
      return rows.filter(
        ({ validFrom, validTo }) => validFrom < endAt && (validTo === null || validTo >= startAt),
      );
    },
    fxRates(days) {
      const key = `${days.fromDay} ${days.toDay}`;
      const known = rates.get(key) ?? facts.fxRates(days);
      rates.set(key, known);
      return known;
    },
    planCatalogue() {
      plans ??= facts.planCatalogue();
      return plans;
    },
  };
}
