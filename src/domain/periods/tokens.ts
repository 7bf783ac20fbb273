import { mendWord } from './vocabulary.ts';

export interface Token {
  kind: 'word' | 'number' | 'iso' | 'slash' | 'time' | 'mark';
  /** Lower case, misspelt period words mended; digits alone for "3rd"; "HH:MM" for a time of day. */
  text: string;
  raw: string;
  start: number;
  end: number;
}

const DATE = String.raw`\d{4}-\d{1,2}(?:-\d{1,2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?)?(?![\d-])`;
const PATTERN = new RegExp(
  [
    `(?<iso>${DATE}(?:/${DATE})?)`,
    String.raw`(?<fiscal>\b[fF][yY]['’ ]?(?:\d{4}|\d{2})\b)`,
    String.raw`(?<quarter>\b[qhQH]\d+(?=[fF][yY]|\b))`,
    String.raw`(?<reversed>\b(?:19|20)\d\d-?[qhQH][1-9]\b)`,
    String.raw`(?<slash>(?<![\d/.])(?!24/7)(?:\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))(?![\d/]))`,
    String.raw`(?<time>\b(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[aApP]\.?[mM]\b)?|\b(?:1[0-2]|0?[1-9])\s?[aApP][mM]\b)`,
    String.raw`(?<amount>\b[lL]?\d{1,4}(?:[dDqQ]|[wW](?:[kK][sS]?)?|[mM](?:[oO][sS]?|[tT][hH][sS]?)?|[hHyY](?:[rR][sS]?)?)\b)`,
    String.raw`(?<short>['’]\d\d\b)`,
    String.raw`(?<number>\d+)(?:st|nd|rd|th)?\b(?![.,]\d)`,
    '(?<word>[A-Za-z]+)',
    String.raw`(?<mark>[,\-–—$#€£.>+%])`,
  ].join('|'),
  'g',
);

/** A sentence cut into what the grammar reads; anything else (emoji, brackets) is passed over. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const span = { raw: match[0], start: match.index, end: match.index + match[0].length };
    if (groups.iso) tokens.push({ kind: 'iso', text: groups.iso, ...span });
    else if (groups.fiscal)
      tokens.push({ kind: 'word', text: `fy${fullYear(groups.fiscal.replace(/\D/g, ''))}`, ...span });
    else if (groups.quarter) tokens.push({ kind: 'word', text: groups.quarter.toLowerCase(), ...span });
    else if (groups.reversed) tokens.push(...reversedQuarter(groups.reversed, span));
    else if (groups.slash) tokens.push({ kind: 'slash', text: groups.slash, ...span });
    else if (groups.time) tokens.push({ kind: 'time', text: clockTime(groups.time), ...span });
    else if (groups.amount) tokens.push(...gluedAmount(groups.amount, span, tokens, text));
    else if (groups.short) tokens.push({ kind: 'number', text: fullYear(groups.short.slice(1)), ...span });
    else if (groups.number) tokens.push({ kind: 'number', text: groups.number, ...span });
    else if (groups.word) tokens.push({ kind: 'word', text: mendWord(groups.word.toLowerCase()), ...span });
    else tokens.push({ kind: 'mark', text: match[0].replace(/[–—]/, '-'), ...span });
  }
  return tokens;
}

type Where = Pick<Token, 'raw' | 'start' | 'end'>;

/** "26" is 2026. */
export function fullYear(digits: string): string {
  return digits.length === 2 ? `20${digits}` : digits;
}

/** "2026q3" reads as "q3 2026". */
function reversedQuarter(text: string, span: Where): Token[] {
  return [
    { kind: 'word', text: text.slice(-2).toLowerCase(), ...span },
    { kind: 'number', text: text.slice(0, 4), ...span },
  ];
}

/** "9am", "9:30 pm", "14:30" as HH:MM. */
function clockTime(text: string): string {
  const [, hour = '0', minute = '00', half] = /^(\d+)(?::(\d\d))?\s?([ap])?/i.exec(text) ?? [];
  const base = half ? Number(hour) % 12 : Number(hour);
  const full = half?.toLowerCase() === 'p' ? base + 12 : base;
  return `${String(full).padStart(2, '0')}:${minute}`;
}

const UNIT_OF: Readonly<Record<string, string>> = {
  d: 'days',
  w: 'weeks',
  m: 'months',
  q: 'quarters',
  h: 'hours',
  y: 'years',
};
const BACKWARDS = new Set(['last', 'past', 'previous', 'prior', 'trailing', 'rolling']);
/** "over 30d" is how late something is, not when. */
const MEASURING = new Set('over than least above by under below older late overdue > + - for'.split(' '));

/** "l7d" is "last 7 days"; "30d" ends a sentence as "last 30 days"; "$5m" stays an amount. */
function gluedAmount(text: string, span: Where, before: readonly Token[], sentence: string): Token[] {
  const bare = text.replace(/^l/i, '');
  const count = bare.replace(/\D/g, '');
  const unit = UNIT_OF[bare.replace(/\d/g, '').charAt(0).toLowerCase()] ?? '';
  const previous = before.at(-1)?.text ?? '';
  const parts: Token[] = [
    { kind: 'number', text: count, ...span },
    { kind: 'word', text: unit, ...span },
  ];
  const last: Token = { kind: 'word', text: 'last', ...span };
  if (bare !== text) return [last, ...parts];
  if (BACKWARDS.has(previous)) return parts;
  const final = /^[\s?.!]*$/.test(sentence.slice(span.end)) && unit !== 'months' && unit !== 'quarters';
  if (final && before.length > 0 && !MEASURING.has(previous)) return [last, ...parts];
  return [{ kind: 'word', text: text.toLowerCase(), ...span }];
}
