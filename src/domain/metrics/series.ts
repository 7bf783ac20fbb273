import { UserError } from '../../lib/errors.ts';
import { addUnits, compareDates, dateAt, startOfDayAt, startOfUnit, type Unit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Period } from '../types.ts';

export type Step = 'day' | 'week' | 'month';

/** Points a chart can hold and a person can read. */
const MOST_POINTS = 31;

/** What to ask for instead. */
const LONGER: Readonly<Partial<Record<Step, string>>> = {
  day: 'Ask for it by week, or for a shorter period.',
  week: 'Ask for it by month, or for a shorter period.',
};

const DEFAULT_STEPS: Readonly<Record<Step, number>> = { day: 14, week: 8, month: 6 };

const DAY_MS = 86_400_000;

/** The step of a trend over a period: points enough to see a line, few enough to read it. */
export function stepFor(period: Period | null | undefined): Step {
  if (!period) return 'month';
  const days = (period.endAt - period.startAt) / DAY_MS;
  if (days <= 31.1) return 'day';
  return days <= 100 ? 'week' : 'month';
}

/** The steps up to and with the current one, when no period was named. */
export function defaultSeriesPeriod(step: Step, nowAt: number, tz: string): Period {
  const start = startOfUnit(dateAt(nowAt, tz), step);
  const first = addUnits(start, step, 1 - DEFAULT_STEPS[step]);
  return makePeriod(startOfDayAt(first, tz), startOfDayAt(addUnits(start, step, 1), tz), tz);
}

/**
 * A period cut at the calendar's days, Mondays or firsts of the month; its own ends stay. Steps that have not
 * begun are left out. Throws `invalid_input` for more than 31 steps.
 */
export function cutPeriod(period: Period, step: Step, nowAt: number): Period[] {
  const { tz } = period;
  const parts: Period[] = [];
  const unit: Unit = step;
  const endAt = Math.min(period.endAt, Math.max(nowAt, period.startAt + 1));
  let from = dateAt(period.startAt, tz);
  const last = dateAt(endAt - 1, tz);
  while (compareDates(from, last) <= 0) {
    const next = addUnits(startOfUnit(from, unit), unit, 1);
    const startAt = Math.max(period.startAt, startOfDayAt(from, tz));
    parts.push(makePeriod(startAt, Math.min(period.endAt, startOfDayAt(next, tz)), tz));
    from = next;
    if (parts.length > MOST_POINTS) {
      throw new UserError(
        'invalid_input',
        `${period.label} has more than ${MOST_POINTS} ${step}s, the most I show ${step} by ${step}.`,
        LONGER[step] ?? 'Choose a shorter period.',
      );
    }
  }
  return parts;
}
