/** Numbers as they stand in a sentence, read so that they can be held against the data. */
export interface Figure {
  start: number;
  end: number;
  text: string;
  kind: 'money' | 'percent' | 'number' | 'date' | 'identifier';
  /** In whole units (dollars, percent points, pieces); for dates and identifiers 0. */
  value: number;
  /** Half the last digit shown: 0.5 for "12", 0.05 for "1.2", 50 for "1.2k". */
  tolerance: number;
  /** ISO code, or "$" where several currencies share the sign; null for other kinds. */
  currency: string | null;
  /** For dates: "2026-10-31", "--10-31" or "2026"; for identifiers the text, lower case. */
  key: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const SCALES: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
};
const SIGNS: Record<string, string> = { $: '$', us$: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR' };

const DATES = [
  {
    pattern: /\b(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?\b/gi,
    key: (m: string[]) => `${m[1]}-${m[2]}-${m[3]}`,
  },
  {
    pattern: new RegExp(`\\b(${MONTH})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))?\\b`, 'gi'),
    key: (m: string[]) => dayKey(m[3], m[1], m[2]),
  },
  {
    pattern: new RegExp(
      `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${MONTH})\\.?(?:,?\\s+(\\d{4}))?\\b`,
      'gi',
    ),
    key: (m: string[]) => dayKey(m[3], m[2], m[1]),
  },
  {
    pattern: new RegExp(`\\b(${MONTH})\\.?\\s+(\\d{4})\\b`, 'gi'),
    key: (m: string[]) => `${m[2]}-${month(m[1])}`,
  },
  {
    pattern: /\b(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?\b/gi,
    key: (m: string[]) => `${hour(m[1], m[3])}:${m[2]}`,
  },
];
const NUMBER =
  /(us\$|[$€£¥₹])?\s?(?<![\p{L}\p{N}.])([-+−]?\d{1,3}(?:[,\u00a0' ]\d{3})+(?:\.\d+)?|[-+−]?\d+(?:\.\d+)?|[-+−]?\.\d+)(?:\s?(k|m|mn|b|bn|thousand|million|billion)\b)?(?:\s?(%|percent\b|per cent\b|pp\b|usd\b|eur\b|gbp\b|jpy\b|inr\b|dollars?\b|euros?\b|pounds?\b|yen\b))?/giu;
const IDENTIFIER =
  /(?<![\p{L}\p{N}_])(?=[\p{L}\p{N}_-]*\p{N})(?=[\p{L}\p{N}_-]*\p{L})[\p{L}\p{N}]+(?:[_-][\p{L}\p{N}]+)*(?![\p{L}\p{N}_])/giu;

/** Every figure in the text, left to right; list markers at the start of a line ("1.") do not count. */
export function extractFigures(text: string): Figure[] {
  const taken: Figure[] = [];
  const free = (start: number, end: number) => taken.every((f) => end <= f.start || start >= f.end);
  const add = (figure: Figure) => {
    if (free(figure.start, figure.end)) taken.push(figure);
  };
  for (const match of text.matchAll(/^\s*\d{1,2}[.)](?=\s)/gm)) {
    taken.push(figure(match.index, match[0], 'identifier', ''));
  }
  for (const { pattern, key } of DATES) {
    for (const match of text.matchAll(pattern)) add(figure(match.index, match[0], 'date', key([...match])));
  }
  for (const match of text.matchAll(IDENTIFIER)) {
    if (!isScaled(match[0])) add(figure(match.index, match[0], 'identifier', match[0].toLowerCase()));
  }
  for (const match of text.matchAll(NUMBER)) add(numberFigure(match));
  for (const word of spelledNumbers(text)) add(word);
  return taken.filter((f) => f.kind !== 'identifier' || f.key !== '').sort((a, b) => a.start - b.start);
}

function figure(start: number, text: string, kind: 'date' | 'identifier', key: string): Figure {
  return { start, end: start + text.length, text, kind, value: 0, tolerance: 0, currency: null, key };
}

/** "12k", "1st", "95usd" look like identifiers and are numbers. */
function isScaled(text: string): boolean {
  return /^\d+(?:k|m|mn|b|bn|st|nd|rd|th|pp|usd|eur|gbp|jpy|inr|x|h|d|ms|s)$/i.test(text);
}

function numberFigure(match: RegExpExecArray): Figure {
  const [whole, sign, digits = '', scaleWord, unit] = match;
  const scale = scaleWord ? (SCALES[scaleWord.toLowerCase()] ?? 1) : 1;
  const plain = digits.replace(/[,\u00a0' ]/g, '').replace('−', '-');
  const decimals = plain.split('.')[1]?.length ?? 0;
  const currency = currencyOf(sign, unit);
  const kind = currency ? 'money' : unit ? 'percent' : 'number';
  const lead = whole.length - whole.trimStart().length;
  const text = whole.trim();
  return {
    start: match.index + lead,
    end: match.index + lead + text.length,
    text,
    kind,
    value: Number(plain) * scale,
    tolerance: 0.5 * 10 ** -decimals * scale,
    currency,
    key: '',
  };
}

function currencyOf(sign: string | undefined, unit: string | undefined): string | null {
  if (sign) return SIGNS[sign.toLowerCase()] ?? null;
  if (!unit) return null;
  const word = unit.toLowerCase();
  if (/^(usd|eur|gbp|jpy|inr)$/.test(word)) return word.toUpperCase();
  if (word.startsWith('dollar')) return '$';
  if (word.startsWith('euro')) return 'EUR';
  if (word.startsWith('pound')) return 'GBP';
  return word === 'yen' ? 'JPY' : null;
}

function dayKey(year: string | undefined, name: string | undefined, day: string | undefined): string {
  return `${year ?? '-'}-${month(name)}-${(day ?? '').padStart(2, '0')}`;
}

function month(name: string | undefined): string {
  return String(MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1).padStart(2, '0');
}

function hour(text: string | undefined, half: string | undefined): string {
  const value = Number(text) % (half ? 12 : 24);
  return String(half?.toLowerCase() === 'pm' ? value + 12 : value).padStart(2, '0');
}

const UNITS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const BIG: Record<string, number> = { hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 };
const SPELLED = new RegExp(
  `\\b(?:(?:${[...UNITS, ...TENS, ...Object.keys(BIG)].join('|')})(?:[\\s-]+(?:and\\s+)?)?)+\\b`,
  'gi',
);

/** "twelve thousand"; a lone "one" is grammar, not a number. */
function spelledNumbers(text: string): Figure[] {
  return [...text.matchAll(SPELLED)].flatMap((match) => {
    const words = match[0]
      .trim()
      .toLowerCase()
      .split(/[\s-]+/)
      .filter((word) => word !== 'and');
    if (words.length === 1 && words[0] === 'one') return [];
    const value = spelledValue(words);
    const start = match.index;
    const trimmed = match[0].trim();
    return [
      {
        start,
        end: start + trimmed.length,
        text: trimmed,
        kind: 'number' as const,
        value,
        tolerance: 0.5,
        currency: null,
        key: '',
      },
    ];
  });
}

function spelledValue(words: readonly string[]): number {
  let total = 0;
  let group = 0;
  for (const word of words) {
    const big = BIG[word];
    if (big === 100) group = (group || 1) * 100;
    else if (big !== undefined) {
      total += (group || 1) * big;
      group = 0;
    } else group += UNITS.includes(word) ? UNITS.indexOf(word) : (TENS.indexOf(word) + 2) * 10;
  }
  return total + group;
}
