import type { MrrSetting } from '../mrr/setting.ts';
import { addUnits, dateAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Period } from '../types.ts';
import { calculateMetric } from './calculate.ts';
import type { MetricFacts } from './facts.ts';
import { findMetric } from './index.ts';
import type { Metric } from './metric.ts';

/** What a change of rules is judged by, in the order shown. */
const JUDGED = [
  'mrr',
  'new_mrr',
  'expansion_mrr',
  'reactivation_mrr',
  'contraction_mrr',
  'churned_mrr',
  'net_new_mrr',
  'nrr',
  'grr',
] as const;

export interface ReplayedFigure {
  metric: Metric;
  before: number | null;
  after: number | null;
}

export interface ReplayedMonth {
  period: Period;
  figures: ReplayedFigure[];
}

/**
 * The last company months, the running one last, under two rule sets: MRR at the end of each, its movements, and
 * retention. Changes nothing. Errors as `calculateMetric`.
 */
export async function replayMonths(
  facts: MetricFacts,
  asked: { company: Company; nowAt: number; months: number; before: MrrSetting; after: MrrSetting },
): Promise<ReplayedMonth[]> {
  const { company, nowAt, months } = asked;
  const present = startOfUnit(dateAt(nowAt, company.tz), 'month');
  const replayed: ReplayedMonth[] = [];
  for (let back = months - 1; back >= 0; back -= 1) {
    const first = addUnits(present, 'month', -back);
    const end = addUnits(first, 'month', 1);
    const period = makePeriod(startOfDayAt(first, company.tz), startOfDayAt(end, company.tz), company.tz);
    replayed.push({ period, figures: await figuresOf(facts, { ...asked, period }) });
  }
  return replayed;
}

async function figuresOf(
  facts: MetricFacts,
  asked: { company: Company; nowAt: number; period: Period; before: MrrSetting; after: MrrSetting },
): Promise<ReplayedFigure[]> {
  const { company, nowAt, period } = asked;
  const figures: ReplayedFigure[] = [];
  for (const name of JUDGED) {
    const metric = findMetric(name);
    if (!metric) continue;
    const request = { period, nowAt, company, filter: {}, by: null };
    const before = await calculateMetric(name, { ...request, mrr: asked.before }, facts);
    const after = await calculateMetric(name, { ...request, mrr: asked.after }, facts);
    figures.push({ metric, before: before.value, after: after.value });
  }
  return figures;
}
