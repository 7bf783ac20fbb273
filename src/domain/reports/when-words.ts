import { zoneIn } from '../people/zones.ts';
import { DAYLESS, IMPOSSIBLE, RHYTHMS } from './rhythms.ts';

/** When something is to come again and again, as a sentence says it. */
export interface WhenWords {
  /**
   * Fields 3 to 5 of a cron; null where no days are named. "* * 1~?" is every second Monday, which of the two not yet
   * told.
   */
  days: string | null;
  /** HH:MM; `hourly` for each hour of those days; null where no time is named. */
  time: string | null;
  /** The hour could be morning or evening: "at 4". */
  unsure: boolean;
  /** As named; null for the asker's own. */
  timezone: string | null;
  /** Words that name a rhythm no schedule here can keep: "every 15 minutes", "every third week". */
  impossible: string | null;
  /** A rhythm without its day: "weekly". */
  dayless: string | null;
  /** All that was understood of it, in words that are understood again. */
  said: string;
  /** The sentence without all that. */
  rest: string;
}

const HOURLY = /\b(?:hourly|(?:every|each)\s+hour)\b/i;
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
