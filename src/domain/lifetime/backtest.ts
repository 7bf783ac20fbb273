import { dateAt, dayNameAt, startOfDayAt, unitSpan } from '../periods/calendar.ts';
import { kaplanMeier } from '../survival/kaplan-meier.ts';
import { monthlyAreas, seenMonths } from './curve-areas.ts';
import { monthlyWeights, type Terms } from './estimate.ts';
import { groupOf } from './group.ts';
import { knownAt, type Life, MONTH_MS, paidByMonth } from './life.ts';
import { pathOf } from './revenue-path.ts';

/** One company month's new customers: what would have been said of them at its end, and what came. */
export interface CohortCheck {
  /** "2025-03". */
  cohort: string;
  customers: number;
  predictedMinor: number;
  realisedMinor: number;
  /** Predicted over realised, less one; null where nothing came. */
  error: number | null;
}

export interface Backtest {
  /** Months after the first payment that were predicted. */
  months: number;
  cohorts: CohortCheck[];
  /** Cohorts passed over: too few customers, or too little known at the time. */
  skipped: number;
  /** Share of cohorts within WITHIN of what came; null without cohorts. */
  within: number | null;
  /** Of all cohorts together. */
  totalError: number | null;
  medianError: number | null;
}

export const WITHIN = 0.15;
const LEAST_CUSTOMERS = 5;
const LEAST_SEEN = 10;
const LEAST_CHURNS = 5;

/**
 * Each month's new customers, valued at that month's end from what was known then, against what they have paid in their
 * first `months` months since. What they paid at first is known at that time; who stays and how it grows is what is
 * predicted. Only cohorts of which all `months` are over count.
 */
export function backtestLifetime(
  lives: readonly Life[],
  { nowAt, tz, terms }: { nowAt: number; tz: string; terms: Terms },
): Backtest {
  const { months } = terms;
  const byMonth = new Map<string, Life[]>();
  for (const life of lives) {
    const month = dayNameAt(life.startAt, tz).slice(0, 7);
    const own = byMonth.get(month);
    if (own) own.push(life);
    else byMonth.set(month, [life]);
  }
  const over = [...byMonth].filter(([, own]) =>
    own.every(({ startAt }) => startAt + months * MONTH_MS <= nowAt),
  );
  const checks = over.map(([cohort, own]) => checkCohort(cohort, own, lives, tz, terms));
  const cohorts = checks.flatMap((check) => check ?? []).sort((a, b) => (a.cohort < b.cohort ? -1 : 1));
  const errors = cohorts
    .flatMap(({ error }) => error ?? [])
    .map(Math.abs)
    .sort((a, b) => a - b);
  const total = (of: 'predictedMinor' | 'realisedMinor') => cohorts.reduce((sum, one) => sum + one[of], 0);
  const came = total('realisedMinor');
  return {
    months,
    cohorts,
    skipped: checks.length - cohorts.length,
    within: cohorts.length === 0 ? null : errors.filter((error) => error <= WITHIN).length / cohorts.length,
    totalError: came === 0 ? null : total('predictedMinor') / came - 1,
    medianError: errors[Math.floor(errors.length / 2)] ?? null,
  };
}

function checkCohort(
  cohort: string,
  own: readonly Life[],
  lives: readonly Life[],
  tz: string,
  terms: Terms,
): CohortCheck | null {
  const { months } = terms;
  const lastAt = Math.max(...own.map(({ startAt }) => startAt));
  const asOfAt = endOfMonth(lastAt, tz);
  const known = groupOf(
    lives.flatMap((life) => knownAt(life, asOfAt) ?? []),
    asOfAt,
    months,
  );
  if (own.length < LEAST_CUSTOMERS || known.spells.length === 0) return null;
  const curve = kaplanMeier(known.spells);
  if (curve.events < LEAST_CHURNS || seenMonths(curve, LEAST_SEEN) < months) return null;
  const weights = monthlyWeights(terms);
  const areas = monthlyAreas(curve.points, months);
  const path = pathOf(
    known.revenue,
    known.spells.map(() => 1),
    months,
  );
  const growth = path.map((level) => level / (path[0] || 1));
  const perUnit = weights.reduce(
    (sum, weight, month) => sum + weight * (areas[month] ?? 0) * (growth[month] ?? 1),
    0,
  );
  const started = own.reduce((sum, { steps }) => sum + (steps[0]?.minor ?? 0), 0);
  const realised = own.reduce((sum, life) => {
    const paid = paidByMonth(life, life.startAt, months);
    return sum + paid.reduce((total, minor, month) => total + minor * (weights[month] ?? 0), 0);
  }, 0);
  return {
    cohort,
    customers: own.length,
    predictedMinor: Math.round(started * perUnit),
    realisedMinor: Math.round(realised),
    error: realised === 0 ? null : (started * perUnit) / realised - 1,
  };
}

/** The last millisecond of the company month an instant lies in. */
function endOfMonth(at: number, tz: string): number {
  return startOfDayAt(unitSpan(dateAt(at, tz), 'month').end, tz) - 1;
}
