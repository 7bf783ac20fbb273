import { zoneIn } from '../people/zones.ts';

/** When something is to come again and again, as a sentence says it. */
export interface WhenWords {
  /** Fields 3 to 5 of a cron; null where no days are named. */
  days: string | null;
  /** HH:MM; `hourly` for each hour of those days; null where no time is named. */
  time: string | null;
  /** The hour could be morning or evening: "at 4". */
  unsure: boolean;
  /** As named; null for the asker's own. */
  timezone: string | null;
  /** Words that name a rhythm no schedule here can keep: "every 15 minutes", "every other week". */
  impossible: string | null;
  /** A rhythm without its day: "weekly". */
  dayless: string | null;
  /** All that was understood of it, in words that are understood again. */
  said: string;
  /** The sentence without all that. */
  rest: string;
}

const DAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:days?)?s?';
const DAYS = `${DAY}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s*(?:and|&|\\+)\\s*)${DAY})*`;
const NTH = '(?:the\\s+)?(?:(\\d{1,2})(?:st|nd|rd|th)?|(first|last))(?:\\s+day)?';
const EVERY = '(?:every|each)';

const IMPOSSIBLE = new RegExp(
  [
    `\\b${EVERY}\\s+(?:\\d+|few|couple of|five|ten|fifteen|thirty|half)\\s*(?:min(?:ute)?s?|sec(?:ond)?s?|hours?|hour)?\\b(?!\\s*(?:st|nd|rd|th)\\b)`,
    `\\b${EVERY}\\s+(?:minute|second|half hour)\\b`,
    `\\b${EVERY}\\s+(?:other|second|two|three|2|3)\\s+(?:days?|weeks?|months?|${DAY})\\b`,
    '\\b(?:bi-?weekly|fortnightly|twice a (?:day|week|month))\\b',
    `\\b(?:first|second|third|fourth|last)\\s+${DAY}\\s+of\\s+(?:the|each|every)\\s+month\\b`,
  ].join('|'),
  'i',
);

/** Days of a rhythm, tried in this order; the match is what is taken out of the sentence. */
const RHYTHMS: readonly { pattern: RegExp; days(match: RegExpExecArray): string | null }[] = [
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

const DAYLESS = new RegExp(
  `\\b(?:weekly|monthly|regularly|${EVERY}\\s+(?:week|month|quarter|year)|quarterly|yearly)\\b`,
  'i',
);
const HOURLY = new RegExp(`\\b(?:hourly|${EVERY}\\s+hour)\\b`, 'i');
const CLOCK =
  /\b(?:at|to|by|for|@)?\s*\b(?:(\d{1,2})(?:[:.h](\d{2}))\s*(am|pm|a\.m\.|p\.m\.)?|(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.)|(?<=\b(?:at|to|@)\s+)(\d{1,2})(?:\s*o['’]?clock)?)(?![\d%:/-])(?!\s*(?:%|percent|days?|weeks?|months?|hours?|customers?))(?:\s+(?:in the\s+)?(morning|afternoon|evening|at night))?|\b(?:at\s+)?(noon|midday|midnight)\b/i;
const ZONE =
  /\b(?:in\s+)?(?:\p{L}+(?:[ /_]\p{L}+)?\s+time|[A-Z][A-Za-z]+\/[A-Za-z_]+|(?:[ECMP][DS]?T|CEST|CET|UTC|GMT|JST|IST))\b/u;

/** Reads when; what it does not understand is left in `rest`. Pure, and the same for the same sentence. */
export function whenIn(sentence: string): WhenWords {
  const impossible = IMPOSSIBLE.exec(sentence)?.[0]?.trim() ?? null;
  let rest = sentence;
  const said: string[] = [];
  const take = (match: RegExpExecArray) => {
    said.push(match[0].trim());
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
  };
  const hourly = HOURLY.test(rest);
  const evening = /\b(?:every|each)\s+(evening|afternoon|night)\b|\bnightly\b/i.test(rest);
  let days: string | null = null;
  for (const rhythm of RHYTHMS) {
    const match = rhythm.pattern.exec(rest);
    if (!match) continue;
    days = rhythm.days(match);
    take(match);
    break;
  }
  const bareHour = hourly ? HOURLY.exec(rest) : null;
  if (bareHour) take(bareHour);
  const clock = CLOCK.exec(rest);
  const { time, unsure } = clock ? timeOf(clock, evening) : { time: null, unsure: false };
  if (clock) take(clock);
  const timezone =
    zoneIn(rest) ??
    ZONE.exec(rest)?.[0]
      ?.replace(/\s+time$/i, '')
      .replace(/^in\s+/i, '') ??
    null;
  const zone = timezone === null ? null : ZONE.exec(rest);
  if (zone) take(zone);
  const dayless = days === null ? (DAYLESS.exec(rest)?.[0] ?? null) : null;
  return {
    days,
    time: time ?? (hourly ? 'hourly' : null),
    unsure,
    timezone: days === null && time === null ? null : timezone,
    impossible,
    dayless,
    said: (impossible ?? [dayless, ...said].filter((part) => part !== null).join(' ')).slice(0, 120),
    rest: rest.replace(/\s+/g, ' ').trim(),
  };
}

/** The schedule of five fields for days and a time as `whenIn` has them. */
export function cronOf(days: string, time: string): string {
  if (time === 'hourly') return `0 * ${days}`;
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return `${minute} ${hour} ${days}`;
}

/** The other way round, for moving only one of the two. */
export function partsOfCron(cron: string): { days: string; time: string } {
  const [minute = '0', hour = '0', ...days] = cron.split(' ');
  const time = hour === '*' ? 'hourly' : `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return { days: days.join(' '), time };
}

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

/** An hour up to five without a word about the half of the day could be either. */
function timeOf(match: RegExpExecArray, evening: boolean): { time: string | null; unsure: boolean } {
  const [, hour, minute, half, onlyHour, ofHalf, bare, part, name] = match;
  if (name !== undefined) return { time: /midnight/i.test(name) ? '00:00' : '12:00', unsure: false };
  const said = Number(hour ?? onlyHour ?? bare);
  const minutes = Number(minute ?? 0);
  const marker = (half ?? ofHalf)?.toLowerCase();
  const late = marker?.startsWith('p') || /afternoon|evening|night/i.test(part ?? '') || (!marker && evening);
  if (said > 23 || minutes > 59 || (marker !== undefined && (said < 1 || said > 12)))
    return { time: null, unsure: false };
  const hours = marker === undefined && !late ? said : (said % 12) + (late ? 12 : 0);
  const unsure =
    marker === undefined && part === undefined && !evening && said >= 1 && said <= 5 && hour?.length !== 2;
  return { time: `${two(hours)}:${two(minutes)}`, unsure };
}

const two = (value: number): string => String(value).padStart(2, '0');
