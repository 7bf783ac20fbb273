/** Company days are days of America/Los_Angeles; its clock follows the rule in force in the United States since 2007. */
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

const changes = new Map<number, { springAt: number; fallAt: number }>();

function nthSunday(year: number, month: number, nth: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return 1 + ((7 - first) % 7) + (nth - 1) * 7;
}

function changesOf(year: number) {
  const known = changes.get(year);
  if (known) return known;
  const made = {
    springAt: Date.UTC(year, 2, nthSunday(year, 2, 2), 10),
    fallAt: Date.UTC(year, 10, nthSunday(year, 10, 1), 9),
  };
  changes.set(year, made);
  return made;
}

/** The company's offset from UTC at an instant, in milliseconds (negative: west). */
export function companyOffset(at: number): number {
  const { springAt, fallAt } = changesOf(new Date(at).getUTCFullYear());
  return at >= springAt && at < fallAt ? -7 * HOUR : -8 * HOUR;
}

/** The number of a company day: days since 1970-01-01, counted on the company's calendar. */
export function dayNumber(at: number): number {
  return Math.floor((at + companyOffset(at)) / DAY);
}

/** The instant a company day begins. */
export function dayStart(day: number): number {
  const midnight = day * DAY;
  const guess = midnight + 8 * HOUR;
  return guess + companyOffset(guess) === midnight ? guess : midnight + 7 * HOUR;
}

/** `YYYY-MM-DD` of a company day. */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The company day an instant falls on, as `YYYY-MM-DD`. */
export function companyDay(at: number): string {
  return dayText(dayNumber(at));
}

/** The day number of `YYYY-MM-DD`, or null when that is no day. */
export function parseDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at / DAY;
}

/** The instant the company's month of `at` began. */
export function monthStart(at: number): number {
  const local = new Date(at + companyOffset(at));
  return dayStart(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) / DAY);
}

/** The same moment so many months on, in UTC; a day the month lacks becomes its last (as Stripe's billing anchor). */
export function addMonths(at: number, months: number): number {
  const from = new Date(at);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return first.getTime() + (Math.min(from.getUTCDate(), last) - 1) * DAY + (at % DAY);
}
