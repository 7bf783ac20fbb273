import { type Cron, parseCron } from './cron.ts';

const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTH_NAMES = [
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
];
const MOST_TIMES = 4;

/**
 * A schedule as people say it: "every day at 08:00", "weekdays at 09:00 and 17:00", "every 15 minutes".
 * @throws UserError `invalid_input` for a schedule that cannot be read.
 */
export function describeCron(cron: string): string {
  const fields = parseCron(cron);
  const days = daysOf(fields);
  const times = timesOf(fields);
  if (times.startsWith('every')) return days === 'every day' ? times : `${times}, ${days}`;
  return `${days} ${times}`;
}

function timesOf({ minutes, hours }: Cron): string {
  if (hours.length === 24) return everyHour(minutes);
  if (minutes.length * hours.length <= MOST_TIMES) {
    return `at ${listed(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute))))}`;
  }
  const when = `from ${clock(hours[0] ?? 0, 0)} to ${clock(hours.at(-1) ?? 0, 59)}`;
  if (evenly(hours, 1)) return `${everyHour(minutes)} ${when}`;
  return `${everyHour(minutes)} in the hours ${listed(hours.map(String))}`;
}

function everyHour(minutes: readonly number[]): string {
  if (minutes.length === 60) return 'every minute';
  const step = (minutes[1] ?? 60) - (minutes[0] ?? 0);
  if (minutes.length > 1 && minutes[0] === 0 && evenly(minutes, step) && minutes.length * step === 60) {
    return `every ${step} minutes`;
  }
  const past = minutes.map((minute) => `:${String(minute).padStart(2, '0')}`);
  return minutes.length === 1 && minutes[0] === 0 ? 'every hour' : `every hour at ${listed(past)}`;
}

function daysOf(cron: Cron): string {
  const months =
    cron.months.length === 12 ? null : listed(cron.months.map((month) => MONTH_NAMES[month - 1]));
  const inMonths = months === null ? '' : ` in ${months}`;
  if (cron.anyDayOfMonth && cron.anyDayOfWeek) return `every day${inMonths}`;
  const weekdays = cron.anyDayOfWeek ? null : weekdaysOf(cron);
  const dates = cron.anyDayOfMonth ? null : datesOf(cron, months);
  if (dates === null) return `${weekdays}${inMonths}`;
  return weekdays === null ? dates : `${dates} and ${weekdays}${inMonths}`;
}

function weekdaysOf({ daysOfWeek: days, weekParity }: Cron): string {
  if (weekParity !== null) return `every other ${listed(days.map((day) => DAY_NAMES[day]))}`;
  const key = days.join('');
  if (key === '0123456') return 'every day';
  if (key === '12345') return 'weekdays';
  if (key === '06') return 'weekends';
  return listed(days.map((day) => `${DAY_NAMES[day]}s`));
}

function datesOf(cron: Cron, months: string | null): string {
  const dates = cron.daysOfMonth.map(ordinal);
  if (cron.firstWorkday) dates.push('first working day');
  if (cron.lastWorkday) dates.push('last working day');
  if (cron.lastDayOfMonth) dates.push('last day');
  return `on the ${listed(dates)} of ${quarterOf(cron) ?? months ?? 'each month'}`;
}

/** First days of the months that begin a quarter, or last ones of those that end it. */
function quarterOf({ months, daysOfMonth, firstWorkday, lastWorkday, lastDayOfMonth }: Cron): string | null {
  const first = (firstWorkday || daysOfMonth.length > 0) && daysOfMonth.every((day) => day === 1);
  const last = (lastWorkday || lastDayOfMonth) && daysOfMonth.length === 0;
  const key = months.join();
  if (key === '1,4,7,10' && first && !last) return 'each quarter';
  return key === '3,6,9,12' && last && !firstWorkday ? 'each quarter' : null;
}

function ordinal(day: number): string {
  if (day > 10 && day < 14) return `${day}th`;
  return `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`;
}

const evenly = (values: readonly number[], step: number): boolean =>
  values.every((value, index) => index === 0 || value - (values[index - 1] ?? 0) === step);

const clock = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

function listed(parts: readonly (string | undefined)[]): string {
  const words = parts.filter((part) => part !== undefined);
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
