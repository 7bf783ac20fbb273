/**
 * The slow truth about when schedules fall due: every minute is read off the wall clock by the platform's own
 * calendar, and nothing is computed ahead. It shares no code with what it checks.
 */
export interface PlainSchedule {
  minutes: readonly number[];
  hours: readonly number[];
  /** Null: any. */
  dates: readonly number[] | null;
  lastDate: boolean;
  months: readonly number[];
  weekdays: readonly number[] | null;
}

interface WallMinute {
  at: number;
  /** The reading as a number that sorts: YYYYMMDDHHmm. */
  reading: number;
}

const MINUTE = 60_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

function wallMinute(at: number, tz: string): WallMinute {
  let formatter = formatters.get(tz);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: tz,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(tz, formatter);
  }
  const [month, day, year, hour, minute] = formatter.format(at).match(/\d+/g) ?? [];
  return { at, reading: Number(`${year}${month}${day}${hour}${minute}`) };
}

function fits(schedule: PlainSchedule, reading: number): boolean {
  const minute = reading % 100;
  const hour = Math.floor(reading / 100) % 100;
  const date = Math.floor(reading / 10_000) % 100;
  const month = Math.floor(reading / 1_000_000) % 100;
  const year = Math.floor(reading / 100_000_000);
  if (!schedule.minutes.includes(minute) || !schedule.hours.includes(hour)) return false;
  if (!schedule.months.includes(month)) return false;
  const day = new Date(Date.UTC(year, month - 1, date));
  const isLast = new Date(day.getTime() + 86_400_000).getUTCDate() === 1;
  const byDate = schedule.dates?.includes(date) || (schedule.lastDate && isLast);
  const byWeekday = schedule.weekdays?.includes(day.getUTCDay()) ?? false;
  if (schedule.dates === null && !schedule.lastDate) return schedule.weekdays === null || byWeekday;
  return byDate || byWeekday;
}

/** Every reading a calendar has after one and up to another. */
function* readingsBetween(after: number, upTo: number): Generator<number> {
  let at = toUtc(after);
  for (;;) {
    at += MINUTE;
    const date = new Date(at);
    const reading = Number(date.toISOString().slice(0, 16).replace(/\D/g, ''));
    if (reading > upTo) return;
    yield reading;
  }
}

function toUtc(reading: number): number {
  const text = String(reading);
  return Date.parse(
    `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}T${text.slice(8, 10)}:${text.slice(10, 12)}Z`,
  );
}

/** Due instants in (fromAt, toAt], both on a minute. Looks two days around, to know which dates exist. */
export function slowDueBetween(schedule: PlainSchedule, tz: string, fromAt: number, toAt: number): number[] {
  const wall: WallMinute[] = [];
  for (let at = fromAt - 2 * 86_400_000; at <= toAt + 2 * 86_400_000; at += MINUTE)
    wall.push(wallMinute(at, tz));
  const datesLived = new Set(wall.map(({ reading }) => Math.floor(reading / 10_000)));
  const everyHour = schedule.hours.length === 24;
  const due: number[] = [];
  let latest = wall[0]?.reading ?? 0;
  for (const { at, reading } of wall.slice(1)) {
    const turns = everyHour
      ? fits(schedule, reading)
      : reading > latest &&
        [...readingsBetween(latest, reading)].some(
          (passed) => datesLived.has(Math.floor(passed / 10_000)) && fits(schedule, passed),
        );
    latest = Math.max(latest, reading);
    if (turns && at > fromAt && at <= toAt) due.push(at);
  }
  return due;
}
