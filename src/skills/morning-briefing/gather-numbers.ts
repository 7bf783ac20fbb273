import type { Briefing, BriefingChart } from '../../domain/briefing/briefing.ts';
import { againstWords, type BriefingDays } from '../../domain/briefing/days.ts';
import type { GatheredNumber } from '../../domain/briefing/gathered.ts';
import { sameWeekdays } from '../../domain/briefing/notable.ts';
import { type BriefingNumber, chartFor, type Leaning, numbersFor } from '../../domain/briefing/readers.ts';
import type { Period } from '../../domain/types.ts';
import { periodArgument } from '../../tools/inputs.ts';
import queryMetric from '../../tools/metrics/query-metric.ts';
import type { Asker } from './ask.ts';

/** The key numbers of a closed company day, with what each is compared with. */
export async function gatherNumbers(
  asker: Asker,
  leaning: Leaning,
  days: BriefingDays,
): Promise<{ found: GatheredNumber[]; calls: Briefing['calls'] }> {
  const found: GatheredNumber[] = [];
  const calls: Briefing['calls'] = [];
  for (const number of numbersFor(leaning)) {
    const gathered = await gatherNumber(asker, number, days);
    if (!gathered) continue;
    found.push(gathered.number);
    if (calls.length < 3) calls.push(gathered.call);
  }
  return { found, calls };
}

async function gatherNumber(asker: Asker, number: BriefingNumber, days: BriefingDays) {
  const { metric, label } = number;
  const words = againstWords(days);
  const ask = (compare: Period) =>
    asker.ask(
      queryMetric,
      { metric, period: periodArgument(days.day), compare: periodArgument(compare) },
      label,
    );
  const present = await ask(days.dayBefore);
  if (!present) return null;
  const { value, text, unit, comparison } = present.output;
  const history = number.watched ? await seriesOf(asker, number, days) : null;
  const pastOf = async (period: Period) => (await ask(period))?.output.comparison?.value ?? null;
  const weekBefore = history ? (history.at(-7) ?? null) : await pastOf(days.weekBefore);
  const monthsDays = Math.round((days.day.startAt - days.monthBefore.startAt) / 86_400_000);
  const monthBefore = history ? (history.at(-monthsDays) ?? null) : await pastOf(days.monthBefore);
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
