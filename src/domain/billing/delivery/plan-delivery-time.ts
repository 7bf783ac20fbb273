import { dateAt, type PlainDate } from '../../periods/calendar.ts';
import { holidaysOn } from '../../periods/holidays.ts';
import { isEuState } from '../tax/eu-vat-rates.ts';

/** When somebody wants their invoices. */
export interface DeliveryWish {
  /** "09:30" of their own day; null: as soon as it is a business hour. */
  at: string | null;
  tz: string;
  /** ISO 3166-1 alpha-2: whose holidays count. */
  country: string;
}

const OPENS = '09:00';
const CLOSES = '17:00';
/** Longer than any run of days off. */
const DAYS_AHEAD = 30;

/** Where the week ends on Thursday. */
const FRIDAY_SATURDAY: ReadonlySet<string> = new Set(['BH', 'EG', 'IL', 'JO', 'KW', 'OM', 'QA', 'SA']);
/** Not in the Union, and resting on mostly the same days. */
const AS_IN_EUROPE: ReadonlySet<string> = new Set(['CH', 'GB', 'IS', 'LI', 'NO']);

/**
 * The first instant, not before `nowAt`, at which mail suits: on a business day where they are, at the time they chose
 * or, without one, between 09:00 and 17:00. A time that a change of clocks skips is the first one after it.
 */
export function planDeliveryTime(wish: DeliveryWish, nowAt: number): number {
  const today = dateAt(nowAt, wish.tz);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const date = today.add({ days: ahead });
    if (!isBusinessDay(date, wish.country)) continue;
    const at = instantOn(date, wish.at ?? OPENS, wish.tz);
    if (at >= nowAt) return at;
    if (wish.at === null && nowAt < instantOn(date, CLOSES, wish.tz)) return nowAt;
  }
  return nowAt;
}

/** "on a business day at 09:30 Europe/Berlin". */
export function deliveryTimeWords({ at, tz }: Pick<DeliveryWish, 'at' | 'tz'>): string {
  return at === null ? `in business hours of ${tz}` : `on a business day at ${at} ${tz}`;
}

export function isBusinessDay(date: PlainDate, country: string): boolean {
  const weekend = FRIDAY_SATURDAY.has(country) ? [5, 6] : [6, 7];
  if (weekend.includes(date.dayOfWeek)) return false;
  const where = country === 'US' ? 'US' : isEuState(country) || AS_IN_EUROPE.has(country) ? 'EU' : null;
  return where === null || !holidaysOn(date).some((holiday) => holiday.where.includes(where));
}

function instantOn(date: PlainDate, time: string, tz: string): number {
  return date.toZonedDateTime({ timeZone: tz, plainTime: time }).epochMilliseconds;
}
