import { isLive, isPlain, plainPrice, plainWorth } from '../mrr/plain.ts';
import { type MrrPolicy, RATE_OF_DAY } from '../mrr/policy.ts';
import type { MrrSetting } from '../mrr/setting.ts';
import { makeDate, startOfDayAt } from '../periods/calendar.ts';
import type { Company } from '../types.ts';
import { convertAtRates } from './conversion.ts';
import { factorsOf } from './factors.ts';
import type { MetricFacts } from './facts.ts';
import type { Measured, MetricScope } from './metric.ts';
import { replayFacts, subscriptionsWorth } from './mrr-history.ts';
import { contribution } from './revenue.ts';

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
        .map((fact) => ({ fact, price: plainPrice(fact, policy), minor: plainWorth(fact, policy) }))
    : (await replayed(facts, scope, at)).map((worth) => ({ ...worth, price: null }));
  const amounts = priced.map(({ fact, minor }) => ({
    money: { minor, currency: fact.currency },
    at: rateAt(policy, scope.company, at),
  }));
  const converted = await convertAtRates(facts, scope.company, amounts);
  const contributions = priced.map(({ fact, price }, index) => ({
    ...contribution(fact, converted[index]?.money.minor ?? 0, amounts[index]),
    ...(price ? { factors: factorsOf(fact, price, converted[index]?.rate ?? '1') } : {}),
  }));
  return { contributions, rows: priced.length, notes: [] };
}

async function replayed(facts: MetricFacts, scope: MetricScope, at: number) {
  const replay = await replayFacts(facts, scope, at + 1);
  return subscriptionsWorth(replay, scope.filter, at);
}
