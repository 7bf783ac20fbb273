import { ALLOWANCES } from './allowances.ts';
import { DAY, monthStart } from './calendar.ts';
import { divideHalfUp } from './money.ts';
import type { SubscriptionVersionRecord } from './records.ts';
import { usage } from './truth-platform.ts';
import { count, fits, inCompany, money, type Scope, type Truth } from './truth-scope.ts';

interface Account {
  included: number;
  plan: string;
  currency: string;
  /** Calls of the month before the period, and within it. */
  before: number;
  inside: number;
  /** The instant whose rate counts. */
  at: number;
}

const USING = new Set(['trialing', 'active', 'past_due']);
const includedBy = ({ plan, quantity }: SubscriptionVersionRecord) =>
  (ALLOWANCES.find((allowance) => allowance.plan === plan)?.includedCalls ?? 0) * quantity;

/** Every customer with an allowance, in every company month that the period touches. */
function accounts(scope: Scope): Account[] {
  const now = scope.world.now();
  const found: Account[] = [];
  for (let start = monthStart(scope.start); start < Math.min(scope.end, now + 1); ) {
    const next = monthStart(start + 33 * DAY);
    const seen = Math.min(next, now + 1);
    const months = new Map<string, Account>();
    for (const [customerId, versions] of subscriptionsOf(scope, start, seen)) {
      const best = versions.reduce((a, b) => (includedBy(b) > includedBy(a) ? b : a));
      const { plan, currency } = best;
      months.set(customerId, {
        included: includedBy(best),
        plan,
        currency,
        before: 0,
        inside: 0,
        at: seen - 1,
      });
    }
    for (const row of usage({ ...scope, start, end: Math.min(scope.end, next) })) {
      const account = months.get(row.customerId);
      if (!account) continue;
      if (row.bucketStartAt < scope.start) account.before += row.calls;
      else account.inside += row.calls;
    }
    found.push(...months.values());
    start = next;
  }
  return found;
}

/** Versions that let a customer call at some instant of the time; in this company nobody has two subscriptions. */
function subscriptionsOf(scope: Scope, from: number, to: number) {
  const byCustomer = new Map<string, SubscriptionVersionRecord[]>();
  for (const version of scope.world.all('subscriptionVersions')) {
    const end = version.validTo ?? Number.POSITIVE_INFINITY;
    const touches = version.validFrom < to && end > from && end > version.validFrom;
    if (!touches || !USING.has(version.status) || !fits(scope, version)) continue;
    byCustomer.set(version.customerId, [...(byCustomer.get(version.customerId) ?? []), version]);
  }
  return byCustomer;
}

const excess = (calls: number, { included }: Account) => Math.max(0, calls - included);

export function quotaUse(scope: Scope): Truth {
  const all = accounts(scope);
  const included = all.reduce((sum, account) => sum + account.included, 0);
  const called = all.reduce((sum, account) => sum + account.inside, 0);
  return { value: included === 0 ? null : called / included, unit: 'ratio', rows: all.length };
}

export function overageCalls(scope: Scope): Truth {
  const all = accounts(scope);
  const over = all.map(
    (account) => excess(account.before + account.inside, account) - excess(account.before, account),
  );
  return count(
    over.reduce((sum, calls) => sum + calls, 0),
    all.length,
  );
}

export function overageAmount(scope: Scope): Truth {
  const all = accounts(scope);
  const priced = (account: Account, calls: number) => {
    const price = ALLOWANCES.find(({ plan }) => plan === account.plan)?.overagePrices[account.currency] ?? 0;
    const local = divideHalfUp(BigInt(excess(calls, account)) * BigInt(price), 1_000n);
    return inCompany(scope, local, account.currency, account.at);
  };
  const sum = all.reduce(
    (total, account) =>
      total + priced(account, account.before + account.inside) - priced(account, account.before),
    0n,
  );
  return money(sum, all.length);
}
