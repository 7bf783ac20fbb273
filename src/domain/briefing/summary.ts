import { waitingLine } from './as-text.ts';
import type { BriefingLine, BriefingMetric } from './briefing.ts';
import { BASELINE_WEEKS, monthDay, weekdayOf } from './days.ts';
import type { FigureBook } from './figures.ts';
import type { Gathered, GatheredNumber } from './gathered.ts';
import { judgeNotable } from './notable.ts';
import { comparisonOf, valueWords } from './number-words.ts';
import { leaningOf } from './readers.ts';

/** What leads for whom: the number, and how it is said. */
const LEADS: Readonly<Record<ReturnType<typeof leaningOf>, readonly [string, string]>> = {
  founder: ['revenue_gross', 'Payments came to'],
  finance: ['revenue_gross', 'Payments came to'],
  success: ['active_customers', 'Active customers now number'],
  analyst: ['api_calls', 'API calls came to'],
};

/** Two to four sentences: the number that matters most, what stands out, what has moved, what waits. */
export function summaryOf(
  gathered: Gathered,
  told: { metrics: readonly BriefingMetric[]; waiting: number },
  book: FigureBook,
): BriefingLine[] {
  const lines = [leadOf(gathered, book), ...notableLines(gathered, book), movementOf(gathered, told.metrics)];
  const waits = waitingLine(told.waiting, told.waiting === 0 ? '' : book.say(String(told.waiting), null));
  return [
    ...lines.filter((line) => line !== null).slice(0, 3),
    ...(gathered.bygone ? [] : [{ text: waits, queryId: null }]),
  ];
}

function leadOf(gathered: Gathered, book: FigureBook): BriefingLine | null {
  const [metric, words] = LEADS[leaningOf(gathered.reader.roles)];
  const number = gathered.numbers.find((one) => one.metric === metric) ?? gathered.numbers[0];
  if (!number) return null;
  const { day } = gathered.days;
  const date = () => book.say(monthDay(day.startAt, day.tz), number.queryId);
  const when = number.kind === 'instant' ? '' : ` on ${weekdayOf(day.startAt, day.tz)}, ${date()}`;
  const said = number.metric === metric ? words : `${number.label}:`;
  const past = number.against[1] ?? { words: '', amount: null };
  const { words: compared, direction } = comparisonOf(
    number,
    past.amount,
    past.words,
    gathered.company.currency,
    book,
  );
  const tail = direction === 'none' ? '' : `, ${compared}`;
  return { text: `${said} ${number.text}${when}${tail}.`, queryId: number.queryId };
}

/** The two that stand out most; that nothing does is worth a sentence too. */
function notableLines(gathered: Gathered, book: FigureBook): BriefingLine[] {
  const { day } = gathered.days;
  const weekday = weekdayOf(day.startAt, day.tz);
  const watched = gathered.numbers.filter((number) => number.weekdays.length > 0);
  const found = watched
    .flatMap((number) => {
      const notable = judgeNotable(number.unit, number.amount, number.weekdays);
      return notable ? [{ number, notable }] : [];
    })
    .sort((a, b) => b.notable.distance - a.notable.distance);
  if (found.length === 0) {
    if (watched.length === 0) return [];
    const weeks = book.say(String(BASELINE_WEEKS), watched[0]?.queryId ?? null);
    return [{ text: `Nothing stands out against the last ${weeks} ${weekday}s.`, queryId: null }];
  }
  return found.slice(0, 2).map(({ number, notable }) => {
    const usual = book.say(valueWords(number, notable.usual, gathered.company.currency), number.queryId);
    const verb = notable.kind === 'spike' ? 'is far above' : 'is far below';
    return {
      text: `${singular(number)} ${verb} the usual ${weekday}: ${number.text} against ${usual}.`,
      queryId: number.queryId,
    };
  });
}

/** "The number of API calls" takes the verb that "Error rate" takes. */
function singular({ label, unit, metric }: Pick<GatheredNumber, 'label' | 'unit' | 'metric'>): string {
  if (unit !== 'count') return metric === 'revenue_gross' ? 'Gross revenue' : label;
  return `The number of ${label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())}`;
}

/** MRR against the day before, for those who lead with something else. */
function movementOf(gathered: Gathered, metrics: readonly BriefingMetric[]): BriefingLine | null {
  const mrr = metrics.find((metric) => metric.metric === 'mrr');
  const change = mrr?.comparisons[0];
  if (!mrr || !change || change.direction === 'none' || leaningOf(gathered.reader.roles) === 'analyst')
    return null;
  return { text: `MRR stands at ${mrr.value}, ${change.words}.`, queryId: mrr.queryId };
}
