import { setImmediate as breathe } from 'node:timers/promises';
import type { SourceTotals } from '../../domain/billing/run/prove.ts';
import {
  type DailyCalls,
  type DayOfEvidence,
  usageEvidence,
} from '../../domain/billing/run/usage-evidence.ts';
import { roundTo } from '../../domain/money/exact.ts';
import { addUnits, dateAt, dayNameAt, startOfDayAt } from '../../domain/periods/calendar.ts';
import type { Period } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

const METER = 'api_calls';

type Needs = Pick<ToolContext, 'billing' | 'facts'>;

/**
 * What a month's usage, of one customer or of all, is counted a second time by: raw events of every day whose events
 * are all collected, and what PsiZero itself says now.
 */
export async function monthEvidence(
  ctx: Needs,
  period: Period,
  customerId: string | null = null,
): Promise<SourceTotals> {
  const { source } = ctx.billing;
  const totals = byDayName(await source.callsByDay(period.startAt, period.endAt), period.tz);
  return {
    evidence: usageEvidence(await daysOfEvents(ctx, period, customerId), totals),
    totals,
    plans: await source.plans(),
    subscriptions: await ctx.facts.subscriptionsTouching(period, customerId === null ? {} : { customerId }),
  };
}

async function daysOfEvents(ctx: Needs, period: Period, customerId: string | null): Promise<DayOfEvidence[]> {
  const { metering } = ctx.billing;
  const settled = metering.settled();
  const days: DayOfEvidence[] = [];
  for (let date = dateAt(period.startAt, period.tz); ; date = addUnits(date, 'day', 1)) {
    const startAt = startOfDayAt(date, period.tz);
    if (startAt >= period.endAt) return days;
    const endAt = Math.min(period.endAt, startOfDayAt(addUnits(date, 'day', 1), period.tz));
    const day = { day: date.toString(), startAt, endAt };
    if (settled === null || startAt < settled.startAt || endAt > settled.endAt) {
      days.push({ ...day, counted: null });
      continue;
    }
    const calls = new Map<string, number>();
    let events = 0;
    for (const one of metering.getUsageFromEvents({ meter: METER, period: { startAt, endAt }, customerId })) {
      events += one.count;
      calls.set(one.customerId, (calls.get(one.customerId) ?? 0) + Number(roundTo(one.sum, 0, 'half_away')));
    }
    days.push({ ...day, counted: { events, calls } });
    // A day of events is read in one go: others get their turn between two days.
    await breathe();
  }
}

function byDayName(days: ReadonlyMap<string, ReadonlyMap<number, number>>, tz: string): DailyCalls {
  return new Map(
    [...days].map(([id, own]) => [id, new Map([...own].map(([at, calls]) => [dayNameAt(at, tz), calls]))]),
  );
}
