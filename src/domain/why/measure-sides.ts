import { scopeOf } from '../metrics/calculate.ts';
import { apartFromPlan, type FactFilter, type MetricFacts } from '../metrics/facts.ts';
import type { Contribution, Dimension, Metric, MetricScope } from '../metrics/metric.ts';
import { isLive } from '../mrr/plain.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Period } from '../types.ts';
import { type Counts, isPriced } from './priced-lines.ts';
import type { Sides } from './sides.ts';

/** One side of a change, measured. */
export interface MeasuredSide {
  period: Period;
  /** The instant of a snapshot; of a flow, up to when its period has happened. */
  asOfAt: number;
  /** Rows that make up the value, and of a plan's MRR also those of other plans. */
  contributions: readonly Contribution[];
  value: number | null;
  rows: number;
  notes: readonly string[];
}

export interface MeasuredSides {
  before: MeasuredSide;
  after: MeasuredSide;
  counts: Counts;
  /** Every row is a price and a quantity. */
  priced: boolean;
}

export interface Measuring {
  metric: Metric;
  sides: Sides;
  filter: FactFilter;
  by: Dimension | null;
  nowAt: number;
  company: Company;
}

/**
 * Both sides from facts. A subscription that changed to or from the plan asked about is on one side only there, so that
 * for those the other plans are read too, and `counts` tells them apart. Throws what the metric throws, and
 * `invalid_input` for a period that has not begun.
 */
export async function measureSides(asked: Measuring, facts: MetricFacts): Promise<MeasuredSides> {
  const { rest: wider, fits } = apartFromPlan(asked.filter);
  const narrow = await bothSides(asked, asked.filter, facts);
  const priced = [...narrow.before.contributions, ...narrow.after.contributions].every(isPriced);
  if (!narrowsPlan(asked.filter) || !priced) return { ...narrow, counts: () => true, priced };
  const whole = await bothSides(asked, wider, facts);
  const widened = (side: MeasuredSide, all: MeasuredSide) => ({ ...side, contributions: all.contributions });
  return {
    before: widened(narrow.before, whole.before),
    after: widened(narrow.after, whole.after),
    counts: fits,
    priced: [...whole.before.contributions, ...whole.after.contributions].every(isPriced),
  };
}

function narrowsPlan({ plan, any, none }: FactFilter): boolean {
  return plan !== undefined || any?.plan !== undefined || none?.plan !== undefined;
}

async function bothSides(asked: Measuring, filter: FactFilter, facts: MetricFacts) {
  return {
    before: await measureSide(asked, asked.sides.before, filter, facts),
    after: await measureSide(asked, asked.sides.after, filter, facts),
  };
}

async function measureSide(
  { metric, by, nowAt, company }: Measuring,
  period: Period,
  filter: FactFilter,
  facts: MetricFacts,
): Promise<MeasuredSide> {
  const scope: MetricScope = scopeOf(metric, { period, nowAt, company, filter, by });
  const { contributions, rows, notes } = await metric.measure(facts, scope);
  return {
    period,
    asOfAt: metric.kind === 'snapshot' ? scope.at : Math.min(period.endAt, nowAt),
    contributions,
    value: metric.total(contributions),
    rows,
    notes,
  };
}

/**
 * Who was a customer before both sides: of what is paid monthly, whoever had been paying before the first instant; of
 * everything else, whoever had signed up before the earlier period began.
 */
export async function earlierCustomers(
  { metric, nowAt, company, filter }: Measuring,
  { before, after, priced }: MeasuredSides,
  facts: MetricFacts,
): Promise<(customerId: string) => boolean> {
  const { rest: wider } = apartFromPlan(filter);
  const { tz } = company;
  if (priced && metric.kind === 'snapshot') {
    const versions = await facts.subscriptionsTouching(makePeriod(0, before.asOfAt, tz), wider);
    const paying = new Set(
      versions
        .filter((one) => isLive(one) && (one.validTo === null || one.validTo > one.validFrom))
        .map((one) => one.customerId),
    );
    return (id) => paying.has(id);
  }
  const fromAt = metric.kind === 'snapshot' ? before.asOfAt : before.period.startAt;
  const since = makePeriod(fromAt, Math.min(nowAt, after.asOfAt) + 1, tz);
  const fresh = new Set((await facts.signupsIn(since, {})).map((customer) => customer.customerId));
  return (id) => !fresh.has(id);
}
