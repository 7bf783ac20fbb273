import type { Metric } from '../metrics/metric.ts';
import { dateAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import {
  type Compare,
  endBefore,
  likeForLike,
  previousPeriod,
  samePoint,
  unitAround,
  unitBefore,
} from '../periods/previous-period.ts';
import type { Company, Period } from '../types.ts';

/** The two periods, or for a snapshot the periods at whose ends it is taken; the earlier one first. */
export interface Sides {
  before: Period;
  after: Period;
  /** Said with the answer: what was assumed, what was cut. */
  notes: string[];
}

interface Asked {
  metric: Pick<Metric, 'kind' | 'title'>;
  period: Period | null;
  compare: Compare | null;
  nowAt: number;
  company: Company;
  tz: string;
}

/** With this much of a month gone, the month so far is worth comparing. */
const EARLIEST_DAY = 3;

/**
 * Between what a change is meant when "why is it up?" does not say. A snapshot: the end of the period, or now, against
 * the instant before it began; without a period, now against the end of last month. A flow: the period against the one
 * before it, like for like; without one, the company's month so far, and in its first two days the month before.
 */
export function sidesOf(asked: Asked): Sides {
  const sides = asked.metric.kind === 'snapshot' ? instants(asked) : spans(asked);
  if (sides.before.endAt <= sides.after.endAt) return sides;
  return {
    before: sides.after,
    after: sides.before,
    notes: [...sides.notes, 'Told from the earlier to the later of the two.'],
  };
}

function instants({ period, compare, nowAt, company, tz }: Asked): Sides {
  const month = unitAround(nowAt, 'month', company.tz);
  const after = period ?? makePeriod(month.startAt, nowAt + 1, tz);
  if (compare === null || compare === 'previous') {
    return { after, before: period ? endBefore(period) : unitBefore(month, 'month'), notes: [] };
  }
  if (compare === 'last_year') return { after, before: samePoint(after, 'year', nowAt), notes: [] };
  if ('samePoint' in compare) {
    const around = period ?? unitAround(nowAt, compare.samePoint, tz);
    return { after, before: samePoint(around, compare.samePoint, nowAt), notes: [] };
  }
  return { after, before: compare, notes: [] };
}

function spans({ period, compare, nowAt, company, tz }: Asked): Sides {
  const sameAs = compare !== null && typeof compare === 'object' && 'samePoint' in compare;
  const after = period ?? (sameAs ? unitAround(nowAt, compare.samePoint, tz) : runningMonth(nowAt, company));
  if (compare === null || compare === 'previous') {
    return { after, before: previousPeriod(after, nowAt), notes: [] };
  }
  if (compare === 'last_year') return { after, before: samePoint(after, 'year', nowAt), notes: [] };
  if ('samePoint' in compare) return { after, before: samePoint(after, compare.samePoint, nowAt), notes: [] };
  const before = likeForLike(after, compare, nowAt);
  const cut = before.endAt !== compare.endAt;
  return {
    after,
    before,
    notes: cut ? [`Only as much of ${compare.label} as has passed of ${after.label}.`] : [],
  };
}

function runningMonth(nowAt: number, company: Company): Period {
  const month = unitAround(nowAt, 'month', company.tz);
  const day = dateAt(nowAt, company.tz);
  const elapsed = startOfUnit(day, 'month').until(day, { largestUnit: 'days' }).days;
  return elapsed + 1 < EARLIEST_DAY ? unitBefore(month, 'month') : month;
}
