import { monthlyAmount } from '../mrr/normalise.ts';
import { type MrrPolicy, RATE_OF_DAY } from '../mrr/policy.ts';
import type { MrrSetting } from '../mrr/setting.ts';
import { makeDate, startOfDayAt } from '../periods/calendar.ts';
import type { Company } from '../types.ts';
import { convertAll } from './conversion.ts';
import type { MetricFacts, SubscriptionFact } from './facts.ts';
import type { Measured, MetricScope } from './metric.ts';
import { replayFacts, subscriptionsWorth } from './mrr-history.ts';
import { contribution } from './revenue.ts';

const LIVE = new Set(['active', 'past_due']);

/** Active or past due: what the billing system has running. */
export function isLive(fact: Pick<SubscriptionFact, 'status'>): boolean {
  return LIVE.has(fact.status);
}

/** The rules a number is taken under: those asked for, else the company's. */
export function settingFor(facts: MetricFacts, scope: MetricScope): MrrSetting {
  return scope.mrr ?? facts.settings().mrr;
}

/** The instant whose company day gives the rate of an amount at `at`. */
export function rateAt(policy: MrrPolicy, company: Company, at: number): number {
  if (policy.fx === RATE_OF_DAY) return at;
  const [year = 0, month = 0, day = 0] = policy.fx.split('-').map(Number);
  const date = makeDate(year, month, day);
  return date ? startOfDayAt(date, company.tz) : at;
}

/** The subscriptions that make up MRR at the scope's instant, each with its monthly amount in company currency. */
export async function measureMrr(facts: MetricFacts, scope: MetricScope): Promise<Measured> {
  return measureMrrAt(facts, scope, scope.at);
}

/** The same at any instant up to now. */
export async function measureMrrAt(facts: MetricFacts, scope: MetricScope, at: number): Promise<Measured> {
  const { policy } = settingFor(facts, scope);
  const priced = isPlain(policy)
    ? (await facts.subscriptionsAt(at, scope.filter))
        .filter(isLive)
        .map((fact) => ({ fact, minor: monthlyMinor(fact, policy) }))
    : await replayed(facts, scope, at);
  const amounts = priced.map(({ fact, minor }) => ({
    money: { minor, currency: fact.currency },
    at: rateAt(policy, scope.company, at),
  }));
  const converted = await convertAll(facts, scope.company, amounts);
  const contributions = priced.map(({ fact }, index) =>
    contribution(fact, converted[index]?.minor ?? 0, amounts[index]),
  );
  return { contributions, rows: priced.length, notes: [] };
}

/** Whether what stands at an instant decides alone, so that nothing that led to it need be read. */
function isPlain(policy: MrrPolicy): boolean {
  return (
    policy.churnAt === 'cancel' &&
    policy.pastDueDays === null &&
    policy.trials === 'exclude' &&
    policy.pause !== 'keep' &&
    policy.newWhen === 'start'
  );
}

async function replayed(facts: MetricFacts, scope: MetricScope, at: number) {
  const replay = await replayFacts(facts, scope, at + 1);
  return subscriptionsWorth(replay, scope.filter, at);
}

function monthlyMinor(fact: SubscriptionFact, policy: MrrPolicy): number {
  const { unitAmountMinor, quantity, interval, intervalCount } = fact;
  const discount = counts(fact.discountDuration, policy)
    ? { percent: fact.discountPercent, amountMinor: fact.discountAmountMinor }
    : null;
  return monthlyAmount({ unitAmountMinor, quantity, interval, intervalCount, discount });
}

/** Recorded discounts end by a new state of the subscription, so that the one standing now has not ended. */
function counts(duration: string | null, policy: MrrPolicy): boolean {
  switch (policy.discounts) {
    case 'exclude':
      return false;
    case 'include':
      return true;
    case 'recurring_only':
      return duration !== 'once';
    case 'forever_only':
    case 'future_value':
      return duration === 'forever';
  }
}
