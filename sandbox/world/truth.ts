import { monthStart } from './calendar.ts';
import { WorldError } from './errors.ts';
import type { World } from './records.ts';
import { COLLECTION_TRUTHS } from './truth-collections.ts';
import { callsTrend, quietDays, ticketsUnanswered } from './truth-health.ts';
import { incidentCount, incidentMinutes, timeToRestore } from './truth-incidents.ts';
import { LIFETIME_TRUTHS } from './truth-lifetime.ts';
import { meteredCalls } from './truth-metering.ts';
import { creditNotes, owed, refunds, revenueGross } from './truth-money.ts';
import { MOVEMENT_TRUTHS } from './truth-movements.ts';
import {
  activeApiCustomers,
  callsPerCustomer,
  clientErrorRate,
  errorRate,
  latencyP50,
  latencyP95,
  latencyP99,
  sloBurn,
  uniqueApis,
  uptime,
  usage,
} from './truth-platform.ts';
import { overageAmount, overageCalls, quotaUse } from './truth-quota.ts';
import { paying, recurring } from './truth-recurring.ts';
import { RETENTION_TRUTHS } from './truth-retention.ts';
import { count, fits, money, type Scope, type Truth, type TruthQuestion, within } from './truth-scope.ts';
import {
  backlogAge,
  csat,
  firstResponseTime,
  resolutionTime,
  ticketSentiment,
  ticketsClosed,
  ticketsOpen,
  ticketsOpened,
} from './truth-support.ts';

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
  metered_calls: meteredCalls,
  error_rate_4xx: clientErrorRate,
  unique_apis: uniqueApis,
  active_api_customers: activeApiCustomers,
  calls_per_customer: callsPerCustomer,
  quota_use: quotaUse,
  overage_calls: overageCalls,
  overage_amount: overageAmount,
  latency_p50: latencyP50,
  latency_p99: latencyP99,
  slo_burn: sloBurn,
  incidents: incidentCount,
  incident_minutes: incidentMinutes,
  mttr: timeToRestore,
  tickets_opened: ticketsOpened,
  tickets_closed: ticketsClosed,
  first_response_time: firstResponseTime,
  resolution_time: resolutionTime,
  backlog_age: backlogAge,
  csat,
  ticket_sentiment: ticketSentiment,
  calls_trend: callsTrend,
  quiet_days: quietDays,
  tickets_unanswered: ticketsUnanswered,
  ...MOVEMENT_TRUTHS,
  ...RETENTION_TRUTHS,
  ...COLLECTION_TRUTHS,
  ...LIFETIME_TRUTHS,
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
