import { convertAll } from '../metrics/conversion.ts';
import { apartFromPlan, type FactFilter, type MetricFacts, type SubscriptionFact } from '../metrics/facts.ts';
import { replayFacts, stateOf } from '../metrics/mrr-history.ts';
import type { Transition } from '../mrr/timeline.ts';
import type { Company } from '../types.ts';
import type { Life } from './life.ts';

/**
 * Everybody who ever paid, under the company's rules for recurring revenue and at the rates of now, so that exchange
 * rates neither lengthen nor enrich a life. A plan in the filter is the first one paid for. Errors as `convertAll`.
 */
export async function readLives(
  facts: MetricFacts,
  { company, filter, nowAt }: { company: Company; filter: FactFilter; nowAt: number },
): Promise<{ lives: Life[]; rows: number }> {
  const period = { startAt: 0, endAt: nowAt + 1, tz: company.tz, label: 'until now' };
  const replay = await replayFacts(facts, { at: nowAt, period, nowAt, company, filter, by: null }, nowAt + 1);
  const known: { transition: Transition; fact: SubscriptionFact }[] = [];
  for (const transition of [...replay.history().values()].flat()) {
    const fact = transition.at <= nowAt && stateOf(replay, transition.subscription, transition.at);
    if (fact) known.push({ transition, fact });
  }
  const money = await convertAll(
    facts,
    company,
    known.map(({ transition, fact }) => ({
      money: { minor: transition.monthlyMinor, currency: fact.currency },
      at: nowAt,
    })),
  );
  const byCustomer = new Map<string, Dated[]>();
  for (const [index, { transition, fact }] of known.entries()) {
    const own = byCustomer.get(fact.customerId);
    const dated = {
      at: transition.at,
      subscription: transition.subscription,
      fact,
      minor: money[index]?.minor ?? 0,
    };
    if (own) own.push(dated);
    else byCustomer.set(fact.customerId, [dated]);
  }
  const { fits } = apartFromPlan(filter);
  const lives = [...byCustomer.values()].flatMap((own) => lifeOf(own) ?? []).filter(({ plan }) => fits(plan));
  return {
    lives: lives.toSorted((a, b) => a.startAt - b.startAt || (a.customerId < b.customerId ? -1 : 1)),
    rows: replay.rows,
  };
}

interface Dated {
  at: number;
  subscription: string;
  fact: SubscriptionFact;
  minor: number;
}

/** The sum of a customer's subscriptions over time; null of who never paid. */
function lifeOf(changes: readonly Dated[]): Life | null {
  const worth = new Map<string, number>();
  const steps: { at: number; minor: number }[] = [];
  for (const { at, subscription, minor } of changes.toSorted((a, b) => a.at - b.at)) {
    worth.set(subscription, minor);
    const sum = [...worth.values()].reduce((total, one) => total + one, 0);
    if (steps.length === 0 && sum === 0) continue;
    if (steps.at(-1)?.at === at) steps.pop();
    if (steps.at(-1)?.minor !== sum) steps.push({ at, minor: sum });
  }
  const [first] = steps;
  const last = steps.at(-1);
  const begun = changes.find(({ at, minor }) => at === first?.at && minor > 0)?.fact;
  if (!first || !last || !begun || first.minor === 0) return null;
  const { customerId, segment, channel, region, country, plan } = begun;
  const endAt = last.minor === 0 ? last.at : null;
  return { customerId, segment, channel, region, country, plan, startAt: first.at, endAt, steps };
}
