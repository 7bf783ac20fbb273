import { divideHalfUp } from '../money/arithmetic.ts';
import { shiftInstant } from '../periods/calendar.ts';
import { convertAll } from './conversion.ts';
import { happenedUntil, payingCustomers } from './customers.ts';
import type { MetricFacts, SubscriptionFact } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  ratioOf,
  sumAmounts,
  withoutOriginals,
} from './metric.ts';
import { movementAmounts, movementsIn } from './movements.ts';
import { measureMrr, rateAt } from './mrr.ts';
import { onPlan, type Replay, replayFacts, subscriptionsWorth } from './mrr-history.ts';
import { DIMENSIONS } from './revenue.ts';

/** A customer who paid at the start of a stretch of time: what they paid then and pay at its end, in one currency. */
interface Kept {
  fact: SubscriptionFact;
  startMinor: number;
  endMinor: number;
}

/** Customers who pay at `fromAt`, with what they pay then and at `toAt`; on the plan of their largest subscription. */
function keptBetween(replay: Replay, scope: MetricScope, fromAt: number, toAt: number): Kept[] {
  const kept = new Map<string, Kept & { largest: number }>();
  const keyOf = (fact: SubscriptionFact) => `${fact.customerId} ${fact.currency}`;
  for (const { fact, minor } of subscriptionsWorth(replay, {}, fromAt)) {
    const known = kept.get(keyOf(fact)) ?? { fact, startMinor: 0, endMinor: 0, largest: -1 };
    const largest = minor > known.largest ? { fact, largest: minor } : {};
    kept.set(keyOf(fact), { ...known, ...largest, startMinor: known.startMinor + minor });
  }
  for (const { fact, minor } of subscriptionsWorth(replay, {}, toAt)) {
    const known = kept.get(keyOf(fact));
    if (known) known.endMinor += minor;
  }
  return [...kept.values()].filter(({ fact }) => onPlan(fact, scope.filter));
}

/** Both ends in company currency at the rates of the beginning, so that exchange rates neither keep nor lose anybody. */
async function convertedEnds(facts: MetricFacts, scope: MetricScope, kept: readonly Kept[], fromAt: number) {
  const { policy } = scope.mrr ?? facts.settings().mrr;
  const at = rateAt(policy, scope.company, fromAt);
  const money = (minors: readonly number[]) =>
    convertAll(
      facts,
      scope.company,
      minors.map((minor, index) => ({
        money: { minor, currency: kept[index]?.fact.currency ?? scope.company.currency },
        at,
      })),
    );
  const [starts, ends] = [
    await money(kept.map((one) => one.startMinor)),
    await money(kept.map((one) => one.endMinor)),
  ];
  return kept.map(({ fact }, index) => ({
    fact,
    start: starts[index]?.minor ?? 0,
    end: ends[index]?.minor ?? 0,
  }));
}

async function measureKept(
  facts: MetricFacts,
  scope: MetricScope,
  share: (start: number, end: number) => { amount: number; base: number },
): Promise<Measured> {
  const untilAt = happenedUntil(scope);
  const fromAt = scope.period.startAt - 1;
  const replay = await replayFacts(facts, scope, untilAt);
  const kept = keptBetween(replay, scope, fromAt, untilAt - 1);
  const ends = await convertedEnds(facts, scope, kept, fromAt);
  const contributions = ends.map(
    ({ fact, start, end }): Contribution => ({ ...ofCustomer(fact, fact.plan), ...share(start, end) }),
  );
  return { contributions, rows: contributions.length, notes: [] };
}

const RETENTION = {
  version: 1,
  unit: 'ratio',
  grain: 'one customer who paid just before the period',
  kind: 'flow',
  additivity: 'ratio',
  owner: 'finance',
  sources: ['supabase', 'psizero'],
  underMrrPolicy: true,
  dimensions: DIMENSIONS,
  narrows: true,
  total: ratioOf,
} as const;

export const nrr: Metric = {
  ...RETENTION,
  name: 'nrr',
  title: 'NRR',
  words:
    'Net revenue retention: of the customers who paid just before the period, MRR at its end over MRR just before it, both at the rates of its beginning.',
  synonyms: [
    'nrr',
    'net revenue retention',
    'net dollar retention',
    'ndr',
    'net retention',
    'revenue retention',
    'net mrr retention',
    'net rev retention',
    'net expansion rate',
    'net retention rate',
    'dollar retention',
    'net mrr retention rate',
    'net revenue retention rate',
  ],
  measure: (facts, scope) => measureKept(facts, scope, (start, end) => ({ amount: end, base: start })),
};

export const grr: Metric = {
  ...RETENTION,
  name: 'grr',
  title: 'GRR',
  words:
    'Gross revenue retention: of the customers who paid just before the period, MRR at its end, each no more than before, over MRR just before it, at the rates of its beginning.',
  synonyms: [
    'grr',
    'gross revenue retention',
    'gross dollar retention',
    'gdr',
    'gross retention',
    'gross rev retention',
    'gross mrr retention',
    'gross retention rate',
    'gross revenue retention rate',
    'gross renewal rate',
  ],
  measure: (facts, scope) =>
    measureKept(facts, scope, (start, end) => ({ amount: Math.min(start, end), base: start })),
};

export const customerChurnRate: Metric = {
  ...RETENTION,
  name: 'customer_churn_rate',
  title: 'Customer churn rate',
  words:
    'Of the customers who paid just before the period, the share who pay nothing at its end. Those who came and left within it do not count.',
  owner: 'success',
  synonyms: [
    'customer churn rate',
    'churn rate',
    'logo churn',
    'logo churn rate',
    'attrition',
    'attrition rate',
    'churn percentage',
    'churn percent',
    'churn in percent',
    'percent churn',
    'monthly churn',
    'monthly churn rate',
    'customer attrition',
    'cancellation rate',
    'rate of churn',
    'customer loss rate',
    'share of customers lost',
    'percent of customers churned',
    'cancel rate',
  ],
  measure: (facts, scope) =>
    measureKept(facts, scope, (_start, end) => ({ amount: end > 0 ? 0 : 1, base: 1 })),
};

const GAINS = new Set(['new', 'expansion', 'reactivation']);

export const quickRatio: Metric = {
  ...RETENTION,
  name: 'quick_ratio',
  title: 'Quick ratio',
  words:
    'New, expansion and reactivation MRR of the period over its contraction and churned MRR; none where nothing was lost.',
  unit: 'times',
  grain: "one change of a customer's MRR",
  synonyms: [
    'quick ratio',
    'saas quick ratio',
    'growth efficiency',
    'growth quality ratio',
    'saas quickratio',
    'mrr quick ratio',
  ],
  measure: async (facts, scope) => {
    const { movements } = await movementsIn(facts, scope);
    const rows = await movementAmounts(facts, scope, movements, false);
    const contributions = rows.map((row, index) => {
      const gained = GAINS.has(movements[index]?.kind ?? '');
      return { ...row, amount: gained ? row.amount : 0, base: gained ? 0 : row.amount, original: null };
    });
    return { contributions, rows: contributions.length, notes: [] };
  },
};

const MONTHS_OF_CHURN = 3;

/**
 * ARPA x margin / monthly churn as one division, half up; null while nobody leaves or nobody pays. The base of a row
 * of ARPA is the margin in hundredths of a percent, so that any group of rows gives its own value.
 */
function lifetime(rows: readonly Contribution[]): number | null {
  const now = rows.filter(({ part }) => part === 'arpa');
  const months = rows.filter(({ part }) => part === 'churn');
  const lost = sumAmounts(months);
  const customers = payingCustomers(now);
  if (lost === 0 || customers === 0) return null;
  const stood = BigInt(months.reduce((sum, { base }) => sum + base, 0));
  const margin = BigInt(now[0]?.base ?? 0);
  const over = BigInt(customers) * BigInt(lost) * 10_000n;
  return Number(divideHalfUp(BigInt(sumAmounts(now)) * stood * margin, over));
}

/** Customers lost in each of the last three months, counted back from the instant so that a 31st is not lost. */
async function churnOfMonths(facts: MetricFacts, scope: MetricScope): Promise<Contribution[]> {
  const replay = await replayFacts(facts, scope, scope.at + 1);
  const rows: Contribution[] = [];
  for (let back = MONTHS_OF_CHURN; back > 0; back -= 1) {
    const fromAt = shiftInstant(scope.at, 'UTC', 'month', -back);
    const toAt = shiftInstant(scope.at, 'UTC', 'month', 1 - back);
    for (const { fact, endMinor } of keptBetween(replay, scope, fromAt, toAt)) {
      rows.push({ ...ofCustomer(fact, fact.plan), part: 'churn', amount: endMinor > 0 ? 0 : 1, base: 1 });
    }
  }
  return rows;
}

export const ltv: Metric = {
  ...RETENTION,
  name: 'ltv',
  title: 'LTV',
  words:
    'Customer lifetime value, simple: ARPA at the instant x gross margin / monthly churn rate, which is the customers lost in each of the three months before it over those who paid at the start of each.',
  unit: 'money',
  kind: 'snapshot',
  grain: 'one subscription at the instant, one customer a month',
  synonyms: [
    'ltv',
    'lifetime value',
    'customer lifetime value',
    'clv',
    'cltv',
    'life time value',
    'customer value over lifetime',
    'worth over their lifetime',
    'customer worth over their lifetime',
    'value of a customer over time',
    'lifetime revenue per customer',
    'lifetime value of a customer',
    'expected lifetime value',
    'lifetime worth',
    'customer ltv',
  ],
  measure: async (facts, scope) => {
    const { grossMargin } = facts.settings();
    const priced = withoutOriginals(await measureMrr(facts, scope));
    const contributions = [
      ...priced.contributions.map((row) => ({ ...row, part: 'arpa', base: Math.round(grossMargin * 100) })),
      ...(await churnOfMonths(facts, scope)),
    ];
    return {
      contributions,
      rows: contributions.length,
      notes: [`ARPA x ${grossMargin}% gross margin / monthly churn of the last ${MONTHS_OF_CHURN} months.`],
    };
  },
  total: lifetime,
};

export const RETENTION_METRICS: readonly Metric[] = [nrr, grr, customerChurnRate, quickRatio, ltv];
