import { compareValues } from '../metrics/compare.ts';
import { formatDifference } from '../metrics/format-value.ts';
import { exponentOf } from '../money/exponents.ts';
import type { BriefingLine } from './briefing.ts';
import type { FigureBook } from './figures.ts';
import type { Gathered, Names } from './gathered.ts';

const MOST_NAMES = 3;

/** What is different since this reader's last briefing: standing numbers, customers come and gone, alerts. */
export function changesOf(gathered: Gathered, book: FigureBook): BriefingLine[] {
  return [
    ...standingNumbers(gathered, book),
    ...people(gathered.newcomers, ['New customer', 'New customers'], book),
    ...people(gathered.leavers, ['Lost customer', 'Lost customers'], book),
    ...alerts(gathered, book),
  ];
}

/** Numbers of an instant, then and now; a number that has not moved is left out. */
function standingNumbers({ numbers, previous, company }: Gathered, book: FigureBook): BriefingLine[] {
  if (!previous) return [];
  return numbers.flatMap((number) => {
    const before = previous.amounts.get(number.metric);
    if (number.kind !== 'instant' || before === undefined) return [];
    const { difference, percent } = compareValues(
      number,
      number.amount,
      before,
      exponentOf(company.currency),
    );
    if (difference === null || difference === 0) return [];
    const measure = { name: number.metric, unit: number.unit };
    const by = book.say(formatDifference(measure, difference, company.currency), number.queryId);
    const points = percent === null ? '0.0' : Math.abs(percent).toFixed(1);
    const share = points === '0.0' ? '' : ` (${book.say(`${points}%`, number.queryId)})`;
    const text = `${number.label}: ${number.text}, ${difference > 0 ? 'up' : 'down'} ${by}${share}.`;
    return [{ text, queryId: number.queryId }];
  });
}

function people(found: Names | null, nouns: readonly [string, string], book: FigureBook): BriefingLine[] {
  if (!found || found.total === 0) return [];
  const { names, total, queryId } = found;
  const shown = names.slice(0, MOST_NAMES).map((name) => book.say(name, queryId));
  const more = total - shown.length;
  const rest =
    more > 0 ? `${shown.join(', ')} and ${book.say(String(more), queryId)} more` : sentenceList(shown);
  const noun = total === 1 ? nouns[0] : `${book.say(String(total), queryId)} ${nouns[1].toLowerCase()}`;
  return [{ text: `${noun}: ${rest}.`, queryId }];
}

/** "A, B and C". */
export function sentenceList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}

function alerts({ alerts: open, previous }: Gathered, book: FigureBook): BriefingLine[] {
  const sinceAt = previous?.asOfAt ?? null;
  if (sinceAt === null) return [];
  const fresh = open.rows.filter((alert) => alert.openedAt > sinceAt).length;
  if (fresh === 0) return [];
  const noun = fresh === 1 ? 'alert has' : 'alerts have';
  return [
    {
      text: `${book.say(String(fresh), null)} ${noun} come up and ${fresh === 1 ? 'is' : 'are'} still open.`,
      queryId: null,
    },
  ];
}

/** What was carried out since: approved actions that were applied, and playbooks that ran. */
export function automatedOf({ decided, runs }: Gathered, book: FigureBook): BriefingLine[] {
  const queryId = decided?.queryId ?? null;
  const done = (decided?.rows ?? []).flatMap(({ title, state }) => {
    const words = OUTCOMES[state];
    return words ? [{ text: `${book.say(title, queryId)}: ${words}.`, queryId }] : [];
  });
  const ran = runs.map(({ summary }) => ({ text: book.say(summary, null), queryId: null }));
  const lines = [...done, ...ran];
  if (lines.length <= MOST_LINES) return lines;
  const more = book.say(String(lines.length - MOST_LINES), queryId);
  return [
    ...lines.slice(0, MOST_LINES),
    { text: `${more} more; ask for the audit log to see them all.`, queryId },
  ];
}

const MOST_LINES = 5;
const OUTCOMES: Readonly<Record<string, string>> = {
  applied: 'approved and done',
  undone: 'done and taken back',
  failed: 'approved, but it did not go through',
  unknown: 'approved; nobody can tell yet whether it went out',
  rejected: 'rejected',
  expired: 'expired, nobody decided in time',
};
