import { z } from 'zod';
import { requireMetric } from '../../domain/metrics/ask.ts';
import { readCompare } from '../../domain/metrics/compare-words.ts';
import { nearestMetrics } from '../../domain/metrics/match.ts';
import { metricMeant } from '../../domain/metrics/meant.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Scope } from '../../domain/types.ts';
import { type ChangeAnswer, ChangeAnswerSchema } from '../../domain/why/answer.ts';
import { explainChange } from '../../domain/why/explain.ts';
import { changeExhibits, narrateChange } from '../../domain/why/narrate.ts';
import { recognizeChange } from '../../domain/why/recognize.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { listsOf } from './narrowing.ts';
import { excludeInput, filterInput, upperCodes, whereInput, withSingles } from './narrowing-input.ts';

const NAME = 'explain_change';

const short = (most: number) => z.string().min(1).max(most).optional();

const ChangeInput = z.strictObject({
  metric: z.string().min(1).max(80).describe('Name of a metric'),
  period: short(100).describe(
    'As the person said it, or ISO START/END. Left out: since the end of last month',
  ),
  compare: short(100).describe('previous (default), last_year, same_point last quarter, or a period'),
  by: z.enum(['customer', 'plan', 'country', 'region', 'segment', 'category']).optional(),
  filter: filterInput,
  customer: short(120).describe('Id or name'),
  where: whereInput,
  exclude: excludeInput,
  supposed: z.enum(['up', 'down']).optional(),
});

type Input = z.output<typeof ChangeInput>;

function mayName(scopes: readonly Scope[]): boolean {
  return scopes.includes('customers:read');
}

function namesCustomers({ customer, by, where, exclude }: Input): boolean {
  const listed = where?.customer ?? exclude?.customer;
  return customer !== undefined || by === 'customer' || listed !== undefined;
}

const MOST_ALERTS = 50;

async function run(given: Input, ctx: ToolContext): Promise<ChangeAnswer> {
  const input = withSingles(given);
  const metric = requireMetric(metricMeant(input.metric), nearestMetrics);
  const nowAt = ctx.clock.now();
  const { tz } = ctx.principal;
  const period = input.period === undefined ? null : parsePeriod(input.period, { nowAt, tz });
  const compare =
    input.compare === undefined ? null : readCompare(input.compare, { nowAt, tz, period, kind: metric.kind });
  const customer = input.customer === undefined ? null : await ctx.customers.resolve(input.customer);
  if (period === null || period.endAt >= nowAt) await ctx.sources.refresh(metric.sources);
  const { any, none, named, remarks } = await listsOf(input, ctx);
  const filter = { ...upperCodes(input.filter), ...(any ? { any } : {}), ...(none ? { none } : {}) };
  const by = input.by ?? null;
  const names = mayName(ctx.scopes ?? []);
  const asked = {
    ...{ metric, period, compare, by, filter, customer, named, remarks, names },
    ...{ nowAt, tz, company: ctx.company },
  };
  const alerts = await ctx.alerts.list(ctx.principal, { list: 'open', limit: MOST_ALERTS });
  const freshness = await ctx.sources.freshness(metric.sources);
  const answer = await explainChange(asked, ctx.facts, { freshness, alerts: alerts.rows });
  const { supposed } = input;
  return withNames(supposed === undefined ? answer : { ...answer, supposed }, ctx);
}

/** Usage is grouped by customer id alone: those who are told of get their names here. */
async function withNames(answer: ChangeAnswer, ctx: ToolContext): Promise<ChangeAnswer> {
  const nameless = answer.effects
    .flatMap((effect) => effect.accounts)
    .flatMap(({ id, name }) => (id !== null && id === name ? [id] : []));
  const names = new Map<string, string>();
  for (const id of new Set(nameless)) names.set(id, (await ctx.customers.get(id))?.name ?? id);
  const nameOf = <T extends { id: string | null; name: string }>(account: T): T => ({
    ...account,
    name: (account.id === null ? undefined : names.get(account.id)) ?? account.name,
  });
  return {
    ...answer,
    effects: answer.effects.map((effect) => ({ ...effect, accounts: effect.accounts.map(nameOf) })),
    listed: answer.listed.map((item) => ({ ...item, label: names.get(item.id) ?? item.label })),
  };
}

export default defineTool({
  name: NAME,
  description:
    'Why a number went up or down: splits the change of a metric between two periods or instants exactly into customers, plan, price, quantity, discount, exchange rate, volume or mix, with the accounts behind each and what happened meanwhile. For "why", "what drove", "what changed". It says what came with a change, never its cause. Not for the figure alone.',
  scope: 'metrics:read',
  // Who may see customers is told which accounts are behind a part; everybody else how many.
  furtherScopes: (input, held) => (namesCustomers(input) || mayName(held) ? ['customers:read'] : []),
  effect: 'read',
  input: ChangeInput,
  output: ChangeAnswerSchema,
  examples: [
    { say: 'why is MRR up?', input: { metric: 'mrr' } },
    { say: 'why did revenue drop last month', input: { metric: 'revenue_gross', period: 'last month' } },
    {
      say: 'what drove the change in error rate this week',
      input: { metric: 'error_rate', period: 'this week' },
    },
  ],
  recognize: (utterance) => {
    const latest = utterance.previous[0];
    return recognizeChange(utterance, latest?.tool === NAME ? latest : null);
  },
  run,
  narrate: narrateChange,
  figures: ({ before, after, effects, fraction }) => ({
    ...{ before: before.value, after: after.value, fraction },
    effects: effects.map(({ kind, value }) => ({ kind, value })),
  }),
  exhibits: changeExhibits,
});
