import { companyDay, monthStart } from './calendar.ts';
import { WorldError } from './errors.ts';
import { divideHalfUp, toCompany } from './money.ts';
import {
  COMPANY,
  type InvoiceRecord,
  LATENCY_BUCKETS_MS,
  type SubscriptionVersionRecord,
  type UsageRow,
  type World,
} from './records.ts';

export interface TruthQuestion {
  /** Half-open; null: none was given. */
  period: { start: number; end: number } | null;
  at: number | null;
  customerId: string | null;
  currency: string | null;
}

export interface Truth {
  /** Money in major units of the company's currency; null where nothing can be said. */
  value: number | null;
  unit: 'money' | 'count' | 'ratio' | 'ms';
  minor?: number;
  currency?: string;
  /** How many records the number was made of. */
  rows: number;
}

interface Scope {
  world: World;
  /** The period of a flow. */
  start: number;
  end: number;
  /** The instant of a snapshot. */
  at: number;
  customerId: string | null;
  currency: string | null;
}

interface Owned {
  customerId: string;
  currency: string;
}

const fits = (scope: Scope, row: Owned) =>
  (scope.customerId === null || row.customerId === scope.customerId) &&
  (scope.currency === null || row.currency === scope.currency);
const within = (scope: Scope, at: number | null) => at !== null && at >= scope.start && at < scope.end;
const currencyOf = (scope: Scope, customerId: string) =>
  scope.world.get('customers', customerId)?.currency ?? COMPANY.currency;

function inCompany(scope: Scope, minor: bigint, currency: string, at: number): bigint {
  return toCompany(minor, currency, scope.world.fxRate(currency, companyDay(at)));
}

function money(minor: bigint, rows: number): Truth {
  const number = Number(minor);
  return { value: number / 100, unit: 'money', minor: number, currency: COMPANY.currency, rows };
}

const count = (value: number, rows = value): Truth => ({ value, unit: 'count', rows });

const PAYING = new Set(['active', 'past_due']);
const paying = ({ status }: SubscriptionVersionRecord) => PAYING.has(status);

function monthly(version: SubscriptionVersionRecord): bigint {
  const months = BigInt(version.interval === 'year' ? 12 * version.intervalCount : version.intervalCount);
  const list = BigInt(version.unitAmount) * BigInt(version.quantity);
  if (version.discountDuration !== 'forever') return divideHalfUp(list, months);
  if (version.discountPercent !== null) {
    const kept = BigInt(10_000 - Math.round(version.discountPercent * 100));
    return divideHalfUp(list * (kept > 0n ? kept : 0n), 10_000n * months);
  }
  const left = list - BigInt(version.discountAmount ?? 0);
  return left > 0n ? divideHalfUp(left, months) : 0n;
}

function recurring(scope: Scope) {
  const versions = scope.world
    .all('subscriptionVersions')
    .filter(
      (v) =>
        paying(v) &&
        fits(scope, v) &&
        v.validFrom <= scope.at &&
        scope.at < (v.validTo ?? Number.POSITIVE_INFINITY),
    );
  const byCustomer = new Map<string, bigint>();
  let sum = 0n;
  for (const version of versions) {
    const local = monthly(version);
    sum += inCompany(scope, local, version.currency, scope.at);
    byCustomer.set(version.customerId, (byCustomer.get(version.customerId) ?? 0n) + local);
  }
  return { sum, byCustomer, rows: versions.length };
}

function revenueGross(scope: Scope) {
  const paid = scope.world
    .all('invoices')
    .filter((invoice) => fits(scope, invoice) && within(scope, invoice.paidAt));
  const sum = paid.reduce(
    (total, { total: gross, tax, currency, paidAt }) =>
      total + inCompany(scope, BigInt(gross - tax), currency, paidAt ?? 0),
    0n,
  );
  return { sum, rows: paid.length };
}

function sumCreated(scope: Scope, rows: readonly (Owned & { amount: number; createdAt: number })[]) {
  const kept = rows.filter((row) => fits(scope, row) && within(scope, row.createdAt));
  const sum = kept.reduce(
    (total, row) => total + inCompany(scope, BigInt(row.amount), row.currency, row.createdAt),
    0n,
  );
  return { sum, rows: kept.length };
}

const refunds = (scope: Scope) =>
  sumCreated(
    scope,
    scope.world.all('refunds').filter(({ status }) => status === 'succeeded'),
  );
const creditNotes = (scope: Scope) =>
  sumCreated(
    scope,
    scope.world.all('creditNotes').filter(({ status }) => status === 'issued'),
  );

/** Ends of paid spans, at which nothing paid remains: the customer has churned then. */
function churned(scope: Scope): Truth {
  const spans = new Map<string, [number, number][]>();
  for (const version of scope.world.all('subscriptionVersions')) {
    const end = version.validTo ?? Number.POSITIVE_INFINITY;
    if (!paying(version) || !fits(scope, version) || version.validFrom >= end) continue;
    const list = spans.get(version.customerId) ?? [];
    list.push([version.validFrom, end]);
    spans.set(version.customerId, list);
  }
  const now = scope.world.now();
  let customers = 0;
  for (const list of spans.values()) {
    const fell = list.some(
      ([, end]) => within(scope, end) && end <= now && !list.some(([from, to]) => from <= end && end < to),
    );
    if (fell) customers += 1;
  }
  return count(customers);
}

function usage(scope: Scope): UsageRow[] {
  const { world, start, end, customerId, currency } = scope;
  const rows = world.usage({ fromAt: start, toAt: end, ...(customerId === null ? {} : { customerId }) });
  return currency === null ? rows : rows.filter((row) => currencyOf(scope, row.customerId) === currency);
}

function errorRate(scope: Scope): Truth {
  const rows = usage(scope);
  let calls = 0;
  let failed = 0;
  for (const row of rows) {
    calls += row.calls;
    failed += row.errors5xx;
  }
  return { value: calls === 0 ? null : failed / calls, unit: 'ratio', rows: rows.length };
}

function latencyP95(scope: Scope): Truth {
  const hours = scope.world.performance({ fromAt: scope.start, toAt: scope.end });
  const counts: number[] = [];
  for (const hour of hours) {
    for (const [index, calls] of hour.latencyCounts.entries()) counts[index] = (counts[index] ?? 0) + calls;
  }
  const calls = counts.reduce((sum, value) => sum + value, 0);
  if (calls === 0) return { value: null, unit: 'ms', rows: hours.length };
  let answered = 0;
  let index = 0;
  while (index < counts.length) {
    answered += counts[index] ?? 0;
    if (answered * 100 >= calls * 95) break;
    index += 1;
  }
  // Beyond the last bound there is none to name; the last stands for "or more".
  const value = LATENCY_BUCKETS_MS[index] ?? LATENCY_BUCKETS_MS.at(-1) ?? null;
  return { value, unit: 'ms', rows: hours.length };
}

function uptime(scope: Scope): Truth {
  const end = Math.min(scope.end, scope.world.now());
  if (end <= scope.start) return { value: null, unit: 'ratio', rows: 0 };
  const spans = scope.world
    .all('incidents')
    .filter(({ severity }) => severity !== 'minor')
    .map(
      ({ startedAt, endedAt }) => [Math.max(startedAt, scope.start), Math.min(endedAt ?? end, end)] as const,
    )
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  let down = 0;
  let covered = scope.start;
  for (const [from, to] of spans) {
    down += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  return { value: 1 - down / (end - scope.start), unit: 'ratio', rows: spans.length };
}

function owed(scope: Scope, onlyOverdue: boolean): Truth {
  const gone = (at: number | null) => at !== null && at <= scope.at;
  const open = scope.world.all('invoices').filter((invoice: InvoiceRecord) => {
    const { finalizedAt, dueAt, paidAt, voidedAt, uncollectibleAt } = invoice;
    if (!fits(scope, invoice) || finalizedAt === null || finalizedAt > scope.at) return false;
    if (gone(paidAt) || gone(voidedAt) || gone(uncollectibleAt)) return false;
    return !onlyOverdue || (dueAt ?? finalizedAt) < scope.at;
  });
  const sum = open.reduce(
    (total, { amountDue, currency }) => total + inCompany(scope, BigInt(amountDue), currency, scope.at),
    0n,
  );
  return money(sum, open.length);
}

function arr(scope: Scope): Truth {
  const { sum, rows } = recurring(scope);
  return money(12n * sum, rows);
}

function activeCustomers(scope: Scope): Truth {
  const { byCustomer, rows } = recurring(scope);
  return count([...byCustomer.values()].filter((amount) => amount > 0n).length, rows);
}

function net(scope: Scope): Truth {
  const gross = revenueGross(scope);
  const back = refunds(scope);
  const credited = creditNotes(scope);
  return money(gross.sum - back.sum - credited.sum, gross.rows + back.rows + credited.rows);
}

function ticketsOpen(scope: Scope): Truth {
  const open = scope.world
    .all('tickets')
    .filter(
      ({ customerId, openedAt, closedAt }) =>
        fits(scope, { customerId, currency: currencyOf(scope, customerId) }) &&
        openedAt <= scope.at &&
        (closedAt === null || closedAt > scope.at),
    );
  return count(open.length);
}

function signups(scope: Scope): Truth {
  const joined = scope.world
    .all('customers')
    .filter(
      ({ id, currency, createdAt }) => fits(scope, { customerId: id, currency }) && within(scope, createdAt),
    );
  return count(joined.length);
}

function failedPayments(scope: Scope): Truth {
  const failed = scope.world
    .all('charges')
    .filter((charge) => charge.status === 'failed' && fits(scope, charge) && within(scope, charge.createdAt));
  return count(failed.length);
}

function apiCalls(scope: Scope): Truth {
  const rows = usage(scope);
  return count(
    rows.reduce((sum, row) => sum + row.calls, 0),
    rows.length,
  );
}

const TRUTHS: Record<string, (scope: Scope) => Truth> = {
  mrr: (scope) => {
    const { sum, rows } = recurring(scope);
    return money(sum, rows);
  },
  arr,
  revenue_gross: (scope) => {
    const { sum, rows } = revenueGross(scope);
    return money(sum, rows);
  },
  refunds: (scope) => {
    const { sum, rows } = refunds(scope);
    return money(sum, rows);
  },
  revenue_net: net,
  active_customers: activeCustomers,
  signups,
  churned_customers: churned,
  api_calls: apiCalls,
  error_rate: errorRate,
  latency_p95: latencyP95,
  uptime,
  receivables_open: (scope) => owed(scope, false),
  receivables_overdue: (scope) => owed(scope, true),
  failed_payments: failedPayments,
  tickets_open: ticketsOpen,
};

/** The queries there is a truth of. */
export const TRUTH_QUERIES: readonly string[] = Object.keys(TRUTHS);

/** The number, from the world's own records, as sandbox/TRUTH.md defines it. Throws WorldError for an unknown query. */
export function truthOf(world: World, query: string, asked: TruthQuestion): Truth {
  const compute = Object.hasOwn(TRUTHS, query) ? TRUTHS[query] : undefined;
  if (!compute) throw new WorldError('unknown_query', `query: there is no truth of '${query}'`);
  const now = world.now();
  const { period } = asked;
  return compute({
    world,
    start: period?.start ?? monthStart(now),
    end: period?.end ?? now + 1,
    at: asked.at ?? (period ? Math.min(period.end - 1, now) : now),
    customerId: asked.customerId,
    currency: asked.currency,
  });
}
