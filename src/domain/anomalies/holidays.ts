/** Nth weekday of a month (1 is Monday); a negative n counts from its end. */
const MOVING: readonly { month: number; weekday: number; nth: number }[] = [
  { month: 1, weekday: 1, nth: 3 },
  { month: 5, weekday: 1, nth: -1 },
  { month: 9, weekday: 1, nth: 1 },
  { month: 11, weekday: 4, nth: 4 },
];

const FIXED: ReadonlySet<string> = new Set(['01-01', '07-04', '12-24', '12-25', '12-26', '12-31']);

/**
 * Whether business rests on a day (YYYY-MM-DD) in most of the places we sell to: New Year, the Christmas days, and
 * of the United States Martin Luther King Day, Memorial Day, Independence Day, Labor Day, Thanksgiving and the day
 * after it (5 U.S.C. 6103, of which only the widely kept ones).
 */
export function isHoliday(day: string): boolean {
  if (FIXED.has(day.slice(5))) return true;
  return isMoving(day) || isThanksgivingFriday(day);
}

const DAY_MS = 86_400_000;

function isThanksgivingFriday(day: string): boolean {
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  return before.slice(5, 7) === '11' && isMoving(before);
}

function isMoving(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  const dayOfMonth = date.getUTCDate();
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = date.getUTCDay() || 7;
  return MOVING.some(
    (rule) =>
      rule.month === date.getUTCMonth() + 1 &&
      rule.weekday === weekday &&
      (rule.nth > 0
        ? Math.ceil(dayOfMonth / 7) === rule.nth
        : Math.ceil((daysInMonth - dayOfMonth + 1) / 7) === -rule.nth),
  );
}
