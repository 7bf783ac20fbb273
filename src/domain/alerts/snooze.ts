import { dateAt } from '../periods/calendar.ts';

export const SNOOZES = ['hour', 'tomorrow', 'week'] as const;
export type Snooze = (typeof SNOOZES)[number];

export const SNOOZE_WORDS: Readonly<Record<Snooze, string>> = {
  hour: 'for an hour',
  tomorrow: 'until tomorrow, 08:00',
  week: 'for a week',
};

/** The instant a snooze ends: in an hour, at 08:00 of tomorrow or of this day next week, on the clock of `tz`. */
export function snoozeEndAt(snooze: Snooze, nowAt: number, tz: string): number {
  if (snooze === 'hour') return nowAt + 3_600_000;
  const day = dateAt(nowAt, tz).add({ days: snooze === 'week' ? 7 : 1 });
  return day.toZonedDateTime({ timeZone: tz, plainTime: '08:00' }).epochMilliseconds;
}
