import { UserError } from '../../lib/errors.ts';
import { type Exact, exact, fraction, multiply, roundTo, ZERO } from '../money/exact.ts';
import { dateAt, isDayStart, type PlainDate } from '../periods/calendar.ts';
import type { BillingConventions } from './conventions.ts';
import type { ServicePeriod } from './invoice.ts';

export type ProrationRule = BillingConventions['proration'];

const ONE = exact(1n);

/**
 * What share of a price for the whole period `part` owes, as an exact number from 0 to 1. Shares of adjoining parts sum
 * to the share of both, under every rule, so that two halves are the whole before rounding:
 * - `second`: whole seconds elapsed, whatever the days' length (a day of 23 h is a smaller share of its month);
 * - `day`: calendar days on the customer's clock; the day of a change belongs to the plan the rule names;
 * - `thirty_day_month`: 30E/360 day count (the 31st counts as the 30th, every month has 30 days);
 * - `none`: the part that begins the period owes all of it, any other nothing.
 * Throws `invalid_input` for a part outside the period or a period without length.
 */
export function shareOf(part: ServicePeriod, whole: ServicePeriod, rule: ProrationRule, tz: string): Exact {
  if (part.startAt < whole.startAt || part.endAt > whole.endAt || part.startAt > part.endAt) {
    throw new UserError('invalid_input', 'A part of a period lies inside it.');
  }
  if (part.startAt === part.endAt) return ZERO;
  if (part.startAt === whole.startAt && part.endAt === whole.endAt) return ONE;
  if (rule.by === 'none') return part.startAt === whole.startAt ? ONE : ZERO;
  const position = positionOf(rule, tz);
  const [from, to] = [position(part.startAt), position(part.endAt)];
  const [start, end] = [position(whole.startAt), position(whole.endAt)];
  // A period shorter than a day has no days to share out, so its time is.
  if (start === end) return shareOf(part, whole, { ...rule, by: 'second' }, tz);
  return fraction(BigInt(to - from), BigInt(end - start));
}

/** An instant as a count that grows with time, in the rule's unit. */
function positionOf(rule: ProrationRule, tz: string): (at: number) => number {
  if (rule.by === 'second') return (at) => Math.floor(at / 1000);
  const count = rule.by === 'day' ? calendarDay : thirtyDayCount;
  return (at) => {
    const date = dateAt(at, tz);
    const later = rule.changeDay === 'old_plan' && !isDayStart(at, tz);
    return count(later ? date.add({ days: 1 }) : date);
  };
}

/** Days since 1970-01-01. */
function calendarDay(date: PlainDate): number {
  return Math.round(Date.UTC(date.year, date.month - 1, date.day) / 86_400_000);
}

/** 30E/360: only differences mean something. */
function thirtyDayCount(date: PlainDate): number {
  return date.year * 360 + date.month * 30 + Math.min(date.day, 30);
}

/** The share of a month of 30 days, whatever the month. */
export function thirtyDayShare(from: PlainDate, to: PlainDate): Exact {
  return fraction(BigInt(thirtyDayCount(to) - thirtyDayCount(from)), 30n);
}

/** Whole calendar days from one date to another. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return calendarDay(to) - calendarDay(from);
}

/** `amount` for the share of a period: exact, and rounded to the minor unit by the rule. */
export function prorate(
  amountMinor: Exact,
  share: Exact,
  rule: ProrationRule,
): { exactMinor: Exact; amountMinor: bigint } {
  const exactMinor = multiply(amountMinor, storedShare(share, rule));
  return { exactMinor, amountMinor: roundTo(exactMinor, 0, rule.rounding) };
}

/** A share as it is multiplied: rounded first where the rule has digits for it. */
export function storedShare(share: Exact, { shareDigits, rounding }: ProrationRule): Exact {
  if (shareDigits === null) return share;
  return fraction(roundTo(share, shareDigits, rounding), 10n ** BigInt(shareDigits));
}
