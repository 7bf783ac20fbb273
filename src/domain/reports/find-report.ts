import { UserError } from '../../lib/errors.ts';
import { type Report, targetWords, timesOf } from './report.ts';
import { partsOfCron, whenIn } from './when-words.ts';

const ID = /\brep_\w+/i;
/** Words that name no report in particular. */
const EMPTY = new Set(
  'it that this the a an my our one ones report reports schedule scheduled post posting posts sending send message me of at in on for to every each about with here please daily'.split(
    ' ',
  ),
);

/**
 * The report that words name: by its id, the day it comes, its channel, or what it shows.
 * @param say what to say for one of them by its id, for the buttons
 * @throws UserError `not_found` or `ambiguous`, with what there is
 */
export function findReport(
  reports: readonly Report[],
  reference: string | undefined,
  say: (id: string) => string,
): Report {
  const text = reference ?? '';
  const id = ID.exec(text)?.[0];
  const named = id === undefined ? matching(reports, text) : reports.filter((report) => report.id === id);
  const [only, another] = named;
  if (only && !another) return only;
  if (reports.length === 0)
    throw new UserError(
      'not_found',
      'You have no scheduled reports.',
      'Say for example "post mrr here every monday at 9".',
    );
  const shown = (named.length > 0 ? named : reports).slice(0, 5);
  const choices = shown.map((report) => ({
    label: `${report.words}, ${timesOf(report)}`.slice(0, 75),
    say: say(report.id),
  }));
  throw named.length > 0
    ? new UserError('ambiguous', 'Which report do you mean?', undefined, choices)
    : new UserError(
        'not_found',
        `None of your reports is "${text.slice(0, 60)}".`,
        'These are there:',
        choices,
      );
}

function matching(reports: readonly Report[], text: string): Report[] {
  const when = whenIn(
    /\bdaily\b/i.test(text) ? text : text.replace(DAY_NAME, (day) => `${day.replace(/s$/i, '')}s`),
  );
  const rhythm = when.days;
  const words = text
    .toLowerCase()
    .replace(DAY_NAME, ' ')
    .split(/[^\p{L}\p{N}_-]+/u)
    .filter(
      (word) =>
        word !== '' &&
        !EMPTY.has(word) &&
        !/^(?:week(?:day|ly|end)s?|month(?:ly)?|hourly|morning)$/.test(word),
    );
  return reports.filter((report) => {
    if (rhythm !== null && !sameDays(rhythm, partsOfCron(report.cron).days)) return false;
    const said = `${report.words} ${targetWords(report.target)} ${timesOf(report)}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

const DAY_NAME = /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/gi;

/** "The Monday one" may come on other days too. */
function sameDays(asked: string, has: string): boolean {
  if (asked === has) return true;
  const [askedWeek, hasWeek] = [asked, has].map((days) => days.split(' ')[2] ?? '*');
  if (askedWeek === undefined || hasWeek === undefined || askedWeek === '*' || hasWeek === '*') return false;
  if (askedWeek.includes('-') || hasWeek.includes('-')) return false;
  return askedWeek.split(',').every((day) => hasWeek.split(',').includes(day));
}
