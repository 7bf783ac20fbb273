import { addMonths } from './calendar.ts';
import { divideHalfUp } from './money.ts';
import { paidSpans, paysAt, untilOf } from './truth-movements.ts';
import { recurring } from './truth-recurring.ts';
import { count, fits, inCompany, type Scope, type Truth, within } from './truth-scope.ts';

const ratio = (part: number, whole: number, rows: number): Truth => ({
  value: whole === 0 ? null : part / whole,
  unit: 'ratio',
  rows,
});

interface Ends {
  start: bigint;
  end: bigint;
}

/** Who pays at `from`: what they pay then and at `to`, both at the rates of `from`. */
function ends(scope: Scope, from: number, to: number): Ends[] {
  const list: Ends[] = [];
  for (const spans of paidSpans(scope).values()) {
    const currency = spans[0]?.currency ?? '';
    const start = paysAt(spans, from);
    if (start === 0n) continue;
    list.push({
      start: inCompany(scope, start, currency, from),
      end: inCompany(scope, paysAt(spans, to), currency, from),
    });
  }
  return list;
}

const ofPeriod = (scope: Scope) => ends(scope, scope.start - 1, untilOf(scope) - 1);
const total = (amounts: bigint[]) => Number(amounts.reduce((sum, amount) => sum + amount, 0n));

function nrr(scope: Scope): Truth {
  const list = ofPeriod(scope);
  return ratio(total(list.map(({ end }) => end)), total(list.map(({ start }) => start)), list.length);
}

function grr(scope: Scope): Truth {
  const list = ofPeriod(scope);
  const kept = list.map(({ start, end }) => (end < start ? end : start));
  return ratio(total(kept), total(list.map(({ start }) => start)), list.length);
}

function churnRate(scope: Scope): Truth {
  const list = ofPeriod(scope);
  return ratio(list.filter(({ end }) => end === 0n).length, list.length, list.length);
}

const inMoney = (minor: bigint | null, rows: number): Truth =>
  minor === null
    ? { value: null, unit: 'money', rows }
    : { value: Number(minor) / 100, unit: 'money', minor: Number(minor), currency: 'USD', rows };

function arpa(scope: Scope): Truth {
  const { sum, byCustomer, rows } = recurring(scope);
  const customers = [...byCustomer.values()].filter((amount) => amount > 0n).length;
  return inMoney(customers === 0 ? null : divideHalfUp(sum, BigInt(customers)), rows);
}

/** ARPA over monthly churn: customers lost in three months over those there at the start of each. */
function ltv(scope: Scope): Truth {
  const { sum, byCustomer, rows } = recurring(scope);
  const customers = [...byCustomer.values()].filter((amount) => amount > 0n).length;
  let lost = 0;
  let stood = 0;
  for (const back of [3, 2, 1]) {
    const list = ends(scope, addMonths(scope.at, -back), addMonths(scope.at, 1 - back));
    lost += list.filter(({ end }) => end === 0n).length;
    stood += list.length;
  }
  const value =
    lost === 0 || customers === 0
      ? null
      : divideHalfUp(sum * BigInt(stood), BigInt(customers) * BigInt(lost));
  return inMoney(value, rows);
}

function topShare(scope: Scope, customers: number): Truth {
  const byCustomer = new Map<string, number>();
  for (const [customerId, spans] of paidSpans(scope)) {
    const valid = spans.filter(
      ({ validFrom, validTo }) => validFrom <= scope.at && (validTo === null || scope.at < validTo),
    );
    const sum = valid.reduce(
      (so, version) => so + inCompany(scope, paysAt([version], scope.at), version.currency, scope.at),
      0n,
    );
    byCustomer.set(customerId, Number(sum));
  }
  const amounts = [...byCustomer.values()].sort((a, b) => b - a);
  const sum = (list: number[]) => list.reduce((so, amount) => so + amount, 0);
  return ratio(sum(amounts.slice(0, customers)), sum(amounts), amounts.length);
}

function trials(scope: Scope): Truth {
  const running = scope.world
    .all('subscriptionVersions')
    .filter(
      (version) =>
        version.status === 'trialing' &&
        fits(scope, version) &&
        version.validFrom <= scope.at &&
        (version.validTo === null || scope.at < version.validTo),
    );
  return count(new Set(running.map(({ customerId }) => customerId)).size, running.length);
}

function trialConversion(scope: Scope): Truth {
  const now = scope.world.now();
  let over = 0;
  let converted = 0;
  for (const trial of scope.world.all('subscriptionVersions')) {
    const { validFrom, validTo } = trial;
    if (trial.status !== 'trialing' || !fits(scope, trial) || validTo === null || validFrom === validTo)
      continue;
    if (!within(scope, validTo) || validTo > now) continue;
    const next = scope.world
      .of('subscriptionVersions', trial.customerId)
      .find(
        (version) =>
          version.subscriptionId === trial.subscriptionId &&
          version.validFrom === validTo &&
          version.validTo !== validTo,
      );
    if (next?.status === 'trialing') continue;
    over += 1;
    if (next?.status === 'active' || next?.status === 'past_due') converted += 1;
  }
  return ratio(converted, over, over);
}

function cohortRetention(scope: Scope): Truth {
  const now = scope.world.now();
  const spans = paidSpans({ ...scope, currency: null });
  const joined = scope.world
    .all('customers')
    .filter(
      ({ id, currency, createdAt }) => fits(scope, { customerId: id, currency }) && within(scope, createdAt),
    )
    .map(({ id }) => spans.get(id) ?? [])
    .filter((own) =>
      own.some((version) => version.validFrom <= now && paysAt([version], version.validFrom) > 0n),
    );
  return ratio(joined.filter((own) => paysAt(own, now) > 0n).length, joined.length, joined.length);
}

export const RETENTION_TRUTHS: Record<string, (scope: Scope) => Truth> = {
  nrr,
  grr,
  customer_churn_rate: churnRate,
  arpa,
  ltv,
  top_customer_share: (scope) => topShare(scope, 1),
  top_10_share: (scope) => topShare(scope, 10),
  trials,
  trial_conversion: trialConversion,
  cohort_retention: cohortRetention,
};
