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
  /** What the wall clock shows, as the instant it would be in UTC. */
  reading: number;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const formatters = new Map<string, Intl.DateTimeFormat>();

function readWall(at: number, tz: string): number {
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
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}Z`);
}

/**
 * Every minute of a span as the wall clock reads it. An hour whose two ends lie an hour apart on the wall had no
 * change of the clock in it, so its minutes are counted; any other hour is read minute by minute.
 */
function wallMinutes(fromAt: number, toAt: number, tz: string): WallMinute[] {
  const wall: WallMinute[] = [];
  let first = readWall(fromAt, tz);
  for (let startAt = fromAt; startAt <= toAt; startAt += 60 * MINUTE) {
    const next = readWall(startAt + 60 * MINUTE, tz);
    const even = next - first === 60 * MINUTE;
    for (let minute = 0; minute < 60; minute += 1) {
      const at = startAt + minute * MINUTE;
      wall.push({ at, reading: even ? first + minute * MINUTE : readWall(at, tz) });
    }
    first = next;
  }
  return wall;
}

function fits(schedule: PlainSchedule, reading: number): boolean {
  const day = new Date(reading);
  if (!schedule.minutes.includes(day.getUTCMinutes()) || !schedule.hours.includes(day.getUTCHours()))
    return false;
  if (!schedule.months.includes(day.getUTCMonth() + 1)) return false;
  const isLast = new Date(reading + DAY).getUTCDate() === 1;
  const byDate = schedule.dates?.includes(day.getUTCDate()) || (schedule.lastDate && isLast);
  const byWeekday = schedule.weekdays?.includes(day.getUTCDay()) ?? false;
  if (schedule.dates === null && !schedule.lastDate) return schedule.weekdays === null || byWeekday;
  return byDate || byWeekday;
}

/** Due instants in (fromAt, toAt], both on a minute. Looks two days around, to know which dates exist. */
export function slowDueBetween(schedule: PlainSchedule, tz: string, fromAt: number, toAt: number): number[] {
  const wall = wallMinutes(fromAt - 2 * DAY, toAt + 2 * DAY, tz);
  const datesLived = new Set(wall.map(({ reading }) => Math.floor(reading / DAY)));
  const everyHour = schedule.hours.length === 24;
  const due: number[] = [];
  let latest = wall[0]?.reading ?? 0;
  for (const { at, reading } of wall.slice(1)) {
    let turns = everyHour && fits(schedule, reading);
    for (let passed = latest + MINUTE; !everyHour && !turns && passed <= reading; passed += MINUTE)
      turns = datesLived.has(Math.floor(passed / DAY)) && fits(schedule, passed);
    latest = Math.max(latest, reading);
    if (turns && at > fromAt && at <= toAt) due.push(at);
  }
  return due;
}
