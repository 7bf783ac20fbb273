import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import { exponentOf } from '../money/exponents.ts';
import { formatMoney } from '../money/format.ts';
import { addUnits, dateAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Exhibit, Period } from '../types.ts';
import { calculateMetric, type MetricRequest } from './calculate.ts';
import { type CohortRow, measureCohorts } from './cohorts.ts';
import type { MetricFacts } from './facts.ts';
import type { Metric } from './metric.ts';
import type { MetricQuestion } from './question.ts';

/** What only a picture of its own kind shows well; beside the number it belongs to. */
export const PictureSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('waterfall'),
    title: z.string(),
    sentence: z.string(),
    currency: z.string(),
    steps: z.array(
      z.strictObject({ label: z.string(), minor: z.int(), text: z.string(), total: z.boolean() }),
    ),
  }),
  z.strictObject({
    kind: z.literal('heatmap'),
    title: z.string(),
    sentence: z.string(),
    columns: z.array(z.string()),
    /** Shares of 1. */
    rows: z.array(z.strictObject({ label: z.string(), cells: z.array(z.number().nullable()) })),
  }),
]);
export type Picture = z.infer<typeof PictureSchema>;

const MOVED = [
  'mrr',
  'net_new_mrr',
  'new_mrr',
  'expansion_mrr',
  'contraction_mrr',
  'churned_mrr',
  'reactivation_mrr',
  'fx_mrr',
];
const COHORTS = 'cohort_retention';
const COHORT_MONTHS = 12;

/**
 * The picture that was asked for by its kind, null where another was. Throws `unsupported` for a number that has no
 * such picture, naming those that have.
 */
export async function pictureOf(
  kind: MetricQuestion['chart'],
  metric: Metric,
  request: MetricRequest & { period: Period },
  facts: MetricFacts,
): Promise<Picture | null> {
  if (kind === 'waterfall') {
    if (MOVED.includes(metric.name)) return movementsPicture(request, facts);
    throw new UserError(
      'unsupported',
      `A waterfall shows how MRR moved; ${metric.title} has no movements of that kind.`,
      'Ask why it changed to see what accounts for it.',
      [{ label: 'MRR movements', say: 'show me a waterfall of mrr movements' }],
    );
  }
  if (kind !== 'heatmap') return null;
  if (metric.name === COHORTS) return cohortsPicture(request, facts);
  throw new UserError(
    'unsupported',
    `A heat map shows cohorts; ${metric.title} has none.`,
    'Ask for cohort retention, or for this number as a chart.',
    [{ label: 'Cohort retention', say: 'cohort retention heat map' }],
  );
}

/** The months a heat map shows when none were named: the last twelve, with the one that runs. */
export function cohortMonths(nowAt: number, tz: string): Period {
  const month = startOfUnit(dateAt(nowAt, tz), 'month');
  const first = startOfDayAt(addUnits(month, 'month', 1 - COHORT_MONTHS), tz);
  return makePeriod(first, startOfDayAt(addUnits(month, 'month', 1), tz), tz);
}

const MOVEMENTS: readonly { label: string; metric: string; sign: 1 | -1 }[] = [
  { label: 'New', metric: 'new_mrr', sign: 1 },
  { label: 'Expansion', metric: 'expansion_mrr', sign: 1 },
  { label: 'Reactivation', metric: 'reactivation_mrr', sign: 1 },
  { label: 'Contraction', metric: 'contraction_mrr', sign: -1 },
  { label: 'Churn', metric: 'churned_mrr', sign: -1 },
  { label: 'Exchange rates', metric: 'fx_mrr', sign: 1 },
];

/** MRR before the period, everything that moved it, MRR at its end (or now): to the cent, since rates take the rest. */
async function movementsPicture(
  request: MetricRequest & { period: Period },
  facts: MetricFacts,
): Promise<Picture> {
  const { period, nowAt, company } = request;
  const measure = async (metric: string, of: Period) =>
    (await calculateMetric(metric, { ...request, period: of, by: null }, facts)).value ?? 0;
  const opening = await measure('mrr', { ...period, startAt: period.startAt - 1, endAt: period.startAt });
  const moved: Step[] = [];
  for (const { label, metric, sign } of MOVEMENTS) {
    const minor = sign * (await measure(metric, period));
    if (minor !== 0) moved.push(stepOf(label, minor, company, false));
  }
  const closing = await measure('mrr', period);
  const day = new Intl.DateTimeFormat('en-US', { timeZone: period.tz, month: 'short', day: 'numeric' });
  const end = period.endAt > nowAt ? 'Now' : day.format(period.endAt - 1);
  const steps = [
    stepOf(day.format(period.startAt - 1), opening, company, true),
    ...moved,
    stepOf(end, closing, company, true),
  ];
  const words = moved.map(({ label, text }) => `${label.toLowerCase()} ${text}`).join(', ');
  const between = words === '' ? 'nothing moved' : words;
  const sentence = `MRR went from ${steps[0]?.text ?? ''} to ${steps.at(-1)?.text ?? ''}: ${between}.`;
  return {
    kind: 'waterfall',
    title: `MRR movements, ${period.label}`,
    sentence,
    currency: company.currency,
    steps,
  };
}

type Step = Extract<Picture, { kind: 'waterfall' }>['steps'][number];

function stepOf(label: string, minor: number, { currency }: Company, total: boolean): Step {
  const text = formatMoney({ minor: Math.abs(minor), currency });
  return { label, minor, text: `${minor < 0 ? '-' : total ? '' : '+'}${text}`, total };
}

/** Months of signing up by months since, each cell the share of those who ever paid who paid at that month's end. */
async function cohortsPicture(
  request: MetricRequest & { period: Period },
  facts: MetricFacts,
): Promise<Picture> {
  const { nowAt } = request;
  const rows = (await measureCohorts(facts, request)).filter(({ paid, ages }) => paid > 0 && ages.length > 1);
  if (rows.length === 0) {
    throw new UserError(
      'not_found',
      `Nobody who signed up in ${request.period.label} has paid yet.`,
      'Name earlier months.',
    );
  }
  // The month of signing up is left out: many are on trial in it. The month that runs is shown as it stands.
  const longest = Math.max(...rows.map(({ ages }) => ages.length));
  const columns = Array.from({ length: longest - 1 }, (_, at) => `month ${at + 1}`);
  const words = oldestSentence(rows[0], nowAt);
  return {
    kind: 'heatmap',
    title: 'Customers kept, by month of signing up',
    sentence: words,
    columns,
    rows: rows.map((row) => ({
      label: `${monthName(row.cohort)} (${row.paid})`,
      cells: columns.map((_, at) => row.ages[at + 1]?.keptCustomers ?? null),
    })),
  };

  function oldestSentence(row: CohortRow | undefined, at: number): string {
    const last = row?.ages.filter((age) => age.at <= at).at(-1);
    if (!row || !last || last.keptCustomers === null) return '';
    const share = `${(last.keptCustomers * 100).toFixed(2)}%`;
    return `Of the ${row.paid} who signed up in ${monthName(row.cohort)} and ever paid, ${share} pay now, ${last.age} months later.`;
  }
}

/** "Mar 2026" of "2026-03". */
function monthName(month: string): string {
  const at = Date.parse(`${month}-15T00:00:00Z`);
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(at);
}

/** The picture with its figures as a table beside it. */
export function pictureExhibits(picture: Picture): Exhibit[] {
  const { title, sentence: alt } = picture;
  if (picture.kind === 'waterfall') {
    const major = 10 ** exponentOf(picture.currency);
    const steps = picture.steps.map(({ label, minor, total }) => ({ label, value: minor / major, total }));
    const rows = picture.steps.map(({ label, text }) => [label, text]);
    return [
      { kind: 'waterfall', title, steps, valueLabel: picture.currency, alt },
      {
        kind: 'table',
        title,
        columns: [
          { header: 'Step', align: 'left' },
          { header: 'MRR', align: 'right' },
        ],
        rows,
      },
    ];
  }
  const percent = (share: number | null) => (share === null ? null : share * 100);
  const rows = picture.rows.map(({ label, cells }) => ({ label, cells: cells.map(percent) }));
  return [{ kind: 'heatmap', title, columns: picture.columns, rows, unit: '%', alt }];
}
