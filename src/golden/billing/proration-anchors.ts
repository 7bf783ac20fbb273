import { z } from 'zod';
import {
  alignToDay,
  anchorDate,
  anchorMonth,
  billCycleDay,
  daysOfMonth,
} from '../../domain/billing/cycles/anchor.ts';
import { extendByTrial, planCycles, subscriptionTerms } from '../../domain/billing/cycles/plan-cycles.ts';
import { dateAt, isTimeZone, makeDate, type PlainDate, parseInstant } from '../../domain/periods/calendar.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { IsoDate, midnight } from './case-values.ts';
import { rule } from './rule.ts';

const UNITS = z.enum(['day', 'week', 'month', 'quarter', 'year']);
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The day an account is billed on, from its first charge. */
export const billCycleDayCase = rule(
  z.strictObject({ account_time_zone: z.string(), first_charge: z.string() }),
  ({ account_time_zone: tz, first_charge }) => {
    const at = parseInstant(first_charge);
    if (at === null || !isTimeZone(tz))
      return { unsupported: 'the instant or the time zone is not one I can read' };
    return { got: { bill_cycle_day: billCycleDay(at, tz) } };
  },
);

/** A date brought onto the bill cycle day. */
export const alignedDate = rule(
  z.strictObject({ proposed: IsoDate, bill_cycle_day: z.number().int().min(1).max(31), align: z.string() }),
  ({ proposed, bill_cycle_day, align }) => {
    const way = /^next\b/i.test(align) ? 'next' : /^proposed\b/i.test(align) ? 'proposed' : null;
    if (way === null) return { unsupported: `the alignment "${align}" is not one this product has` };
    return { got: { date: alignToDay(proposed, bill_cycle_day, way).toString() } };
  },
);

/** The dates on which an anchor bills. */
export const anchorDates = rule(
  z.strictObject({
    anchor: IsoDate,
    interval: UNITS,
    interval_count: z.number().int().positive().default(1),
    count: z.number().int().positive().max(1000),
  }),
  ({ anchor, interval, interval_count, count }) => {
    const at = midnight(anchor);
    const dates = Array.from({ length: count }, (_, index) =>
      anchorDate({ at, tz: 'UTC', day: null }, { unit: interval, count: interval_count }, index).toString(),
    );
    return { got: { bill_dates: dates } };
  },
);

/** The month that an anchor of several months needs to remember its day. */
export const anchorMonthCase = rule(
  z.strictObject({
    created_month: z.enum(MONTHS),
    interval_months: z.number().int().positive(),
    day_of_month: z.number().int().min(1).max(31),
  }),
  ({ created_month, interval_months, day_of_month }) => {
    const created = MONTHS.indexOf(created_month) + 1;
    const month = anchorMonth(created, interval_months, day_of_month);
    const last = day_of_month >= daysOfMonth(created);
    return {
      got: {
        billing_cycle_anchor_month: month === null ? null : (MONTHS[month - 1] ?? null),
        first_full_invoice: last ? `last day of ${created_month}` : `${created_month} ${day_of_month}`,
      },
    };
  },
);

const MonthDay = z.string().regex(/^\d{2}-\d{2}$/);
/** A year without Feb 29; the case names days only. */
const YEAR = 2026;

/** A trial set on a running monthly subscription, which moves its anchor. */
export const trialMovesAnchor = rule(
  z.strictObject({ paid_through: MonthDay, trial_set_on: MonthDay, trial_end: MonthDay }),
  (input, golden) => {
    const paid = dayOf(input.paid_through);
    const setAt = midnight(dayOf(input.trial_set_on));
    const endAt = midnight(dayOf(input.trial_end));
    const startAt = midnight(paid.subtract({ months: 1 }));
    const interval = { unit: 'month' as const, count: 1 };
    const running = subscriptionTerms({ interval, startAt, tz: 'UTC' });
    const cycles = planCycles(extendByTrial(running, setAt, endAt), { startAt: setAt, endAt: endAt + 1 });
    const full = cycles.find(
      ({ trial, period, whole }) => !trial && period.startAt === whole.startAt && period.startAt >= setAt,
    );
    const starts = (day: string) =>
      cycles.some(({ trial, period }) => !trial && monthDay(period.startAt) === day);
    const onDays = Object.keys(golden.expected).flatMap((key): [string, Json][] => {
      const day = /^invoice_on_(\d{2}-\d{2})$/.exec(key)?.[1];
      return day === undefined ? [] : [[key, starts(day) ? 'full' : null]];
    });
    const begun = cycles.find(({ period }) => period.startAt === setAt);
    return {
      got: {
        invoice_now: begun?.trial ? '0' : 'full',
        next_full_invoice: full ? monthDay(full.period.startAt) : null,
        ...Object.fromEntries(onDays),
      },
    };
  },
);

function dayOf(monthDayText: string): PlainDate {
  const [month = 0, day = 0] = monthDayText.split('-').map(Number);
  const date = makeDate(YEAR, month, day);
  if (!date) throw new UserError('invalid_input', `${monthDayText} is not a day of a common year.`);
  return date;
}

function monthDay(at: number): string {
  return dateAt(at, 'UTC').toString().slice(5);
}
