import { growing } from '../../domain/briefing/attention.ts';
import type { Briefing } from '../../domain/briefing/briefing.ts';
import { type BriefingDays, briefingDays } from '../../domain/briefing/days.ts';
import type { Gathered, Names, Previous, UsageMove } from '../../domain/briefing/gathered.ts';
import { leaningOf } from '../../domain/briefing/readers.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import { type Company, type Period, type Principal, type Scope, SOURCES } from '../../domain/types.ts';
import listApprovals from '../../tools/approvals/list-approvals.ts';
import getCustomer from '../../tools/customers/get-customer.ts';
import listInvoices from '../../tools/invoices/list-invoices.ts';
import queryMetric from '../../tools/metrics/query-metric.ts';
import listPayments from '../../tools/payments/list-payments.ts';
import { sayDay } from '../../tools/wording.ts';
import type { SkillContext } from '../define-skill.ts';
import { type Asker, createAsker } from './ask.ts';
import { gatherChart, gatherNumbers } from './gather-numbers.ts';
import type { BriefingParts } from './parts.ts';

type Context = Pick<
  SkillContext,
  'call' | 'approvals' | 'alerts' | 'quality' | 'skills' | 'sources' | 'company' | 'signal'
>;

export interface GatherRequest {
  reader: Principal;
  slot: Gathered['slot'];
  /** The numbers are those of the closed company day before it. */
  at: number;
  /** True when `at` is long gone: what is open now is left out. */
  bygone: boolean;
  previous: Briefing | null;
}

const DAY_MS = 86_400_000;
const TRIAL_HORIZON_MS = 7 * DAY_MS;

/** Everything one briefing is made of, read with its reader's own rights. */
export async function gather(
  parts: Pick<BriefingParts, 'scopesOf' | 'waitingFor' | 'trialsEnding' | 'share'>,
  ctx: Context,
  request: GatherRequest,
): Promise<Gathered> {
  const { reader, at } = request;
  const { company } = ctx;
  await ctx.sources.refresh(SOURCES);
  const days = briefingDays(at, company.tz);
  const scopes = parts.scopesOf(reader);
  const asker = createAsker(parts.share(ctx.call, scopes));
  const leaning = leaningOf(reader.roles);
  const previous = previousOf(request.previous);
  const since: Pick<Period, 'startAt' | 'endAt'> = {
    startAt: previous?.asOfAt ?? days.day.startAt,
    endAt: at,
  };
  const numbers = await gatherNumbers(asker, leaning, days, at);
  const usage = scopes.includes('customers:read') ? await usageMoves(asker, days) : null;
  const live = request.bygone
    ? nothingLive
    : await gatherLive(parts, ctx, asker, { reader, scopes, days, since });
  const customers = scopes.includes('customers:read');
  return {
    reader: { teamId: reader.teamId, userId: reader.userId, name: reader.name, roles: [...reader.roles] },
    slot: request.slot,
    asOfAt: at,
    company,
    days,
    bygone: request.bygone,
    previous,
    numbers: numbers.found,
    chart: await gatherChart(asker, leaning, days),
    newcomers: customers ? await namesOf(asker, 'signups', since) : null,
    leavers: customers ? await namesOf(asker, 'churned_customers', since) : null,
    ...live,
    usage,
    plans: await plansOf(asker, usage?.moves ?? []),
    trials: customers ? await trialsOf(parts, asker, at, company) : [],
    quality: await ctx.quality.results(SOURCES),
    failures: asker.failures,
    freshness: await ctx.sources.freshness(SOURCES),
    receipts: asker.receipts,
    calls: numbers.calls,
  };
}

function previousOf(briefing: Briefing | null): Previous | null {
  if (!briefing) return null;
  return {
    asOfAt: briefing.asOfAt,
    amounts: new Map(briefing.metrics.map(({ metric, amount }) => [metric, amount])),
  };
}

type Live = Pick<Gathered, 'decided' | 'runs' | 'waiting' | 'overdue' | 'failed' | 'alerts'>;

const nothingLive: Live = {
  decided: null,
  runs: [],
  waiting: [],
  overdue: null,
  failed: null,
  alerts: { total: 0, rows: [] },
};

/** What is open at this moment. */
async function gatherLive(
  parts: Pick<BriefingParts, 'waitingFor'>,
  ctx: Context,
  asker: Asker,
  about: { reader: Principal; scopes: readonly Scope[]; days: BriefingDays; since: { startAt: number } },
): Promise<Live> {
  const { reader, scopes, days, since } = about;
  const has = (scope: Scope) => scopes.includes(scope);
  const ledger = has('approvals:read')
    ? await asker.ask(listApprovals, { limit: 10 }, 'The approvals')
    : null;
  const settled = ledger
    ? await ctx.approvals.list({ teamId: reader.teamId, settledSinceAt: since.startAt, limit: 20 })
    : null;
  const overdue = has('billing:read')
    ? await asker.ask(listInvoices, { state: 'overdue', order: 'largest', limit: 1 }, 'Overdue invoices')
    : null;
  const period = periodArgument(days.day);
  const failed = has('billing:read')
    ? await asker.ask(listPayments, { status: 'failed', period, limit: 3 }, 'Failed payments')
    : null;
  const runs = has('audit:read') ? await ctx.skills.list({ state: 'done', limit: 20 }) : [];
  const kinds = ctx.alerts.kindsFor(reader);
  const [largest] = overdue?.output.rows ?? [];
  return {
    decided: ledger && {
      queryId: ledger.queryId,
      rows: (settled?.rows ?? []).map(({ title, state }) => ({ title, state })),
    },
    runs: runs
      .filter(({ skill, endedAt }) => !skill.includes('briefing') && (endedAt ?? 0) > since.startAt)
      .map(({ skill, summary }) => ({ skill, summary: summary ?? `${skill} ran.` })),
    waiting: (await parts.waitingFor(reader)).map((approval) => ({
      approvalId: approval.id,
      batchId: approval.batch?.id ?? null,
      title: approval.plan.title,
      requester: approval.requester.name,
    })),
    overdue: overdue && {
      total: overdue.output.total,
      sums: overdue.output.sums,
      sumsCoverAll: overdue.output.sumsCoverAll,
      largest: largest
        ? {
            customer: largest.customer,
            invoice: largest.number ?? largest.id,
            amount: largest.amount,
            daysOverdue: largest.daysOverdue,
          }
        : null,
      queryId: overdue.queryId,
    },
    failed: failed && {
      total: failed.output.total,
      rows: failed.output.rows.map(({ customer, amount, declineCode }) => ({
        customer,
        amount,
        declineCode,
      })),
      queryId: failed.queryId,
    },
    alerts: kinds.length === 0 ? nothingLive.alerts : await ctx.alerts.open({ kinds, limit: 10 }),
  };
}

async function namesOf(
  asker: Asker,
  metric: string,
  since: Pick<Period, 'startAt' | 'endAt'>,
): Promise<Names | null> {
  if (since.startAt >= since.endAt) return null;
  const input = { metric, period: periodArgument(since), by: 'customer', top: 5 };
  const found = await asker.ask(queryMetric, input, 'New and lost customers');
  const rows = found?.output.breakdown;
  if (!found || !rows) return null;
  return { names: rows.rows.map(({ label }) => label), total: rows.total, queryId: found.queryId };
}

/** The largest users of this week and of the week before, each with both. */
async function usageMoves(asker: Asker, days: BriefingDays): Promise<Gathered['usage']> {
  const endAt = days.day.endAt;
  const ask = (period: Pick<Period, 'startAt' | 'endAt'>) =>
    asker.ask(
      queryMetric,
      { metric: 'api_calls', period: periodArgument(period), by: 'customer', top: 50 },
      'Usage by customer',
    );
  const now = await ask({ startAt: days.weekBefore.endAt, endAt });
  const weekEarlier = {
    startAt: briefingDays(days.weekBefore.endAt, days.day.tz).weekBefore.endAt,
    endAt: days.weekBefore.endAt,
  };
  const before = await ask(weekEarlier);
  if (!now || !before) return null;
  const earlier = new Map((before.output.breakdown?.rows ?? []).map((row) => [row.key, row.value ?? 0]));
  const moves = (now.output.breakdown?.rows ?? []).flatMap(({ key, label, value }): UsageMove[] => {
    const past = key === null ? undefined : earlier.get(key);
    if (key === null || past === undefined) return [];
    return [{ customerId: key, customer: label, calls: value ?? 0, before: past }];
  });
  return { moves, queryId: now.queryId };
}

async function plansOf(asker: Asker, moves: readonly UsageMove[]): Promise<Gathered['plans']> {
  const plans = new Map<string, { plan: string; price: string; queryId: string }>();
  for (const { customerId } of growing(moves).slice(0, 2)) {
    const found = await asker.ask(getCustomer, { customer: customerId }, 'Customer profiles');
    const [running] = found?.output.subscriptions ?? [];
    if (!found || !running) continue;
    const price = `${formatMoney(running.price)} a ${running.interval}`;
    plans.set(customerId, { plan: running.plan, price, queryId: found.queryId });
  }
  return plans;
}

async function trialsOf(
  parts: Pick<BriefingParts, 'trialsEnding'>,
  asker: Asker,
  at: number,
  company: Company,
): Promise<Gathered['trials']> {
  const trials: Gathered['trials'] = [];
  const ending = await parts.trialsEnding({ fromAt: at, toAt: at + TRIAL_HORIZON_MS, limit: 3 });
  for (const { customerId, endsAt } of ending) {
    const found = await asker.ask(getCustomer, { customer: customerId }, 'Customer profiles');
    const trial = found?.output.subscriptions.find(({ status }) => status === 'trialing');
    if (!found || !trial) continue;
    const { name } = found.output;
    trials.push({
      customer: name,
      plan: trial.plan,
      endsOn: sayDay(endsAt, company.tz),
      queryId: found.queryId,
    });
  }
  return trials;
}
