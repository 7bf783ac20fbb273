import { calculateMetric } from '../metrics/calculate.ts';
import type { MetricFacts } from '../metrics/facts.ts';
import type { Metric } from '../metrics/metric.ts';
import { movementAmounts, movementsIn } from '../metrics/movements.ts';
import { readAhead } from '../metrics/read-ahead.ts';
import { addUnits, dateAt, dayNameAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Period } from '../types.ts';
import type { MrrMonth } from './mrr/months.ts';

/** No month further back is looked at. */
const MOST_MONTHS = 60;

/** This many months without anything, and the history has not begun before them. */
const EMPTY_MONTHS = 3;

export interface HistoryMonth {
  /** "2026-10" */
  month: string;
  period: Period;
  value: number;
}

interface Reach {
  facts: MetricFacts;
  company: Company;
  nowAt: number;
}

/** The company month so many months from the running one: -1 is the last that is over, 0 the running one. */
export function companyMonth({ company, nowAt }: Pick<Reach, 'company' | 'nowAt'>, offset: number): Period {
  const first = addUnits(startOfUnit(dateAt(nowAt, company.tz), 'month'), 'month', offset);
  const end = addUnits(first, 'month', 1);
  return makePeriod(startOfDayAt(first, company.tz), startOfDayAt(end, company.tz), company.tz);
}

/** "2026-10" */
export function monthName({ startAt, tz }: Pick<Period, 'startAt' | 'tz'>): string {
  return dayNameAt(startAt, tz).slice(0, 7);
}

/**
 * A metric month by month, oldest first, up to the last month that is over; snapshots as they stood at its end. Begins
 * with the first month that has a value, and after the last gap.
 */
export async function metricMonths(
  metric: Metric,
  reach: Reach,
  breathe: () => Promise<void>,
): Promise<{ months: HistoryMonth[]; rows: number }> {
  const { company, nowAt } = reach;
  const furthest = companyMonth(reach, -MOST_MONTHS);
  const ahead = readAhead(reach.facts, { ...furthest, endAt: nowAt });
  const months: HistoryMonth[] = [];
  let [rows, empty] = [0, 0];
  for (let back = 1; back <= MOST_MONTHS && empty < EMPTY_MONTHS; back += 1) {
    await breathe();
    const period = companyMonth(reach, -back);
    const found = await calculateMetric(metric.name, { period, nowAt, company, filter: {}, by: null }, ahead);
    if (found.value === null) break;
    rows += found.rows;
    empty = found.value === 0 ? empty + 1 : 0;
    months.unshift({ month: monthName(period), period, value: found.value });
  }
  const begins = months.findIndex(({ value }) => value !== 0);
  return { months: begins === -1 ? months : months.slice(begins), rows };
}

/**
 * Recurring revenue as it moved, month by month, in company minor units. The last month closes at what the metric says;
 * the months before follow from their movements, so that changes of exchange rates are in none of them.
 */
export async function mrrMonths(
  reach: Reach,
): Promise<{ months: MrrMonth[]; names: string[]; rows: number }> {
  const { company, nowAt, facts } = reach;
  const [first, last] = [companyMonth(reach, -MOST_MONTHS), companyMonth(reach, -1)];
  const span = makePeriod(first.startAt, last.endAt, company.tz);
  const scope = { at: last.endAt - 1, period: span, nowAt, company, filter: {}, by: null };
  const { movements, rows } = await movementsIn(facts, scope);
  const amounts = await movementAmounts(facts, scope, movements, false);
  const closed = await calculateMetric('mrr', { period: last, nowAt, company, filter: {}, by: null }, facts);
  const moved = new Map<string, MrrMonth>();
  for (const [at, movement] of movements.entries()) {
    const name = dayNameAt(movement.at, company.tz).slice(0, 7);
    const month = moved.get(name) ?? nothing();
    month[movement.kind] += amounts[at]?.amount ?? 0;
    moved.set(name, month);
  }
  const months: MrrMonth[] = [];
  const names: string[] = [];
  let closing = closed.value ?? 0;
  for (let back = 1; back <= MOST_MONTHS; back += 1) {
    const name = monthName(companyMonth(reach, -back));
    const month = moved.get(name) ?? nothing();
    const gained = month.new + month.expansion + month.reactivation - month.contraction - month.churn;
    const opening = closing - gained;
    if (opening < 0) break;
    months.unshift({ ...month, opening, closing });
    names.unshift(name);
    closing = opening;
  }
  const begins = Math.max(
    0,
    months.findIndex((month) => month.opening > 0),
  );
  return { months: months.slice(begins), names: names.slice(begins), rows };
}

function nothing(): MrrMonth {
  return { opening: 0, new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0, closing: 0 };
}
