import { UserError } from '../../lib/errors.ts';

/** A schedule of five fields, each as the sorted values it allows. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  daysOfMonth: readonly number[];
  /** `L`: the last day of the month, whichever that is. */
  lastDayOfMonth: boolean;
  /** `1W` and `LW`: its first and its last day from Monday to Friday; holidays count as any other. */
  firstWorkday: boolean;
  lastWorkday: boolean;
  /** 1 is January. */
  months: readonly number[];
  /** 0 is Sunday. */
  daysOfWeek: readonly number[];
  /** `1~0`: of every second week only, those of this remainder, weeks counted from Monday, 5 January 1970. */
  weekParity: 0 | 1 | null;
  /** The day of the month was left open with `*`. */
  anyDayOfMonth: boolean;
  anyDayOfWeek: boolean;
}

interface Field {
  name: string;
  min: number;
  max: number;
  /** Names from `firstName` on: `jan` is 1, `sun` is 0. */
  names: readonly string[];
  firstName: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const unnamed = { names: [], firstName: 0 };

const MINUTE: Field = { name: 'minute', min: 0, max: 59, ...unnamed };
const HOUR: Field = { name: 'hour', min: 0, max: 23, ...unnamed };
const DAY_OF_MONTH: Field = { name: 'day of month', min: 1, max: 31, ...unnamed };
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS, firstName: 1 };
/** 7 is Sunday too, as in every other cron. */
const DAY_OF_WEEK: Field = { name: 'day of week', min: 0, max: 7, names: DAYS, firstName: 0 };

const NAMED_DAYS: ReadonlySet<string> = new Set(['l', '1w', 'lw']);

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `minute hour day-of-month month day-of-week`: numbers, lists, ranges, steps, names of months and days,
 * `L`, `1W` and `LW` for the last day and the first and last working day of the month, `~0` or `~1` after the days of
 * the week for every second week. Where both days are restricted, a day that fits either counts, as in
 * Vixie cron.
 * @throws UserError `invalid_input` naming the field at fault.
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  ) {
    throw new UserError(
      'invalid_input',
      `The schedule "${text}" has ${text.trim() === '' ? 'no' : fields.length} fields; it needs five: minute, hour, day of month, month, day of week.`,
      'For example "0 8 * * mon-fri" is every weekday at 08:00.',
    );
  }
  const days = dayOfMonth.toLowerCase().split(',');
  const numbered = days.filter((part) => !NAMED_DAYS.has(part)).join(',');
  const [weekdays = '', parity, ...more] = dayOfWeek.split('~');
  if (more.length > 0 || (parity !== undefined && parity !== '0' && parity !== '1'))
    throw fault(dayOfWeek, DAY_OF_WEEK, text, 'needs "~0" or "~1" for every second week');
  const cron: Cron = {
    minutes: valuesOf(minute, MINUTE, text),
    hours: valuesOf(hour, HOUR, text),
    daysOfMonth:
      numbered === '' && days.some((part) => NAMED_DAYS.has(part))
        ? []
        : valuesOf(numbered, DAY_OF_MONTH, text),
    lastDayOfMonth: days.includes('l'),
    firstWorkday: days.includes('1w'),
    lastWorkday: days.includes('lw'),
    months: valuesOf(month, MONTH, text),
    daysOfWeek: sorted(valuesOf(weekdays, DAY_OF_WEEK, text).map((day) => day % 7)),
    weekParity: parity === undefined ? null : parity === '0' ? 0 : 1,
    anyDayOfMonth: dayOfMonth === '*',
    anyDayOfWeek: dayOfWeek === '*',
  };
  refuseNever(cron, dayOfMonth, month, text);
  return cron;
}

/** "30 2" is a day that no year has: better said now than waited for. */
function refuseNever(cron: Cron, dayOfMonth: string, month: string, text: string): void {
  if (cron.lastDayOfMonth || cron.firstWorkday || cron.lastWorkday || !cron.anyDayOfWeek) return;
  const longest = Math.max(...cron.months.map((each) => LONGEST_MONTH[each - 1] ?? 31));
  if (cron.daysOfMonth.some((day) => day <= longest)) return;
  throw new UserError(
    'invalid_input',
    `In the schedule "${text}", the day of month "${dayOfMonth}" never comes in month "${month}".`,
  );
}

function valuesOf(text: string, field: Field, whole: string): number[] {
  return sorted(text.split(',').flatMap((part) => partValues(part, field, whole)));
}

function partValues(part: string, field: Field, whole: string): number[] {
  const [range = '', stepText, ...more] = part.split('/');
  if (more.length > 0) throw fault(part, field, whole, 'has more than one step');
  const step = stepText === undefined ? 1 : stepOf(stepText, part, field, whole);
  const { from, to } = rangeOf(range, stepText !== undefined, part, field, whole);
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function stepOf(text: string, part: string, field: Field, whole: string): number {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step < 1) throw fault(part, field, whole, 'needs a whole number of at least 1 after "/"');
  const widest = field.max - field.min;
  if (step > widest) throw fault(part, field, whole, `has a step above ${widest}`);
  return step;
}

/** `*`, `5`, `5-9`; `5/10` runs from 5 to the end, as `5-59/10`. */
function rangeOf(
  text: string,
  stepped: boolean,
  part: string,
  field: Field,
  whole: string,
): { from: number; to: number } {
  if (text === '*') return { from: field.min, to: field === DAY_OF_WEEK ? 6 : field.max };
  const [first = '', second, ...more] = text.split('-');
  if (more.length > 0) throw fault(part, field, whole, 'is not a range like "1-5"');
  const from = numberOf(first, part, field, whole);
  if (second === undefined) return { from, to: stepped ? field.max : from };
  const to = endOf(numberOf(second, part, field, whole), from, field);
  if (to < from) throw fault(part, field, whole, 'runs backwards');
  return { from, to };
}

/** "fri-sun" ends the week. */
const endOf = (to: number, from: number, field: Field): number =>
  field === DAY_OF_WEEK && to === 0 && from > 0 ? 7 : to;

function numberOf(text: string, part: string, field: Field, whole: string): number {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return named + field.firstName;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.min && value <= field.max) return value;
  const names = field.names.length > 0 ? ` or a name like "${field.names[1]}"` : '';
  throw fault(part, field, whole, `is not between ${field.min} and ${field.max}${names}`);
}

function fault(part: string, field: Field, whole: string, what: string): UserError {
  return new UserError('invalid_input', `In the schedule "${whole}", the ${field.name} "${part}" ${what}.`);
}

const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
