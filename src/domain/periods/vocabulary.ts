import { editDistance } from '../language/edit-distance.ts';
import type { Unit } from './calendar.ts';

export const UNITS: ReadonlyMap<string, Unit> = new Map([
  ['day', 'day'],
  ['days', 'day'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['month', 'month'],
  ['months', 'month'],
  ['quarter', 'quarter'],
  ['quarters', 'quarter'],
  ['year', 'year'],
  ['years', 'year'],
]);

/** Whole hours are not calendar units: they are counted back from now. */
export const HOURS: ReadonlySet<string> = new Set(['hour', 'hours', 'hr', 'hrs']);

const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** Full names, three letters, and "sept". */
export const MONTHS: ReadonlyMap<string, number> = new Map([
  ...MONTH_NAMES.map((name, index): [string, number] => [name, index + 1]),
  ...MONTH_NAMES.map((name, index): [string, number] => [name.slice(0, 3), index + 1]),
  ['sept', 9],
]);

/** Months that are also everyday words: taken only beside a number or after a word like "in". */
export const AMBIGUOUS_MONTHS: ReadonlySet<string> = new Set(['may', 'march', 'mar']);

export const WEEKDAYS: ReadonlyMap<string, number> = new Map([
  ['monday', 1],
  ['tuesday', 2],
  ['wednesday', 3],
  ['thursday', 4],
  ['friday', 5],
  ['saturday', 6],
  ['sunday', 7],
  ['mon', 1],
  ['tue', 2],
  ['wed', 3],
  ['thu', 4],
  ['thur', 4],
  ['thurs', 4],
  ['fri', 5],
  ['sat', 6],
  ['sun', 7],
]);

/** Short weekdays that are also words: taken only after a word like "on". */
export const AMBIGUOUS_WEEKDAYS: ReadonlySet<string> = new Set(['mon', 'wed', 'sat', 'sun', 'fri', 'thu']);

export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ['one', 1],
  ['two', 2],
  ['couple', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
  ['six', 6],
  ['seven', 7],
  ['eight', 8],
  ['nine', 9],
  ['ten', 10],
  ['eleven', 11],
  ['twelve', 12],
]);

export const ORDINAL_WORDS: ReadonlyMap<string, number> = new Map([
  ['first', 1],
  ['second', 2],
  ['third', 3],
  ['fourth', 4],
]);

const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['lst', 'last'],
  ['las', 'last'],
  ['latst', 'last'],
  ['tihs', 'this'],
  ['thsi', 'this'],
  ['yday', 'yesterday'],
  ['yest', 'yesterday'],
  ['tmrw', 'tomorrow'],
  ['mo', 'month'],
  ['mos', 'months'],
  ['mth', 'month'],
  ['mths', 'months'],
  ['moth', 'month'],
  ['wk', 'week'],
  ['wek', 'week'],
  ['weeek', 'week'],
  ['wks', 'weeks'],
  ['qtr', 'quarter'],
  ['yr', 'year'],
  ['yrs', 'years'],
  ['prev', 'previous'],
  ['prior', 'previous'],
  ['trailing', 'past'],
  ['rolling', 'past'],
  ['tonite', 'tonight'],
  ['qtrs', 'quarters'],
  ['tues', 'tuesday'],
]);

const MENDABLE = [
  'today',
  'yesterday',
  'tomorrow',
  'last',
  'previous',
  'current',
  'past',
  'month',
  'months',
  'week',
  'weeks',
  'quarter',
  'quarters',
  'year',
  'years',
  'before',
  'between',
  'since',
  'until',
  ...MONTH_NAMES.filter((name) => name.length >= 5),
  ...[...WEEKDAYS.keys()].filter((name) => name.length >= 6),
];

/** Ordinary words one slip away from a period word that must be left alone. */
const NEVER_MENDED: ReadonlySet<string> = new Set([
  'list',
  'lost',
  'cast',
  'fast',
  'east',
  'least',
  'pass',
  'part',
  'post',
  'cost',
  'paste',
  'paid',
  'lase',
  'best',
  'just',
  'most',
  'must',
  'mouth',
  'near',
  'hear',
  'bear',
  'dear',
  'clear',
  'weak',
  'seek',
  'been',
  'needs',
  'seen',
  'unit',
  'units',
  'quarterly',
  'monthly',
  'weekly',
  'yearly',
  'daily',
  'when',
  'then',
  'fort',
  'meter',
  'meters',
  'weekend',
  'weekday',
  'point',
]);

/** The period word a token stands for: itself, a short form, or the one word a single slip away. */
export function mendWord(word: string): string {
  const short = SHORT_FORMS.get(word);
  if (short) return short;
  if (word.length < 4 || NEVER_MENDED.has(word) || MENDABLE.includes(word)) return word;
  const near = MENDABLE.map((known) => ({ known, distance: editDistance(word, known, slipsForgiven(known)) }))
    .filter(({ known, distance }) => known.length >= 4 && distance <= slipsForgiven(known))
    .sort((a, b) => a.distance - b.distance);
  const [nearest, second] = near;
  return nearest && nearest.distance !== second?.distance ? nearest.known : word;
}

/** One letter added, dropped or changed, or two neighbours swapped; two slips from eight letters on. */
function slipsForgiven(known: string): number {
  return known.length >= 8 ? 2 : 1;
}
