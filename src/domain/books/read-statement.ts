import { UserError } from '../../lib/errors.ts';
import { exact, multiply, roundTo } from '../money/exact.ts';
import { exponentOf } from '../money/exponents.ts';
import { makeDate, startOfDayAt } from '../periods/calendar.ts';
import type { StatementLine } from './books-desk.ts';
import { csvRows } from './csv-rows.ts';

export interface StatementSettings {
  /** Where the statement has no column for it. */
  currency: string;
  /** Days are the company's. */
  tz: string;
  /** The order of "03/04/2026"; null: told from the statement, refused where that cannot be. */
  dates: 'dmy' | 'mdy' | null;
}

/** What banks call their columns, lower case. */
const COLUMNS = {
  date: [
    'date',
    'booking date',
    'value date',
    'transaction date',
    'posted date',
    'posting date',
    'buchungstag',
    'valuta',
    'datum',
  ],
  amount: ['amount', 'betrag', 'transaction amount', 'amount (usd)', 'amount (eur)', 'umsatz'],
  credit: ['credit', 'credit amount', 'paid in', 'money in', 'deposit', 'deposits', 'haben'],
  debit: ['debit', 'debit amount', 'paid out', 'money out', 'withdrawal', 'withdrawals', 'soll'],
  currency: ['currency', 'währung', 'waehrung', 'ccy'],
  reference: [
    'reference',
    'description',
    'memo',
    'details',
    'payment reference',
    'verwendungszweck',
    'remittance information',
    'narrative',
  ],
  payer: [
    'payer',
    'name',
    'counterparty',
    'counterparty name',
    'from',
    'auftraggeber',
    'beneficiary / payer',
    'payee',
    'sender',
  ],
  id: ['id', 'transaction id', 'bank reference', 'entry reference', 'fitid', 'transaction reference'],
} as const;
type Column = keyof typeof COLUMNS;

/** A statement is read whole or not at all: a line that is skipped would be money nobody looks for. */
const MOST_LINES = 100_000;
const MOST_TEXT = 500;

/**
 * The lines of a bank statement in CSV.
 * @throws UserError `invalid_input` naming the line and column that cannot be read; nothing of the file is taken then.
 */
export function readStatement(text: string, settings: StatementSettings): StatementLine[] {
  const [header, ...rows] = csvRows(text);
  if (header === undefined || rows.length === 0) throw refuse('The file has no lines under a heading.');
  if (rows.length > MOST_LINES)
    throw refuse(`The file has ${rows.length} lines; ${MOST_LINES} are the most.`);
  const places = placesOf(header);
  const dates = settings.dates ?? orderOf(rows.map((row) => cellOf(row, places.date)));
  const marks = decimalMarks(rows, places);
  return rows.map((row, index) => {
    const line = index + 2;
    const currency = (cellOf(row, places.currency) || settings.currency).toUpperCase();
    if (!/^[A-Z]{3}$/.test(currency)) throw refuse(`Line ${line}: "${currency}" is no currency.`);
    return {
      at: dayOf(cellOf(row, places.date), dates, settings.tz, line),
      amountMinor: amountOf(row, places, currency, { line, marks }),
      currency,
      reference: cellOf(row, places.reference).slice(0, MOST_TEXT),
      payer: cellOf(row, places.payer).slice(0, MOST_TEXT) || null,
      bankId: cellOf(row, places.id) || null,
    };
  });
}

/** Where an amount stands, and what begins decimals in its file. */
interface Spot {
  line: number;
  marks: ReadonlySet<string>;
}

/** The marks that one or two digits follow at the end of an amount. */
function decimalMarks(rows: readonly string[][], places: Places): Set<string> {
  const cells = rows.flatMap((row) =>
    [places.amount, places.credit, places.debit].map((place) => cellOf(row, place)),
  );
  return new Set(cells.flatMap((cell) => /([.,])\d{1,2}[^\d.,]*$/.exec(cell)?.[1] ?? []));
}

type Places = Partial<Record<Column, number>>;

function placesOf(header: readonly string[]): Places {
  const names = header.map((name) => name.toLowerCase());
  const places: Places = {};
  for (const column of [
    'date',
    'amount',
    'credit',
    'debit',
    'currency',
    'reference',
    'payer',
    'id',
  ] as const) {
    const found = COLUMNS[column].map((name) => names.indexOf(name)).find((place) => place !== -1);
    if (found !== undefined) places[column] = found;
  }
  if (places.date === undefined) throw refuse(`There is no column for the date. ${known('date')}`);
  if (places.amount === undefined && places.credit === undefined)
    throw refuse(`There is no column for the amount. ${known('amount')}`);
  return places;
}

function known(column: Column): string {
  return `Known headings: ${COLUMNS[column].join(', ')}.`;
}

function cellOf(row: readonly string[], place: number | undefined): string {
  return place === undefined ? '' : (row[place] ?? '');
}

/** Incoming above 0. */
function amountOf(row: readonly string[], places: Places, currency: string, spot: Spot): bigint {
  if (places.amount !== undefined) return minorOf(cellOf(row, places.amount), currency, spot);
  const [credit, debit] = [cellOf(row, places.credit), cellOf(row, places.debit)];
  if (
    credit !== '' &&
    debit !== '' &&
    minorOf(debit, currency, spot) !== 0n &&
    minorOf(credit, currency, spot) !== 0n
  )
    throw refuse(`Line ${spot.line} has money going in and out at once.`);
  const incoming = credit === '' ? 0n : minorOf(credit, currency, spot);
  const outgoing = debit === '' ? 0n : minorOf(debit, currency, spot);
  if (credit === '' && debit === '') throw refuse(`Line ${spot.line} has no amount.`);
  return incoming !== 0n ? incoming : -(outgoing < 0n ? -outgoing : outgoing);
}

/** "1,234.56", "1.234,56", "1 234.5", "(12.00)", "12.00-"; the last of comma and point is the decimal one. */
function minorOf(text: string, currency: string, { line, marks }: Spot): bigint {
  const bare = text.replace(/[\s\u00a0'’]|[A-Z]{3}|[$€£¥]/g, '').replace('−', '-');
  const negative = /^-|-$|^\(.*\)$/.test(bare);
  const digits = bare.replace(/^[-+(]|[-)]$/g, '');
  const decimal = decimalOf(digits, exponentOf(currency), marks);
  if (decimal === null) throw refuse(`Line ${line}: "${text}" is not an amount in ${currency}.`);
  const scaled = multiply(exact(decimal), exact(10n ** BigInt(exponentOf(currency))));
  if (scaled.denominator !== 1n)
    throw refuse(`Line ${line}: ${currency} has no such fractions as in "${text}".`);
  const minor = roundTo(scaled, 0, 'half_away');
  return negative ? -minor : minor;
}

/** With a decimal point and nothing else; null where it is no number, or could be two. */
function decimalOf(digits: string, exponent: number, marks: ReadonlySet<string>): string | null {
  if (/^\d+$/.test(digits)) return digits;
  // Elsewhere in the file the same mark begins decimals: read as thousands it would be a thousand times too much.
  if (/^\d{1,3}[.,]\d{3}$/.test(digits) && exponent !== 3 && marks.has(digits.charAt(digits.length - 4)))
    return null;
  const mark = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'));
  const [whole, part] = [digits.slice(0, mark), digits.slice(mark + 1)];
  const other = digits.charAt(mark) === ',' ? '.' : ',';
  const grouped = (one: string, by: string) => new RegExp(`^\\d{1,3}(?:\\${by}\\d{3})+$`).test(one);
  if (!/^\d+$/.test(part)) return null;
  // "1,234": three digits after the only mark are thousands, unless the currency has three decimals.
  if (
    grouped(digits, digits.charAt(mark)) &&
    (part.length !== exponent || whole.includes(digits.charAt(mark)))
  )
    return digits.replaceAll(digits.charAt(mark), '');
  if (/^\d+$/.test(whole)) return `${whole}.${part}`;
  return grouped(whole, other) ? `${whole.replaceAll(other, '')}.${part}` : null;
}

const SLASHED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

function orderOf(dates: readonly string[]): 'dmy' | 'mdy' {
  const slashed = dates.filter((one) => SLASHED.test(one));
  const [pointed, rest] = [
    slashed.filter((one) => one.includes('.')),
    slashed.filter((one) => !one.includes('.')),
  ];
  if (rest.length === 0) return 'dmy';
  const parts = rest.map((one) => SLASHED.exec(one));
  const first = parts.some((part) => Number(part?.[1]) > 12) || pointed.length > 0;
  const second = parts.some((part) => Number(part?.[2]) > 12);
  if (first !== second) return first ? 'dmy' : 'mdy';
  throw refuse(
    `Whether "${rest[0]}" begins with the day or the month cannot be told from the file.`,
    'Say which: --dates dmy or --dates mdy.',
  );
}

function dayOf(text: string, order: 'dmy' | 'mdy', tz: string, line: number): number {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text);
  const slashed = SLASHED.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : order === 'dmy'
      ? [slashed?.[3], slashed?.[2], slashed?.[1]]
      : [slashed?.[3], slashed?.[1], slashed?.[2]];
  const date = makeDate(Number(year), Number(month), Number(day));
  if (date === null || (!iso && !slashed)) throw refuse(`Line ${line}: "${text}" is no day.`);
  return startOfDayAt(date, tz);
}

function refuse(words: string, hint = 'Nothing of the file was taken.'): UserError {
  return new UserError('invalid_input', words, hint);
}
