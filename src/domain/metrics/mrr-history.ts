import { historyOf, type MrrHistory, worthAt } from '../mrr/history.ts';
import { type Movement, movementsFrom } from '../mrr/movements.ts';
import { isLive, isPlain, plainWorth } from '../mrr/plain.ts';
import type { MrrPolicy } from '../mrr/policy.ts';
import type { MrrSetting } from '../mrr/setting.ts';
import type { Transition } from '../mrr/timeline.ts';
import { standingOf } from '../mrr/versions.ts';
import type { Company, Period } from '../types.ts';
import { convertAll } from './conversion.ts';
import { apartFromPlan, type FactFilter, type MetricFacts, type SubscriptionFact } from './facts.ts';
import type { MetricScope } from './metric.ts';

/** Every subscription's past up to an instant, under the rules of a scope. */
export interface Replay {
  /** What each came to over time; made when first needed, of all or of chosen customers. */
  history(customers?: ReadonlySet<string>): MrrHistory;
  setting: MrrSetting;
  /** The states of each subscription in order of time. */
  states: ReadonlyMap<string, readonly SubscriptionFact[]>;
  rows: number;
}

/** Reads and replays all states that began before `untilAt`. A plan does not narrow it: changing plans is no loss. */
export async function replayFacts(facts: MetricFacts, scope: MetricScope, untilAt: number): Promise<Replay> {
  const setting = scope.mrr ?? facts.settings().mrr;
  const filter = apartFromPlan(scope.filter).rest;
  const period: Period = { ...scope.period, startAt: 0, endAt: untilAt };
  const rows = await facts.subscriptionsTouching(period, filter);
  const paid =
    setting.policy.newWhen === 'first_invoice_paid'
      ? new Map((await facts.firstInvoicesPaid()).map((one) => [one.subscriptionId, one.paidAt]))
      : null;
  const states = new Map<string, SubscriptionFact[]>();
  for (const row of rows.toSorted((a, b) => a.validFrom - b.validFrom)) {
    const own = states.get(row.subscriptionId);
    if (own) own.push(row);
    else states.set(row.subscriptionId, [row]);
  }
  let whole: MrrHistory | null = null;
  const history = (customers?: ReadonlySet<string>): MrrHistory => {
    const chosen = customers && rows.filter(({ customerId }) => customers.has(customerId));
    if (chosen) return historyOf(chosen, setting.policy, paid);
    whole ??= historyOf(rows, setting.policy, paid);
    return whole;
  };
  return { history, setting, states, rows: rows.length };
}

/** The state a subscription was in at an instant; the last in which it counted, where it has ended. */
export function stateOf({ states }: Replay, subscription: string, at: number): SubscriptionFact | undefined {
  const begun = (states.get(subscription) ?? []).filter((state) => state.validFrom <= at);
  return begun.findLast((state) => standingOf(state.status) !== 'none') ?? begun.at(-1);
}

/** The subscriptions worth something at an instant, each with its state and its monthly amount in its own currency. */
export function subscriptionsWorth(
  replay: Replay,
  filter: Pick<FactFilter, 'plan'>,
  at: number,
): { fact: SubscriptionFact; minor: number }[] {
  const { policy } = replay.setting;
  if (isPlain(policy)) return standing(replay, policy, at).filter(({ fact }) => onPlan(fact, filter));
  return worthAt(replay.history(), at).flatMap(({ subscription, monthlyMinor }) => {
    const fact = stateOf(replay, subscription, at);
    return fact && onPlan(fact, filter) ? [{ fact, minor: monthlyMinor }] : [];
  });
}

function standing({ states }: Replay, policy: MrrPolicy, at: number) {
  return [...states.values()].flatMap((own) => {
    const fact = own.findLast(
      ({ validFrom, validTo }) => validFrom <= at && (validTo === null || at < validTo),
    );
    const minor = fact && isLive(fact) ? plainWorth(fact, policy) : 0;
    return fact && minor > 0 ? [{ fact, minor }] : [];
  });
}

/** Whether a state is on the plan a filter asks for. */
export function onPlan(
  { plan }: Pick<SubscriptionFact, 'plan'>,
  filter: Pick<FactFilter, 'plan' | 'any' | 'none'>,
): boolean {
  return apartFromPlan(filter).fits(plan);
}

/** A movement in the currency the customer pays in, with the state of the subscription that moved. */
export interface DatedMovement extends Movement {
  currency: string;
  fact: SubscriptionFact;
}

/**
 * Every movement of a stretch of time. Customers who pay in several currencies move in the company's: their
 * subscriptions cannot be added up otherwise.
 */
export async function movementsOfReplay(
  replay: Replay,
  facts: MetricFacts,
  company: Company,
  { fromAt, untilAt }: { fromAt: number; untilAt: number },
): Promise<DatedMovement[]> {
  const { policy } = replay.setting;
  const all = [...replay.history(whoMoved(replay, fromAt)).values()].flat();
  const mixed = inSeveralCurrencies(replay);
  const moved = mixed.size === 0 ? all : await restated(replay, facts, company, { all, mixed });
  return movementsFrom(moved, policy, company.tz).flatMap((movement) => {
    if (movement.at < fromAt || movement.at >= untilAt) return [];
    const fact = stateOf(replay, movement.subscription, movement.at);
    if (!fact) return [];
    const currency = mixed.has(movement.customer) ? company.currency : fact.currency;
    return [{ ...movement, currency, fact }];
  });
}

const DAY_MS = 86_400_000;

/**
 * Customers something was recorded of from an instant on, or so long before it that the rules may count it then; only
 * they can have moved. Undefined: anybody may.
 */
function whoMoved({ states, setting }: Replay, fromAt: number): ReadonlySet<string> | undefined {
  const { newWhen, churnAt, pastDueDays } = setting.policy;
  if (newWhen !== 'start' || churnAt === 'service_period_end') return undefined;
  const sinceAt = fromAt - (pastDueDays ?? 0) * DAY_MS;
  const moved = new Set<string>();
  for (const { customerId, validFrom, validTo } of [...states.values()].flat()) {
    if (validFrom >= sinceAt || (validTo !== null && validTo >= sinceAt)) moved.add(customerId);
  }
  return moved;
}

function inSeveralCurrencies({ states }: Replay): ReadonlySet<string> {
  const first = new Map<string, string>();
  const mixed = new Set<string>();
  for (const own of states.values()) {
    for (const { customerId, currency } of own) {
      const known = first.get(customerId);
      if (known === undefined) first.set(customerId, currency);
      else if (known !== currency) mixed.add(customerId);
    }
  }
  return mixed;
}

async function restated(
  replay: Replay,
  facts: MetricFacts,
  company: Company,
  { all, mixed }: { all: readonly Transition[]; mixed: ReadonlySet<string> },
): Promise<Transition[]> {
  const those = all.filter(({ customer }) => mixed.has(customer));
  const converted = await convertAll(
    facts,
    company,
    those.map(({ at, subscription, monthlyMinor }) => ({
      money: {
        minor: monthlyMinor,
        currency: stateOf(replay, subscription, at)?.currency ?? company.currency,
      },
      at,
    })),
  );
  const restatedOnes = those.map((one, index) => ({ ...one, monthlyMinor: converted[index]?.minor ?? 0 }));
  return [...all.filter(({ customer }) => !mixed.has(customer)), ...restatedOnes];
}
