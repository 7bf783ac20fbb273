import { UserError } from '../../lib/errors.ts';
import { zoneOf } from '../people/zones.ts';
import { dayNameAt } from '../periods/calendar.ts';
import { describeCron } from '../schedule/describe-cron.ts';
import { nextDueAfter } from '../schedule/due.ts';
import { weekParityOf } from '../schedule/readings.ts';
import { cronOf, partsOfCron, type WhenWords } from './when-words.ts';

const USUAL_TIME = '09:00';

export interface SettledWhen {
  cron: string;
  timezone: string;
  /** What was assumed, to be said. */
  notes: string[];
}

/**
 * The schedule that words name. What they leave open is taken from `before` (a report that is moved) or is nine in
 * the morning, and that is noted; what could mean two things is asked.
 * @param say the whole wish with other words for its time, for the buttons
 * @throws UserError with choices, or where no schedule here can keep that rhythm
 */
export function settleWhen(
  words: WhenWords,
  given: { timezone: string; nowAt: number; before?: { cron: string; timezone: string } },
  say: (when: string) => string,
): SettledWhen {
  if (words.impossible !== null)
    throw new UserError(
      'unsupported',
      `I cannot keep "${words.impossible}": a report comes at most once an hour, on days of the week, of every second week, of the month or of the quarter.`,
      'Say for example "every other Monday at 9" or "on the first working day of each quarter at 8".',
    );
  const before = given.before ? partsOfCron(given.before.cron) : null;
  const days = words.days ?? before?.days ?? null;
  if (words.dayless !== null && words.days === null) throw whichDay(words, say);
  if (days === null) throw whenAtAll(say);
  if (words.unsure && words.time !== null) throw whichHalf(words, days, say);
  const time = words.time ?? before?.time ?? USUAL_TIME;
  const notes = words.time === null && before === null ? [`You named no time, so I took ${USUAL_TIME}.`] : [];
  const day = Number(/^(\d+) \* \*$/.exec(days)?.[1]);
  if (day > 28) notes.push(`A month without a ${day}${day === 31 ? 'st' : 'th'} is left out.`);
  const timezone =
    words.timezone === null ? (given.before?.timezone ?? given.timezone) : zoneNamed(words.timezone);
  if (/W/.test(days)) notes.push('Working days are Monday to Friday; holidays are not left out.');
  return { cron: fortnightFrom(cronOf(days, time), timezone, given.nowAt), timezone, notes };
}

/** Every second week begins with the next one that has such a day. */
function fortnightFrom(cron: string, timezone: string, nowAt: number): string {
  if (!cron.endsWith('~?')) return cron;
  const weekly = cron.slice(0, -2);
  const nextAt = nextDueAfter(weekly, timezone, nowAt) ?? nowAt;
  const day = Date.parse(`${dayNameAt(nextAt, timezone)}T00:00:00Z`) / 86_400_000;
  return `${weekly}~${weekParityOf(day)}`;
}

function zoneNamed(text: string): string {
  const zone = zoneOf(text);
  if (zone) return zone;
  throw new UserError(
    'invalid_input',
    `I do not know a time zone called "${text.slice(0, 40)}".`,
    'Say a city, or a zone such as Europe/Berlin.',
  );
}

function choices(whens: readonly string[], say: (when: string) => string) {
  return whens.map((when) => ({ label: when.charAt(0).toUpperCase() + when.slice(1), say: say(when) }));
}

function whichDay({ dayless, time }: WhenWords, say: (when: string) => string): UserError {
  const at = `at ${time ?? USUAL_TIME}`;
  const quarterly = /quarter/i.test(dayless ?? '');
  const fortnightly = /fortnight|bi-?weekly|(?:other|second|two|2)\s+weeks?/i.test(dayless ?? '');
  const monthly = /month/i.test(dayless ?? '');
  const weekly = /week/i.test(dayless ?? '');
  const whens = quarterly
    ? [`on the first working day of each quarter ${at}`, `on the last day of each quarter ${at}`]
    : fortnightly
      ? [`every other Monday ${at}`, `every other Friday ${at}`]
      : monthly
        ? [`on the 1st of each month ${at}`, `on the last day of each month ${at}`]
        : weekly
          ? [`Mondays ${at}`, `Fridays ${at}`]
          : [`every weekday ${at}`, `Mondays ${at}`, `on the 1st of each month ${at}`];
  return new UserError(
    'invalid_input',
    `On which day is "${dayless}"?`,
    'Days of the week and of the month will do.',
    choices(whens, say),
  );
}

function whenAtAll(say: (when: string) => string): UserError {
  return new UserError(
    'invalid_input',
    'When shall it come?',
    'Say for example "every weekday at 9" or "on the 1st of each month at 8".',
    choices(['every weekday at 09:00', 'Mondays at 09:00', 'on the 1st of each month at 09:00'], say),
  );
}

function whichHalf({ time }: WhenWords, days: string, say: (when: string) => string): UserError {
  const [hour = '0', minute = '00'] = (time ?? '').split(':');
  const late = `${String(Number(hour) + 12).padStart(2, '0')}:${minute}`;
  const whens = [time ?? '', late].map((one) => describeCron(cronOf(days.replace('~?', '~0'), one)));
  return new UserError(
    'invalid_input',
    `Do you mean ${time} in the morning or ${late}?`,
    undefined,
    choices(whens, say),
  );
}
