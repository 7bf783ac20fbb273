/** Which days a rhythm names, by the words for it. */

const DAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:days?)?s?';
const DAYS = `${DAY}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s*(?:and|&|\\+)\\s*)${DAY})*`;
const NTH = '(?:the\\s+)?(?:(\\d{1,2})(?:st|nd|rd|th)?|(first|last))(?:\\s+day)?';
const EVERY = '(?:every|each)';
const SECOND = '(?:other|second|two|2)';
const FORTNIGHT = `(?:bi-?weekly|fortnightly|${EVERY}\\s+(?:fortnight|${SECOND}\\s+weeks?))`;
const EDGE = '(?:the\\s+)?(first|1st|last)(?:\\s+((?:work(?:ing)?|business|week)\\s?)?days?)?';
const OF = `(?:of|in)\\s+(?:${EVERY}|the|a)`;

/** What no schedule here can keep. */
export const IMPOSSIBLE = new RegExp(
  [
    `\\b${EVERY}\\s+(?:\\d+|few|couple of|five|ten|fifteen|thirty|half)\\s*(?:min(?:ute)?s?|sec(?:ond)?s?|hours?|hour)?\\b(?!\\s*(?:st|nd|rd|th|weeks?)\\b)`,
    `\\b${EVERY}\\s+(?:minute|half hour|second(?!\\s+(?:week|${DAY})))\\b`,
    `\\b${EVERY}\\s+(?:(?:other|second|two|2)\\s+(?:days?|months?|quarters?)|(?:third|fourth|three|four|[3-9])\\s+(?:days?|weeks?|months?|${DAY}))\\b`,
    '\\btwice a (?:day|week|month)\\b',
    `\\b(?:first|second|third|fourth|last)\\s+${DAY}\\s+of\\s+(?:the|each|every)\\s+month\\b`,
  ].join('|'),
  'i',
);

/** Days of a rhythm, tried in this order; the match is what is taken out of the sentence. */
export const RHYTHMS: readonly { pattern: RegExp; days(match: RegExpExecArray): string | null }[] = [
  {
    pattern: new RegExp(
      `\\b(?:(?:on\\s+)?${EDGE}\\s+${OF}\\s+quarter|(?:${EVERY}\\s+quarter|quarterly)\\s*,?\\s*(?:on\\s+)?${EDGE})\\b`,
      'i',
    ),
    days: (match) => edgeDay(match[1] ?? match[3] ?? '', match[2] ?? match[4], 'quarter'),
  },
  {
    pattern: new RegExp(
      `\\b(?:at\\s+)?(?:the\\s+)?(?:(end|close)|start|beginning)\\s+${OF}\\s+quarter\\b`,
      'i',
    ),
    days: (match) => edgeDay(match[1] === undefined ? 'first' : 'last', undefined, 'quarter'),
  },
  {
    pattern: new RegExp(
      `\\b(?:on\\s+)?(?:the\\s+)?(first|1st|last)\\s+(work(?:ing)?\\s?|business\\s|week\\s?)days?\\s+${OF}\\s+month\\b`,
      'i',
    ),
    days: (match) => edgeDay(match[1] ?? '', match[2], 'month'),
  },
  {
    pattern: new RegExp(
      `\\b(?:${FORTNIGHT}\\s*,?\\s*(?:on\\s+)?(${DAYS})|(?:on\\s+)?${EVERY}\\s+${SECOND}\\s+(${DAYS})|(?:on\\s+)?(${DAYS})\\s*,?\\s+${FORTNIGHT})(?![a-z])`,
      'i',
    ),
    days: (match) => {
      const days = weekDays(match.slice(1).find((part) => part !== undefined) ?? '');
      return days === null ? null : `${days}~?`;
    },
  },
  {
    pattern: new RegExp(
      `\\b(?:(?:on\\s+)?${NTH}\\s+of\\s+(?:${EVERY}|the|a)\\s+month|(?:${EVERY}\\s+month|monthly)\\s*,?\\s*(?:on\\s+)?${NTH}|on\\s+the\\s+(\\d{1,2})(?:st|nd|rd|th)\\s+(?:monthly|${EVERY}\\s+month)|${EVERY}\\s+(\\d{1,2})(?:st|nd|rd|th)(?:\\s+of\\s+the\\s+month)?)\\b`,
      'i',
    ),
    days: (match) => monthDay(match.slice(1).find((part) => part !== undefined) ?? ''),
  },
  { pattern: /\b(?:at |the )?(?:month[- ]end|end of (?:the|each|every) month)\b/i, days: () => 'L * *' },
  {
    pattern: new RegExp(
      `\\b(?:(?:on\\s+)?(?:${EVERY}\\s+)?(?:week\\s?days?|work(?:ing)?\\s?days?|business days?)|(?:${EVERY}\\s+)?mon(?:day)?\\s*(?:-|to|through)\\s*fri(?:day)?)\\b`,
      'i',
    ),
    days: () => '* * 1-5',
  },
  {
    pattern: new RegExp(`\\b(?:on\\s+|at\\s+)?(?:${EVERY}\\s+)?(?:the\\s+)?weekends?\\b`, 'i'),
    days: () => '* * 0,6',
  },
  {
    pattern: new RegExp(
      `\\b(?:(?:weekly|${EVERY}\\s+week)\\s*,?\\s*on\\s+(${DAYS})|(?:on\\s+)?${EVERY}\\s+(${DAYS})|(?:on\\s+)?((?:mon|tues|wednes|thurs|fri|satur|sun)days(?:(?:\\s*,\\s*(?:and\\s+)?|\\s*(?:and|&|\\+)\\s*)${DAY})*))(?![a-z])`,
      'i',
    ),
    days: (match) => weekDays(match.slice(1).find((part) => part !== undefined) ?? ''),
  },
  {
    pattern: new RegExp(
      `\\b(?:daily|${EVERY}\\s+(?:single\\s+)?(?:day|morning|evening|afternoon|night)|(?:hourly|${EVERY}\\s+hour)|nightly)\\b`,
      'i',
    ),
    days: () => '* * *',
  },
];

/** A rhythm without its day. */
export const DAYLESS = new RegExp(
  `\\b(?:${FORTNIGHT}|weekly|monthly|regularly|${EVERY}\\s+(?:week|month|quarter|year)|quarterly|yearly)\\b`,
  'i',
);
function monthDay(text: string): string | null {
  if (/^last$/i.test(text)) return 'L * *';
  const day = /^first$/i.test(text) ? 1 : Number(text);
  return day >= 1 && day <= 31 ? `${day} * *` : null;
}

const NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function weekDays(text: string): string | null {
  const named = text
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => NAMES.indexOf(word.slice(0, 3)))
    .filter((day) => day >= 0);
  const days = [...new Set(named)].sort((a, b) => a - b);
  return days.length === 0 ? null : `* * ${days.join(',')}`;
}

/** The first or last day of a month or quarter, of any or of working days. */
function edgeDay(edge: string, working: string | undefined, of: 'month' | 'quarter'): string {
  const last = /last/i.test(edge);
  const day = last ? 'L' : '1';
  const months = of === 'month' ? '*' : last ? '3,6,9,12' : '1,4,7,10';
  return `${day}${working === undefined ? '' : 'W'} ${months} *`;
}
