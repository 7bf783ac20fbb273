import type { Briefing, BriefingChart } from '../../domain/briefing/briefing.ts';
import {
  againstWords,
  type BriefingDays,
  type BriefingInstants,
  briefingInstants,
  INSTANT_WORDS,
} from '../../domain/briefing/days.ts';
import type { GatheredNumber } from '../../domain/briefing/gathered.ts';
import { sameWeekdays } from '../../domain/briefing/notable.ts';
import { type BriefingNumber, chartFor, type Leaning, numbersFor } from '../../domain/briefing/readers.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { Period } from '../../domain/types.ts';
import queryMetric from '../../tools/metrics/query-metric.ts';
import type { Asker } from './ask.ts';

const DAY_MS = 86_400_000;

/** The key numbers of a closed company day, with what each is compared with. */
export async function gatherNumbers(
  asker: Asker,
  leaning: Leaning,
  days: BriefingDays,
  at: number,
): Promise<{ found: GatheredNumber[]; calls: Briefing['calls'] }> {
  const found: GatheredNumber[] = [];
  const calls: Briefing['calls'] = [];
  for (const number of numbersFor(leaning)) {
    const gathered = await gatherNumber(asker, number, days, at);
    if (!gathered) continue;
    found.push(gathered.number);
    if (calls.length < 3) calls.push(gathered.call);
  }
  return { found, calls };
}

async function gatherNumber(asker: Asker, number: BriefingNumber, days: BriefingDays, at: number) {
  const { metric, label } = number;
  const spans = number.kind === 'instant' ? instantSpans(briefingInstants(at, days.day.tz)) : days;
  const words = number.kind === 'instant' ? INSTANT_WORDS : againstWords(days);
  const ask = (compare: Span) =>
    asker.ask(
      queryMetric,
      { metric, period: periodArgument(spans.day), compare: periodArgument(compare) },
      label,
    );
  const present = await ask(spans.dayBefore);
  if (!present) return null;
  const { value, text, unit, comparison } = present.output;
  const history = number.watched ? await seriesOf(asker, number, days) : null;
  const pastOf = async (span: Span) => (await ask(span))?.output.comparison?.value ?? null;
  const monthDays = Math.round((days.day.startAt - days.monthBefore.startAt) / DAY_MS);
  const weekBefore = history ? (history.at(-7) ?? null) : await pastOf(spans.weekBefore);
  const monthBefore = history ? (history.at(-monthDays) ?? null) : await pastOf(spans.monthBefore);
  return {
    number: {
      ...number,
      unit,
      amount: value,
      text,
      queryId: present.queryId,
      against: [
        { words: words.dayBefore, amount: comparison?.value ?? null },
        { words: words.weekBefore, amount: weekBefore },
        { words: words.monthBefore, amount: monthBefore },
      ],
      weekdays: history ? sameWeekdays(history) : [],
      freshness: present.done.receipt.freshness,
    },
    call: { tool: present.done.tool, input: present.done.input, listed: [] },
  };
}

type Span = Pick<Period, 'startAt' | 'endAt'>;

/** A standing number is taken at the end of its period: one second that ends at the instant. */
function instantSpans(
  instants: BriefingInstants,
): Record<'day' | 'dayBefore' | 'weekBefore' | 'monthBefore', Span> {
  const upTo = (endAt: number) => ({ startAt: endAt - 1_000, endAt });
  return {
    day: upTo(instants.nowAt),
    dayBefore: upTo(instants.dayBeforeAt),
    weekBefore: upTo(instants.weekBeforeAt),
    monthBefore: upTo(instants.monthBeforeAt),
  };
}

/** The eight weeks of days before, oldest first; null when they could not be read. */
async function seriesOf(
  asker: Asker,
  { metric, label }: BriefingNumber,
  days: BriefingDays,
): Promise<(number | null)[] | null> {
  const values: (number | null)[] = [];
  for (const half of days.history) {
    const found = await asker.ask(queryMetric, { metric, period: periodArgument(half), by: 'day' }, label);
    if (!found?.output.breakdown) return null;
    values.push(...found.output.breakdown.rows.map((row) => row.value));
  }
  return values;
}

/** The last fortnight of the number worth looking at. */
export async function gatherChart(
  asker: Asker,
  leaning: Leaning,
  days: BriefingDays,
): Promise<BriefingChart | null> {
  const input = {
    metric: chartFor(leaning),
    period: periodArgument(days.fortnight),
    by: 'day',
    chart: 'line',
  };
  const found = await asker.ask(queryMetric, input, 'The chart');
  const chart = found?.done.exhibits.find((exhibit) => exhibit.kind === 'chart');
  return chart?.kind === 'chart' ? chart : null;
}
