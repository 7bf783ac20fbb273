import { describeInstant } from '../periods/describe-period.ts';
import type { SourceName } from '../types.ts';
import { attentionOf, opportunitiesOf } from './attention.ts';
import type { Briefing } from './briefing.ts';
import { automatedOf, changesOf } from './changes.ts';
import { type FigureBook, openFigureBook } from './figures.ts';
import type { Gathered } from './gathered.ts';
import { metricOf } from './number-words.ts';
import { summaryOf } from './summary.ts';

/** What each source is called where its data is spoken of. */
const DATA_OF: Readonly<Record<SourceName, string>> = {
  stripe: 'Payment data',
  supabase: 'Subscription and ticket data',
  psizero: 'Usage data',
};

/** The whole briefing from what was gathered: pure, so that the same facts give the same words. */
export function composeBriefing(gathered: Gathered): Briefing {
  const book = openFigureBook();
  const metrics = gathered.numbers.map((number) => metricOf(number, gathered, book));
  const cautions = cautionsOf(gathered, book);
  const changes = changesOf(gathered, book);
  const automated = automatedOf(gathered, book);
  const attention = attentionOf(gathered, book);
  const opportunities = opportunitiesOf(gathered, book);
  const summary = summaryOf(gathered, { metrics, waiting: gathered.waiting.length }, book);
  const { slot, days } = gathered;
  return {
    reader: gathered.reader,
    day: slot.day,
    tz: slot.tz,
    dueAt: slot.dueAt,
    late: slot.late,
    asOfAt: gathered.asOfAt,
    period: days.day,
    previousAt: gathered.previous?.asOfAt ?? null,
    summary,
    metrics,
    changes,
    automated,
    attention,
    opportunities,
    chart: gathered.chart,
    cautions,
    freshness: gathered.freshness,
    figures: book.all(),
    receipts: gathered.receipts,
    calls: gathered.calls,
  };
}

/** What is late, failed or incomplete; a reader must not take half a day for a bad one. */
function cautionsOf(gathered: Gathered, book: FigureBook): string[] {
  const { freshness, days, slot, quality, failures } = gathered;
  const late = freshness.flatMap(({ source, throughAt, stale }) => {
    if (!stale && throughAt !== null && throughAt >= days.day.endAt) return [];
    if (throughAt === null) return [`${DATA_OF[source]} has not been read yet.`];
    return [`${DATA_OF[source]} ends ${book.say(describeInstant(throughAt, slot.tz), null)}.`];
  });
  const failed = quality
    // How fresh the data is was asked just now; a check of it may be hours old.
    .filter(({ state, check }) => state === 'fail' && check !== 'freshness')
    .map(({ source, words }) =>
      `Data incomplete: ${DATA_OF[source]}: ${book.say(words, null)}.`.replace(/\.\.$/, '.'),
    );
  return [...late, ...failed, ...failures];
}
