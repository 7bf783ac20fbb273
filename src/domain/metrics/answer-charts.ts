import { exponentOf } from '../money/exponents.ts';
import type { Exhibit } from '../types.ts';
import type { MetricAnswer, MetricBreakdown } from './answer.ts';
import { findMetric } from './index.ts';

type Chart = Extract<Exhibit, { kind: 'chart' }>;
type Rows = MetricBreakdown['rows'];

const MOST_POINTS = 120;
/** Bars a person compares at one look; what is smaller is added up as the last of them. */
const MOST_BARS = 12;
const LONGEST_TITLE = 50;
const STEPS: readonly string[] = ['day', 'week', 'month'];

/** The chart of an answer: a trend, two periods over each other, or bars; null where none was asked for or fits. `alt` says it. */
export function chartOfAnswer(answer: MetricAnswer, breakdown: MetricBreakdown, alt: string): Exhibit | null {
  const { chart } = answer;
  if ((chart !== 'line' && chart !== 'bar') || breakdown.rows.length < 2) return null;
  if (breakdown.rows.length > MOST_POINTS && STEPS.includes(breakdown.by)) return null;
  const drawn = STEPS.includes(breakdown.by) ? overTime : barsOf;
  return { ...drawn(answer, breakdown, chart), alt };
}

function overTime(
  answer: MetricAnswer,
  { by, rows, compared }: MetricBreakdown,
  type: 'line' | 'bar',
): Chart {
  const scale = chartScale(answer);
  const points = rows.map((row) => scaled(row.value, scale.divisor));
  const unfinished = isUnfinished(answer, rows);
  const chart = {
    kind: 'chart' as const,
    title: titleOf(answer, by),
    type,
    categories: rows.map(({ key, label }, at) => {
      const name = axisLabel(by, key, label);
      return unfinished && at === rows.length - 1 && name !== label ? `${name} so far` : name;
    }),
    series: [{ name: answer.title, values: points }],
    valueLabel: scale.label,
    alt: '',
    ...(unfinished ? { unfinished } : {}),
  };
  const past = answer.comparison;
  if (!compared || !past || answer.value === null || past.value === null) return chart;
  const name = periodName(past.when);
  return {
    ...chart,
    series: [
      { name: 'Now', values: points },
      { name, values: points.map((_, at) => scaled(compared[at] ?? null, scale.divisor)) },
    ],
    whole: { value: answer.value / scale.divisor, past: past.value / scale.divisor },
  };
}

/** "Oct 1 - 22, 2026" of "for Oct 1 - 22, 2026, until 14:30". */
export function periodName(when: string): string {
  return when.replace(/^(?:for|at the end of|as of) /, '').replace(/, until .*$/, '');
}

/** What is still counted into is less than it will be; a level is what it is. */
function isUnfinished(answer: MetricAnswer, rows: Rows): boolean {
  const flow = findMetric(answer.metric)?.kind === 'flow';
  return flow && rows.at(-1)?.label.endsWith('so far') === true;
}

function barsOf(answer: MetricAnswer, breakdown: MetricBreakdown, type: 'line' | 'bar'): Chart {
  const scale = chartScale(answer);
  const { by, rows, total } = breakdown;
  const adds = addsUp(answer);
  const all = rows.length === total;
  const bars = all
    ? withOthers(rows, adds)
    : rows.slice(0, MOST_BARS).map(({ label, value }) => ({ label, value }));
  const title =
    bars.length < total && !adds ? `${titleOf(answer, by)}, ${bars.length} of ${total}` : titleOf(answer, by);
  const whole = adds && answer.value !== null ? { whole: { value: answer.value / scale.divisor } } : {};
  return {
    kind: 'chart',
    title: title.slice(0, LONGEST_TITLE),
    // Categories have no order that a line could follow.
    type: type === 'line' ? 'bar' : type,
    categories: bars.map((bar) => bar.label),
    series: [{ name: answer.title, values: bars.map((bar) => scaled(bar.value, scale.divisor)) }],
    valueLabel: scale.label,
    alt: '',
    ...whole,
  };
}

/** Whether groups of it may be added up. */
function addsUp(answer: MetricAnswer): boolean {
  const additivity = findMetric(answer.metric)?.additivity;
  return additivity === 'sum' || additivity === 'snapshot';
}

/** All rows where they are few; else the first eleven and "12 others"; of what does not add up the first twelve. */
function withOthers(rows: Rows, adds: boolean): { label: string; value: number | null }[] {
  if (rows.length <= MOST_BARS || !adds) return rows.slice(0, MOST_BARS);
  const shown = rows.slice(0, MOST_BARS - 1);
  const rest = rows.slice(MOST_BARS - 1);
  const value = rest.reduce((sum, row) => sum + (row.value ?? 0), 0);
  return [...shown, { label: `${rest.length} others`, value }];
}

function titleOf(answer: MetricAnswer, by: string): string {
  const narrowed = answer.narrowedTo === '' ? '' : ` ${answer.narrowedTo}`;
  return `${answer.title}${narrowed} by ${by}`.slice(0, LONGEST_TITLE);
}

/** "Nov 16" of a day or a week, "Oct 2026" of a month, by the day it begins on; the label itself otherwise. */
function axisLabel(by: string, key: string | null, label: string): string {
  if (key === null || !/^\d{4}-\d\d-\d\d$/.test(key)) return label;
  const at = Date.parse(`${key}T00:00:00Z`);
  const second = by === 'month' ? ({ year: 'numeric' } as const) : ({ day: 'numeric' } as const);
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', ...second }).format(at);
}

function scaled(value: number | null, divisor: number): number | null {
  return value === null ? null : value / divisor;
}

/** Charts are drawn in major units and percent. */
export function chartScale(answer: Pick<MetricAnswer, 'unit' | 'money' | 'breakdown' | 'title'>): {
  divisor: number;
  label: string;
} {
  if (answer.unit === 'money') {
    const currency = answer.money?.currency ?? answer.breakdown?.rows[0]?.money?.currency ?? 'USD';
    return { divisor: 10 ** exponentOf(currency), label: currency };
  }
  if (answer.unit === 'ratio') return { divisor: 0.01, label: '%' };
  return { divisor: 1, label: answer.unit === 'ms' ? 'ms' : answer.title };
}
