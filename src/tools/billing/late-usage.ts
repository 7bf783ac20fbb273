import { planLateUsage } from '../../domain/billing/metering/late-usage.ts';
import {
  calculateUsageInvoice,
  type LateUsage,
  type RatedMonth,
  type UsageBasis,
} from '../../domain/billing/run/basis.ts';
import { monthOf } from '../../domain/billing/run/month.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import type { Period } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';
import { monthBases } from './month-bases.ts';

type Needs = Pick<ToolContext, 'facts' | 'customers' | 'clock' | 'company' | 'billing'>;

/**
 * What customers, or one of them, used in a month, together with what came for months that were closed before: of these
 * the difference to what was billed is a line of this month's invoice, where the entity's convention bills it at all.
 */
export async function basesWithLate(
  ctx: Needs,
  period: Period,
  customerId: string | null = null,
): Promise<UsageBasis[]> {
  const bases = new Map(
    (await monthBases(ctx, period, customerId)).map((basis) => [basis.customerId, basis]),
  );
  for (const dirty of ctx.billing.metering.dirtyPeriods(customerId ?? undefined)) {
    if (dirty.startAt >= period.startAt || !(await isClosed(ctx, dirty.startAt))) continue;
    const closed = makePeriod(dirty.startAt, dirty.endAt, period.tz);
    const [fresh] = await monthBases(ctx, closed, dirty.customerId);
    const late = fresh && (await lateUsageOf(ctx, fresh, period));
    if (!late) continue;
    const basis = bases.get(dirty.customerId) ?? leftSince(fresh, period);
    bases.set(dirty.customerId, { ...basis, late: [...basis.late, late] });
  }
  return [...bases.values()];
}

/** What comes for a month that is open still, or again, belongs to its own close. */
async function isClosed({ billing, company }: Needs, startAt: number): Promise<boolean> {
  const run = await billing.runs.ofMonth(billing.settings().entity.id, monthOf(startAt, company.tz));
  return run?.closedAt != null;
}

/** Null where nothing more or less is owed than was billed, or where what is late is not billed. */
async function lateUsageOf(ctx: Needs, fresh: UsageBasis, period: Period): Promise<LateUsage | null> {
  const { conventions } = ctx.billing.settings().entity;
  const [closed, open] = [
    { startAt: fresh.startAt, endAt: fresh.endAt },
    { startAt: period.startAt, endAt: period.endAt },
  ];
  // Whether it came in time was decided when it was taken in.
  const plan = planLateUsage(
    {
      at: closed.startAt,
      receivedAt: closed.startAt,
      periods: [
        { ...closed, closedAt: closed.endAt },
        { ...open, closedAt: null },
      ],
    },
    conventions,
  );
  if (plan.action !== 'bill_difference') return null;
  const late = { billed: await billedMonths(ctx, fresh), now: pick(fresh), line: plan.linePeriod };
  const only = { ...leftSince(fresh, period), late: [late] };
  return calculateUsageInvoice(only, conventions).lines.some(({ amountMinor }) => amountMinor !== 0n)
    ? late
    : null;
}

/** As the month was billed so far, in the order of the invoices. */
async function billedMonths(ctx: Needs, { customerId, startAt }: UsageBasis): Promise<RatedMonth[]> {
  const issued = (await ctx.billing.runs.ofCustomer(customerId))
    .filter(({ state }) => state === 'issued')
    .sort((one, other) => one.basis.startAt - other.basis.startAt);
  return issued.flatMap(({ basis }) => [
    ...(basis.startAt === startAt ? [pick(basis)] : []),
    ...basis.late.filter(({ now }) => now.startAt === startAt).map(({ now }) => now),
  ]);
}

function pick({ plan, included, perThousand, calls, startAt, endAt }: UsageBasis): RatedMonth {
  return { plan, included, perThousand, calls, startAt, endAt };
}

/** Of somebody who has no plan any more: the late usage is all there is. */
function leftSince(basis: UsageBasis, { startAt, endAt }: Period): UsageBasis {
  return { ...basis, startAt, endAt, calls: 0, included: 0, categories: [], late: [] };
}
