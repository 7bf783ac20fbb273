import type { UsageBasis } from '../../domain/billing/run/basis.ts';
import { findUnusual, type MonthOfCalls, unusualWords } from '../../domain/billing/run/flag.ts';
import { daysOf, monthsBefore } from '../../domain/billing/run/month.ts';
import type { SourceTotals } from '../../domain/billing/run/prove.ts';
import { type RunProblem, validateRun } from '../../domain/billing/run/validate.ts';
import type { CustomerUsageFact } from '../../domain/metrics/facts.ts';
import { dayNameAt } from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import type { Period } from '../../domain/types.ts';
import { basesWithLate } from '../../tools/billing/late-usage.ts';
import { monthEvidence } from '../../tools/billing/month-evidence.ts';
import type { SkillContext } from '../define-skill.ts';

/** So many months say what is usual for a customer. */
const MONTHS_OF_HISTORY = 6;

export interface Collected {
  bases: UsageBasis[];
  problems: RunProblem[];
}

/** A month's facts, and what is wrong with them. */
export async function collectMonth(period: Period, ctx: SkillContext): Promise<Collected> {
  const bases = await basesWithLate(ctx, period);
  const days = await ctx.facts.usageIn(period, {}, 'day');
  const [usage] = (await ctx.sources.freshness(['psizero'])).filter(({ source }) => source === 'psizero');
  const problems = validateRun({
    bases,
    days: daysOf(period),
    daysWithUsage: new Set(
      days.filter(({ calls }) => calls > 0).map(({ group }) => dayNameAt(Number(group), period.tz)),
    ),
    usageThroughAt: usage?.throughAt ?? null,
    endAt: period.endAt,
  });
  return { bases, problems };
}

/** Of those who owe something, what is unlike their own months before, in sentences by customer. */
export async function flagUnusual(
  bases: readonly UsageBasis[],
  period: Period,
  ctx: SkillContext,
): Promise<Map<string, string[]>> {
  const owing = bases.filter(({ calls, included }) => calls > included);
  const history = new Map<string, MonthOfCalls[]>();
  for (const month of monthsBefore(period, MONTHS_OF_HISTORY)) {
    for (const [id, calls] of byCustomer(await ctx.facts.customerUsageIn(month, {}))) {
      history.set(id, [...(history.get(id) ?? []), calls]);
    }
  }
  const flags = new Map<string, string[]>();
  for (const basis of owing) {
    const unusual = findUnusual(basis, history.get(basis.customerId) ?? []);
    if (unusual === null) continue;
    const day = await busiestDay(basis.customerId, period, ctx);
    flags.set(basis.customerId, [`Unusual: ${unusualWords(unusual, basis.calls, day)}.`]);
  }
  return flags;
}

/** The calls a day that were rated, of some customers. */
export async function daysRated(
  bases: readonly UsageBasis[],
  period: Period,
  ctx: SkillContext,
): Promise<Map<string, Map<string, number>>> {
  const rated = new Map<string, Map<string, number>>();
  for (const { customerId } of bases) {
    const days = await ctx.facts.usageIn(period, { customerId }, 'day');
    rated.set(
      customerId,
      new Map(days.map(({ group, calls }) => [dayNameAt(Number(group), period.tz), calls])),
    );
  }
  return rated;
}

/** What late usage of closed months is counted a second time by, by the instant the month began. */
export async function lateEvidence(
  bases: readonly UsageBasis[],
  { tz }: Period,
  ctx: SkillContext,
): Promise<Map<number, SourceTotals>> {
  const sources = new Map<number, SourceTotals>();
  for (const { now } of bases.flatMap(({ late }) => late)) {
    if (sources.has(now.startAt)) continue;
    sources.set(now.startAt, await monthEvidence(ctx, makePeriod(now.startAt, now.endAt, tz)));
  }
  return sources;
}

function byCustomer(rows: readonly CustomerUsageFact[]): Map<string, MonthOfCalls> {
  const months = new Map<string, MonthOfCalls>();
  for (const { customerId, category, calls } of rows) {
    const before = months.get(customerId) ?? { calls: 0, categories: [] };
    months.set(customerId, {
      calls: before.calls + calls,
      categories: [...before.categories, { category, calls }],
    });
  }
  return months;
}

async function busiestDay(customerId: string, period: Period, ctx: SkillContext): Promise<string | null> {
  const days = await ctx.facts.usageIn(period, { customerId }, 'day');
  const [most] = days.sort((one, other) => other.calls - one.calls);
  return most?.group == null ? null : dayNameAt(Number(most.group), period.tz);
}
