import { claimed, overlaps, type Span } from './spans.ts';

export type ThresholdOp = 'gt' | 'gte' | 'lt' | 'lte';

/** "over 2k", "down more than 20%", "older than 3 days", "no calls". */
export interface Threshold extends Span {
  text: string;
  op: ThresholdOp;
  /** In the unit: percent, major units of money, days, or a plain number. */
  value: number;
  unit: 'percent' | 'money' | 'days' | 'number';
  /** As written, "$" for the company's own; null where none is. */
  currency: string | null;
  /** Of the value itself, or of its change: a fall has negative bounds. */
  as: 'value' | 'change';
}

const OPS: readonly [RegExp, ThresholdOp][] = [
  [/^(?:at least|no less than|minimum|min|>=|≥)$/i, 'gte'],
  [/^(?:at most|no more than|up to|maximum|max|<=|≤)$/i, 'lte'],
  [
    /^(?:over|above|more than|greater than|exceeding|longer than|older than|higher than|bigger than|larger than|beyond|past|>)$/i,
    'gt',
  ],
  [/^(?:under|below|less than|fewer than|lower than|smaller than|younger than|newer than|<)$/i, 'lt'],
];

const OP =
  '(at least|no less than|no more than|at most|up to|over|above|more than|greater than|exceeding|longer than|older than|higher than|bigger than|larger than|beyond|under|below|less than|fewer than|lower than|smaller than|younger than|newer than|>=|<=|≥|≤|>|<)';
const SIGN = `([$€£¥]|usd ?|eur ?|gbp ?)?`;
const NUMBER = String.raw`(\d[\d,]*(?:\.\d+)?)`;
const SCALE = String.raw`\s?(k|m|mio|million|thousand|grand)?`;
const UNIT = String.raw`\s?(%|percent|pct|points?|hours?|hrs?|days?|d|weeks?|wks?|months?|mos?|usd|eur|gbp|jpy|dollars?|euros?|pounds?|yen)?(?![\w])`;
const AMOUNT = `${SIGN}${NUMBER}${SCALE}(\\+)?${UNIT}`;

const FALLING = `(?:is |are |was |went |gone |has |have )?(?:down|dropped|dropping|fell|fallen|falling|declined|declining|decreased|shrank|shrunk|lost)`;
const RISING = `(?:is |are |was |went |gone |has |have )?(?:up|grew|grown|growing|rose|risen|rising|increased|increasing|gained)`;

const CHANGED = new RegExp(`\\b(${FALLING}|${RISING}) (?:by )?(?:${OP}\\s*)?(?:by )?${AMOUNT}`, 'gi');
const COMPARED = new RegExp(`(?<![\\w])${OP}\\s*${AMOUNT}(?: (?:a|per) (?:month|mo)|\\/mo(?:nth)?)?`, 'gi');
/** "45+ days", "late by 45+ days", "$5k+". */
const OR_MORE = new RegExp(
  `(?<![\\w])(?:by )?${SIGN}${NUMBER}${SCALE}(\\+| or more)${UNIT}( or more)?`,
  'gi',
);
const DAYS_LATE = new RegExp(
  `(?<![\\w])(?:by )?(?:${OP} )?(\\d{1,4})\\+? ?(days?|d|weeks?|months?) (?:late|overdue|past due|old|or more|or older)\\b`,
  'gi',
);
const NOTHING =
  /\b(?:no|zero|without any|without|0) (?=(?:api |support |open )?(?:calls?|usage|traffic|requests?|tickets?|activity|payments?|revenue|errors?)\b)/gi;

const DAYS_PER: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30 };

const BETWEEN = new RegExp(
  `\\b(?:between|from) ${SIGN}${NUMBER}${SCALE}${UNIT} (?:and|to) ${SIGN}${NUMBER}${SCALE}${UNIT}(?: (?:late|overdue|past due|old))?`,
  'gi',
);

/** "between 5 and 10 days": both ends belong to it. */
function between(match: RegExpMatchArray): Threshold[] {
  const [, sign, digits, scale, unit, otherSign, otherDigits, otherScale, otherUnit] = match;
  const most = amountOf(otherSign ?? sign, otherDigits, otherScale, otherUnit);
  const least = amountOf(sign ?? otherSign, digits, scale ?? otherScale, unit ?? otherUnit);
  if (least.unit !== most.unit || least.value > most.value) return [];
  return [
    threshold(match, { ...least, op: 'gte', as: 'value' }),
    threshold(match, { ...most, op: 'lte', as: 'value' }),
  ];
}

/** Every bound a sentence sets, from left to right. */
export function findThresholds(text: string): Threshold[] {
  const found = claimed<Threshold>([
    ...[...text.matchAll(CHANGED)].flatMap((match) => changed(match)),
    ...[...text.matchAll(DAYS_LATE)].map((match) => {
      const value = Number(match[2]) * (DAYS_PER[(match[3] ?? 'd').charAt(0)] ?? 1);
      const op = match[1] === undefined ? 'gte' : (opOf(match[1]) ?? 'gte');
      return threshold(match, { op, value, unit: 'days', currency: null, as: 'value' });
    }),
    ...[...text.matchAll(COMPARED)].flatMap((match) => compared(match)),
    ...[...text.matchAll(OR_MORE)].flatMap((match) => orMore(match)),
    ...[...text.matchAll(NOTHING)].map((match) =>
      threshold(match, { op: 'lte', value: 0, unit: 'number', currency: null, as: 'value' }),
    ),
  ]);
  // Both ends of a range stand in the same words.
  const ranges = [...text.matchAll(BETWEEN)].flatMap((match) => between(match));
  const apart = found.filter((one) => !ranges.some((range) => overlaps(range, one)));
  return [...ranges, ...apart].sort((a, b) => a.start - b.start);
}

type Bound = Omit<Threshold, 'start' | 'end' | 'text'>;

function threshold(match: RegExpMatchArray, bound: Bound): Threshold {
  const start = match.index ?? 0;
  return { start, end: start + match[0].trimEnd().length, text: match[0].trim(), ...bound };
}

function opOf(words: string | undefined): ThresholdOp | null {
  return OPS.find(([pattern]) => pattern.test(words ?? ''))?.[1] ?? null;
}

interface Amount {
  value: number;
  unit: Threshold['unit'];
  currency: string | null;
}

const CURRENCIES: readonly [RegExp, string][] = [
  [/^(?:\$|usd|dollars?)$/, '$'],
  [/^(?:€|eur|euros?)$/, 'EUR'],
  [/^(?:£|gbp|pounds?)$/, 'GBP'],
  [/^(?:¥|jpy|yen)$/, 'JPY'],
];

function currencyOf(text: string | undefined): string | null {
  const word = (text ?? '').trim().toLowerCase();
  return CURRENCIES.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

function amountOf(sign?: string, digits?: string, scale?: string, unit?: string): Amount {
  const factor = /^(?:k|thousand|grand)$/i.test(scale ?? '') ? 1_000 : scale ? 1_000_000 : 1;
  const value = Number((digits ?? '').replaceAll(',', '')) * factor;
  const word = (unit ?? '').toLowerCase();
  const currency = currencyOf(sign) ?? currencyOf(word);
  if (currency !== null) return { value, unit: 'money', currency };
  if (/^(?:%|percent|pct|points?)$/.test(word)) return { value, unit: 'percent', currency };
  if (word === '') return { value, unit: 'number', currency };
  return { value: value * (DAYS_PER[word.charAt(0)] ?? 1), unit: 'days', currency };
}

/** "down more than 20%": the change is below -20. "Down 20%" is down by at least that. */
function changed(match: RegExpMatchArray): Threshold[] {
  const [, direction = '', words, sign, digits, scale, , unit] = match;
  const amount = amountOf(sign, digits, scale, unit);
  if (amount.unit === 'days') return [];
  const op = words === undefined ? 'gte' : opOf(words);
  if (op === null) return [];
  const falls = new RegExp(`^${FALLING}$`, 'i').test(direction);
  const bound = falls ? { op: MIRRORED[op], value: -amount.value } : { op, value: amount.value };
  return [threshold(match, { ...amount, ...bound, as: 'change' })];
}

const MIRRORED: Readonly<Record<ThresholdOp, ThresholdOp>> = { gt: 'lt', gte: 'lte', lt: 'gt', lte: 'gte' };

function compared(match: RegExpMatchArray): Threshold[] {
  const [, words, sign, digits, scale, plus, unit] = match;
  const op = opOf(words);
  if (op === null) return [];
  return [threshold(match, { ...amountOf(sign, digits, scale, unit), op: plus ? 'gte' : op, as: 'value' })];
}

function orMore(match: RegExpMatchArray): Threshold[] {
  const [, sign, digits, scale, , unit] = match;
  return [threshold(match, { ...amountOf(sign, digits, scale, unit), op: 'gte', as: 'value' })];
}
