import { extractFigures } from '../language/figures.ts';
import { exponentOf } from '../money/exponents.ts';
import { dateAt } from '../periods/calendar.ts';
import { describeDays } from '../periods/describe-period.ts';
import { unitBefore } from '../periods/previous-period.ts';
import type { Company, Period } from '../types.ts';
import { calculateMetric, monthSoFar, scopeOf } from './calculate.ts';
import type { MetricFacts } from './facts.ts';
import { formatDifference, formatValue, titleInSentence } from './format-value.ts';
import { findMetric } from './index.ts';
import type { Metric } from './metric.ts';
import type { MetricQuestion } from './question.ts';
import { measureAmounts } from './revenue.ts';

/** Another reading of the same question, computed: a likely reason why somebody has another figure. */
export interface Alternative {
  /** "with tax", "Net revenue", "for Oct 1 - 31, 2026". */
  words: string;
  value: number | null;
  text: string;
  /** It gives the figure that somebody else has, to within one percent. */
  near: boolean;
}

export interface Claim {
  /** As the person wrote it. */
  text: string;
  /** In the metric's own unit; null where the words cannot be held against it. */
  value: number | null;
  /** Theirs less ours, in words: "$1,200.00 more". */
  difference: string | null;
}

const NEAR = 0.01;

/** What people mix up: shown beside each other where both exist. */
const SIBLINGS: readonly (readonly string[])[] = [
  ['revenue_gross', 'revenue_net'],
  ['mrr', 'arr'],
  ['nrr', 'grr'],
  ['receivables_open', 'receivables_overdue'],
  ['active_customers', 'signups'],
  ['signups', 'new_customers'],
  ['churned_customers', 'churned_mrr'],
  ['logo_churn_rate', 'revenue_churn_rate'],
];

/** A person's figure in the unit of the metric, and how far it is from ours. */
export function heldAgainst(claimed: string, metric: Metric, value: number | null, company: Company): Claim {
  const [figure] = extractFigures(claimed);
  const foreign = figure?.kind === 'money' && figure.currency !== '$' && figure.currency !== company.currency;
  if (!figure || foreign || value === null) return { text: claimed, value: null, difference: null };
  const theirs =
    metric.unit === 'money'
      ? Math.round(figure.value * 10 ** exponentOf(company.currency))
      : metric.unit === 'ratio'
        ? figure.value / 100
        : figure.value;
  const apart = theirs - value;
  const size = formatDifference(
    metric,
    metric.unit === 'ratio' ? apart : Math.round(apart),
    company.currency,
  );
  return {
    text: claimed,
    value: theirs,
    difference: apart === 0 ? null : `${size} ${apart > 0 ? 'more' : 'less'}`,
  };
}

/**
 * The same question with gross for net, with tax, for the month before or the whole company: computed, never
 * estimated. What cannot be computed is left out.
 */
export async function alternativesTo(
  question: MetricQuestion,
  claim: Claim | null,
  facts: MetricFacts,
): Promise<Alternative[]> {
  const { metric, company } = question;
  const near = (value: number | null) =>
    claim?.value !== null && claim !== null && value !== null && isNear(value, claim.value);
  const asAlternative = (words: string, value: number | null, of: Metric): Alternative => ({
    words,
    value,
    text: formatValue(of, value, company.currency),
    near: near(value),
  });
  const found = [
    ...siblingsOf(metric).map(async (other) =>
      asAlternative(
        titleInSentence(other.title),
        await computed(other, question, question.period, facts),
        other,
      ),
    ),
    ...(metric.name.startsWith('revenue_')
      ? [withTax(question, facts).then((value) => asAlternative('with tax', value, metric))]
      : []),
    ...otherPeriods(question).map(async ({ words, period }) =>
      asAlternative(words, await computed(metric, question, period, facts), metric),
    ),
    ...(isNarrowed(question)
      ? [
          computed(metric, { ...question, customer: null, filter: {} }, question.period, facts).then(
            (value) => asAlternative('of the whole company', value, metric),
          ),
        ]
      : []),
  ];
  const settled = await Promise.allSettled(found);
  return settled
    .flatMap((one) => (one.status === 'fulfilled' && one.value.value !== null ? [one.value] : []))
    .sort((a, b) => Number(b.near) - Number(a.near));
}

function isNear(value: number, theirs: number): boolean {
  return Math.abs(value - theirs) <= Math.abs(theirs) * NEAR;
}

function siblingsOf({ name, unit }: Metric): Metric[] {
  const names = SIBLINGS.filter((pair) => pair.includes(name)).flatMap((pair) =>
    pair.filter((one) => one !== name),
  );
  return [...new Set(names)].flatMap((one) => findMetric(one) ?? []).filter((other) => other.unit === unit);
}

function isNarrowed({ metric, customer, filter }: MetricQuestion): boolean {
  return metric.narrows && (customer !== null || Object.values(filter).some((value) => value !== undefined));
}

async function computed(
  metric: Metric,
  question: MetricQuestion,
  period: Period | null,
  facts: MetricFacts,
): Promise<number | null> {
  const { customer, filter, nowAt, company } = question;
  const narrowed = customer ? { ...filter, customerId: customer.id } : filter;
  const request = { period, nowAt, company, filter: narrowed, by: null };
  return (await calculateMetric(metric.name, request, facts)).value;
}

/** The month before, whole; of a standing number its end. */
function otherPeriods({
  metric,
  period,
  nowAt,
  company,
}: MetricQuestion): { words: string; period: Period }[] {
  const before = unitBefore(period ?? monthSoFar(company, nowAt), 'month');
  if (metric.kind === 'flow') return [{ words: `for ${before.label}`, period: before }];
  const last = dateAt(before.endAt - 1, before.tz);
  return [{ words: `at the end of ${describeDays(last, last)}`, period: before }];
}

async function withTax(question: MetricQuestion, facts: MetricFacts): Promise<number | null> {
  const { metric, period, nowAt, company, filter, customer } = question;
  const narrowed = customer ? { ...filter, customerId: customer.id } : filter;
  const scope = scopeOf(metric, { period, nowAt, company, filter: narrowed, by: null });
  const invoices = await facts.invoicesPaidIn(scope.period, scope.filter);
  const taxed = await measureAmounts(
    facts,
    scope,
    invoices.map(({ taxMinor: _, ...invoice }) => invoice),
  );
  const untaxed = await measureAmounts(facts, scope, invoices);
  const total = metric.total(taxed.contributions);
  const less = metric.total(untaxed.contributions);
  if (total === null || less === null || total === less) return null;
  const { value } = await calculateMetric(
    metric.name,
    { period, nowAt, company, filter: narrowed, by: null },
    facts,
  );
  return value === null ? null : value + (total - less);
}
