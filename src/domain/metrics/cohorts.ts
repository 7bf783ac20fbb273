import { isLive, isPlain, plainWorth } from '../mrr/plain.ts';
import { addUnits, dateAt, dayNameAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import type { Company, Period } from '../types.ts';
import { countOne } from './customers.ts';
import { apartFromPlan, type MetricFacts, type SignupFact } from './facts.ts';
import { type Metric, type MetricScope, ratioOf } from './metric.ts';
import { measureMrrAt } from './mrr.ts';
import { replayFacts, subscriptionsWorth } from './mrr-history.ts';
import { DIMENSIONS } from './revenue.ts';

/** The cohort of a customer: the company month they signed up in, "2026-03". */
function cohortOf({ signedUpAt }: SignupFact, tz: string): string {
  return dayNameAt(signedUpAt, tz).slice(0, 7);
}

/** What is left of a cohort at the end of a month; age 0 is the month of signing up. */
export interface CohortAge {
  age: number;
  /** The instant it was taken at: the month's last millisecond, or now in the month that runs. */
  at: number;
  customers: number;
  mrrMinor: number;
  /** Of those who ever paid; null where nobody did. */
  keptCustomers: number | null;
  /** Of the cohort's MRR at the end of the month after the first, the first in which trials are over. */
  keptMrr: number | null;
}

export interface CohortRow {
  /** "2026-03". */
  cohort: string;
  /** Customers who signed up in the month. */
  signups: number;
  /** Of those, how many ever paid. */
  paid: number;
  ages: CohortAge[];
}

/**
 * Rows of a heat map, cohort by age, oldest cohort first. Pure: `members` are who signed up when and whether they
 * ever paid, `paying` is what each of them pays a month at an instant, in company minor units. Months are those of
 * `tz`; a month that has not begun has no age.
 */
export function calculateCohorts(
  members: readonly { customerId: string; signedUpAt: number; everPaid: boolean }[],
  paying: (at: number) => ReadonlyMap<string, number>,
  { tz, nowAt }: { tz: string; nowAt: number },
): CohortRow[] {
  const byMonth = new Map<string, (typeof members)[number][]>();
  for (const member of members) {
    const month = dayNameAt(member.signedUpAt, tz).slice(0, 7);
    const known = byMonth.get(month);
    if (known) known.push(member);
    else byMonth.set(month, [member]);
  }
  return [...byMonth]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cohort, own]) => {
      const paid = own.filter(({ everPaid }) => everPaid).length;
      const ages = monthEnds(own[0]?.signedUpAt ?? nowAt, tz, nowAt).map((at, age) => {
        const worth = paying(at);
        const amounts = own.flatMap(({ customerId }) => worth.get(customerId) ?? []);
        const customers = amounts.filter((amount) => amount > 0).length;
        return { age, at, customers, mrrMinor: amounts.reduce((sum, amount) => sum + amount, 0) };
      });
      const base = (ages[1] ?? ages[0])?.mrrMinor ?? 0;
      return {
        cohort,
        signups: own.length,
        paid,
        ages: ages.map((one) => ({
          ...one,
          keptCustomers: paid === 0 ? null : one.customers / paid,
          keptMrr: base === 0 ? null : one.mrrMinor / base,
        })),
      };
    });
}

/** The last millisecond of each month from that of `fromAt` on; now for the one that runs. */
function monthEnds(fromAt: number, tz: string, nowAt: number): number[] {
  const first = startOfUnit(dateAt(fromAt, tz), 'month');
  const ends: number[] = [];
  for (let age = 0; ; age += 1) {
    const startAt = startOfDayAt(addUnits(first, 'month', age), tz);
    if (startAt > nowAt) return ends;
    ends.push(Math.min(nowAt, startOfDayAt(addUnits(first, 'month', age + 1), tz) - 1));
  }
}

/** The heat map of everybody who signed up in a period, from facts. Errors as `calculateMetric`. */
export async function measureCohorts(
  facts: MetricFacts,
  request: { period: Period; nowAt: number; company: Company; filter: MetricScope['filter'] },
): Promise<CohortRow[]> {
  const { period, nowAt, company, filter } = request;
  const scope: MetricScope = { at: nowAt, period, nowAt, company, filter, by: null };
  const signups = await facts.signupsIn(period, filter);
  const paid = await everPaid(facts, scope);
  const worth = new Map<number, ReadonlyMap<string, number>>();
  for (const at of monthEnds(Math.min(nowAt, ...signups.map((one) => one.signedUpAt)), company.tz, nowAt)) {
    worth.set(at, await payingAt(facts, scope, at));
  }
  const members = signups.map(({ customerId, signedUpAt }) => ({
    customerId,
    signedUpAt,
    everPaid: paid.has(customerId),
  }));
  return calculateCohorts(members, (at) => worth.get(at) ?? new Map(), { tz: company.tz, nowAt });
}

async function payingAt(facts: MetricFacts, scope: MetricScope, at: number): Promise<Map<string, number>> {
  const { contributions } = await measureMrrAt(facts, scope, at);
  const amounts = new Map<string, number>();
  for (const { customerId, amount } of contributions) {
    if (customerId !== null) amounts.set(customerId, (amounts.get(customerId) ?? 0) + amount);
  }
  return amounts;
}

/** Customers whose MRR was above zero at any time up to now. */
async function everPaid(facts: MetricFacts, scope: MetricScope): Promise<Set<string>> {
  const replay = await replayFacts(facts, scope, scope.nowAt + 1);
  const { policy } = replay.setting;
  if (isPlain(policy)) {
    const states = [...replay.states.values()].flat();
    const paid = states.filter(
      (state) => state.validTo !== state.validFrom && isLive(state) && plainWorth(state, policy) > 0,
    );
    return new Set(paid.map(({ customerId }) => customerId));
  }
  const rose = [...replay.history().values()]
    .flat()
    .filter(({ at, monthlyMinor }) => monthlyMinor > 0 && at <= scope.nowAt);
  return new Set(rose.map(({ customer }) => customer));
}

export const cohortRetention: Metric = {
  name: 'cohort_retention',
  title: 'Cohort retention',
  words: 'Of the customers who signed up in the period and ever paid, the share who pay now.',
  version: 1,
  unit: 'ratio',
  grain: 'one customer who signed up and paid',
  kind: 'flow',
  additivity: 'ratio',
  owner: 'success',
  sources: ['psizero', 'supabase'],
  underMrrPolicy: true,
  dimensions: [...DIMENSIONS.filter((dimension) => dimension !== 'plan'), 'cohort'],
  synonyms: [
    'cohort retention',
    'retention by cohort',
    'retention cohorts',
    'cohorts',
    'customer retention',
    'retention rate',
    'cohort analysis',
    'retention by signup month',
    'cohort survival',
    'retention curve',
    'retention curves',
    'retention table',
    'cohort table',
    'cohort chart',
    'retention heatmap',
    'retention matrix',
    'retention',
    'survival by cohort',
    'retention by month of signup',
  ],
  narrows: true,
  measure: async (facts, scope) => {
    const signups = await facts.signupsIn(scope.period, scope.filter);
    const filter = apartFromPlan(scope.filter).rest;
    const whole = { ...scope, filter };
    const paid = await everPaid(facts, whole);
    const replay = await replayFacts(facts, whole, scope.nowAt + 1);
    const now = new Set(subscriptionsWorth(replay, {}, scope.nowAt).map(({ fact }) => fact.customerId));
    const contributions = signups
      .filter(({ customerId }) => paid.has(customerId))
      .map((signup) => ({
        ...countOne(signup),
        cohort: cohortOf(signup, scope.company.tz),
        amount: now.has(signup.customerId) ? 1 : 0,
        base: 1,
      }));
    return { contributions, rows: contributions.length, notes: [] };
  },
  total: ratioOf,
};

export const COHORT_METRICS: readonly Metric[] = [cohortRetention];
