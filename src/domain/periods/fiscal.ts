import { addUnits, makeDate, type PlainDate, startOfDayAt } from './calendar.ts';
import { makePeriod } from './describe-period.ts';
import { type Found, type GrammarContext, type Rule, spanPeriod, wordAt } from './rule.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** A fiscal year is named after the calendar year it ends in. */
function yearStart(year: number, firstMonth: number): PlainDate | null {
  return makeDate(firstMonth === 1 ? year : year - 1, firstMonth, 1);
}

function currentFiscalYear({ today, fiscalYearStart }: GrammarContext): number {
  return fiscalYearStart === 1 || today.month < fiscalYearStart ? today.year : today.year + 1;
}

function noteOf({ fiscalYearStart }: GrammarContext): string {
  return fiscalYearStart === 1
    ? 'the fiscal year is the calendar year'
    : `fiscal years begin in ${MONTHS[fiscalYearStart - 1]}`;
}

function fiscalPart(year: number, part: string | null, next: number, context: GrammarContext): Found {
  const start = yearStart(year, context.fiscalYearStart);
  const note = noteOf(context);
  if (!start) return { next, period: null };
  if (part === null)
    return { next, note, period: spanPeriod({ start, end: addUnits(start, 'year', 1) }, context.tz) };
  const months = part.startsWith('h') ? 6 : 3;
  const index = Number(part.slice(1));
  if (index < 1 || index > 12 / months) return { next, period: null };
  const from = addUnits(start, 'month', (index - 1) * months);
  return {
    next,
    note,
    period: spanPeriod({ start: from, end: addUnits(from, 'month', months) }, context.tz),
  };
}

const DIRECTIONS: ReadonlyMap<string, number> = new Map([
  ['this', 0],
  ['current', 0],
  ['last', -1],
  ['previous', -1],
  ['past', -1],
  ['next', 1],
]);

const PART = /^[qh]\d$/;

function yearNamed(word: string): number | null {
  const year = /^fy(\d{4})$/.exec(word)?.[1];
  return year === undefined ? null : Number(year);
}

/** "FY25", "FY25 Q3", "Q3 FY25", "fiscal year 2025", "last fiscal year", "fiscal Q3", "FYTD". */
export const readFiscal: Rule = (tokens, at, context) => {
  const first = wordAt(tokens, at);
  if (first === 'fytd') {
    const start = yearStart(currentFiscalYear(context), context.fiscalYearStart);
    if (!start) return null;
    const period = makePeriod(startOfDayAt(start, context.tz), context.nowAt, context.tz);
    return { next: at + 1, note: noteOf(context), period };
  }
  const year = yearNamed(first);
  if (year !== null) {
    const part = PART.exec(wordAt(tokens, at + 1))?.[0] ?? null;
    return fiscalPart(year, part, at + (part === null ? 1 : 2), context);
  }
  if (PART.test(first)) {
    const named = yearNamed(wordAt(tokens, at + 1));
    return named === null ? null : fiscalPart(named, first, at + 2, context);
  }
  return readSpelt(tokens, at, context);
};

const readSpelt: Rule = (tokens, at, context) => {
  const direction = DIRECTIONS.get(wordAt(tokens, at));
  const from = direction === undefined ? at : at + 1;
  const current = currentFiscalYear(context);
  const word = wordAt(tokens, from);
  if (word === 'fy' && direction !== undefined)
    return fiscalPart(current + direction, null, from + 1, context);
  if (word !== 'fiscal') return null;
  const after = wordAt(tokens, from + 1);
  if (PART.test(after)) return fiscalPart(current, after, from + 2, context);
  const unit = after === 'year' || after === 'yr' ? 1 : 0;
  const number = tokens[from + 1 + unit];
  if (number?.kind === 'number' && /^20\d\d$/.test(number.text)) {
    return fiscalPart(Number(number.text), null, from + 2 + unit, context);
  }
  return unit === 0 ? null : fiscalPart(current + (direction ?? 0), null, from + 2, context);
};
