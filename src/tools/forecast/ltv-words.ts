import { z } from 'zod';
import { ENOUGH_CHURNS } from '../../domain/lifetime/estimate.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import type { Exhibit, Money } from '../../domain/types.ts';
import { count, left, right, sayList } from '../wording.ts';

const share = z.number().min(0).max(1);

const groupSchema = z.strictObject({
  name: z.string(),
  /** Who ever paid, and how many of them left. */
  customers: z.int(),
  churned: z.int(),
  /** Null where there are too few to say; then `refused` has the reason. */
  value: z
    .strictObject({
      /** Gross profit of one customer over the months counted, discounted; its 95% interval. */
      expected: moneySchema,
      low: moneySchema,
      high: moneySchema,
      /** Were they to go on paying what they paid at first. */
      withoutGrowth: moneySchema,
      /** MRR of an average customer at first, and of one still there at the end of the months counted. */
      startMrr: moneySchema,
      endMrr: moneySchema,
      /** Mean months of those counted that a customer stays, with its 95% interval. */
      meanMonths: z.number(),
      meanMonthsLow: z.number(),
      meanMonthsHigh: z.number(),
      /** By which half have left; null where fewer have as long as anybody was seen. */
      medianMonths: z.number().nullable(),
    })
    .nullable(),
  refused: z.string().nullable(),
  /** How a value came about that is not of this group's own churn alone. */
  leaned: z.string().nullable(),
  /** Still there after so many months, with the 95% band. */
  stillThere: z.strictObject({ months: z.int(), share, low: share, high: share }).nullable(),
  acquisition: z
    .strictObject({ cost: moneySchema, ratio: z.number().nullable(), paybackMonths: z.int().nullable() })
    .nullable(),
});

const backtestSchema = z.strictObject({
  months: z.int(),
  cohorts: z.int(),
  /** Cohorts whose value was foreseen to within 15%. */
  within: z.int(),
  skipped: z.int(),
  /** Of all cohorts together, foreseen over realised less one. */
  totalError: z.number().nullable(),
  medianError: z.number().nullable(),
});

export const ltvSchema = z.strictObject({
  /** Months since the first payment that are counted. */
  months: z.int(),
  monthsAsked: z.int(),
  by: z.string().nullable(),
  marginPercent: z.number(),
  discountPercent: z.number(),
  everybody: groupSchema,
  groups: z.array(groupSchema),
  /** The chance of groups so unlike each other if they did not differ (log-rank); null for fewer than two. */
  differ: z.number().nullable(),
  costUnknown: z.array(z.string()),
  backtest: backtestSchema.nullable(),
  curves: z.array(
    z.strictObject({
      name: z.string(),
      points: z.array(
        z.strictObject({
          month: z.number(),
          percent: z.number(),
          low: z.number().nullable(),
          high: z.number().nullable(),
        }),
      ),
      atRisk: z.array(z.int()),
    }),
  ),
  ages: z.array(z.int()),
  listed: listedSchema,
  receipt: receiptSchema,
});
export type LtvAnswer = z.output<typeof ltvSchema>;
type Group = LtvAnswer['groups'][number];

/** "$4,210": a value with such an interval has no cents. */
function whole({ minor, currency }: Money): string {
  return formatMoney({ minor: 100 * Math.round(minor / 100), currency }).replace(/\.00$/, '');
}

function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}

function interval({ expected, low, high }: NonNullable<Group['value']>): string {
  return `${whole(expected)} (95%: ${whole(low)} to ${whole(high)})`;
}

/** What, how sure, from whom, and how right it would have been: a line each. */
export function narrateLtv(answer: LtvAnswer): string {
  const lines = [
    ...(answer.by === null ? soleWords(answer) : groupWords(answer)),
    answer.months < answer.monthsAsked
      ? `I count ${answer.months} months, not ${answer.monthsAsked}: beyond that too few customers have been seen.`
      : null,
    backtestWords(answer.backtest),
    costWords(answer),
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function termsWords({ months, marginPercent, discountPercent }: LtvAnswer): string {
  return `over the first ${months} months, in gross profit at ${marginPercent}% margin, discounted at ${discountPercent}% a year`;
}

function soleWords(answer: LtvAnswer): (string | null)[] {
  const { name, customers, churned, value, refused, stillThere, leaned } = answer.everybody;
  const of = name === 'everybody' ? 'A customer' : `A customer of ${name}`;
  if (!value) return [`I give no lifetime value of ${name}: ${refused ?? 'too few customers'}.`];
  const { meanMonths, meanMonthsLow, meanMonthsHigh, medianMonths, startMrr, endMrr } = value;
  const there = stillThere ? `; ${stillWords(stillThere, leaned !== null && churned < ENOUGH_CHURNS)}` : '';
  const half = medianMonths === null ? '' : `; half have left after ${medianMonths.toFixed(1)}`;
  return [
    `${of} is worth ${interval(value)} ${termsWords(answer)}.`,
    `They stay ${meanMonths.toFixed(1)} of those months on average (95%: ${meanMonthsLow.toFixed(1)} to ${meanMonthsHigh.toFixed(1)})${there}${half}. Seen: ${count(customers, 'customer')}, ${churned.toLocaleString('en-US')} of whom left.`,
    leaned === null ? null : `${capital(leaned)}.`,
    `Those still there at the end pay ${whole(endMrr)} a month, ${whole(startMrr)} at first; at ${whole(startMrr)} throughout it would be ${whole(value.withoutGrowth)}.`,
  ];
}

/** Of a group that hardly anybody left, what is to be expected is less than what was seen. */
function stillWords(
  { months, share: part, low, high }: NonNullable<Group['stillThere']>,
  expected: boolean,
): string {
  const there = expected ? 'may be expected to be there' : 'are still there';
  return `${percent(part)} (${percent(low)} to ${percent(high)}) ${there} after ${months}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function groupWords(answer: LtvAnswer): (string | null)[] {
  const { by, groups, everybody } = answer;
  const valued = groups.flatMap((group) => (group.value ? [{ ...group, value: group.value }] : []));
  const [most] = valued;
  const least = valued.at(-1);
  const first =
    !most || !least
      ? `No ${by} has enough customers for a lifetime value.`
      : most === least
        ? `A customer of ${most.name} is worth ${interval(most.value)} ${termsWords(answer)}.`
        : `By ${by}, a customer is worth most from ${most.name}, ${interval(most.value)}, and least from ${least.name}, ${interval(least.value)}, ${termsWords(answer)}.`;
  const leaned = valued.flatMap(({ name, leaned: how }) => (how === null ? [] : [`${name}: ${how}`]));
  const refused = groups.flatMap(({ name, refused: why }) => (why === null ? [] : [`${name} (${why})`]));
  return [
    first,
    everybody.value ? `Everybody together: ${interval(everybody.value)}.` : null,
    differenceWords(answer),
    leaned.length === 0 ? null : `${capital(leaned.join('; '))}.`,
    refused.length === 0 ? null : `No value for ${sayList(refused)}.`,
  ];
}

function differenceWords({ by, differ }: LtvAnswer): string | null {
  if (differ === null) return null;
  if (differ >= 0.05) {
    return `How long they stay does not differ by ${by} more than chance would give (log-rank p ${differ.toFixed(2)}).`;
  }
  const p = differ < 0.001 ? 'below 0.001' : differ.toFixed(3);
  return `How long they stay differs by ${by} beyond chance (log-rank p ${p}).`;
}

function costWords({ everybody, costUnknown }: LtvAnswer): string | null {
  const { acquisition, value } = everybody;
  if (value === null) return null;
  if (!acquisition) {
    return `No LTV:CAC and no payback: what winning a customer costs is not in policy.yml for ${sayList(costUnknown)}.`;
  }
  const { cost, ratio, paybackMonths } = acquisition;
  if (ratio === null) return 'Winning them costs nothing, by policy.yml.';
  const back =
    paybackMonths === null ? 'not paid back within those months' : `paid back by month ${paybackMonths}`;
  return `Winning a customer costs ${whole(cost)}: LTV:CAC ${ratio.toFixed(1)}, ${back}.`;
}

function backtestWords(backtest: LtvAnswer['backtest']): string | null {
  if (!backtest) return 'There is no past month yet by which this could be checked.';
  const { months, cohorts, within, totalError, skipped } = backtest;
  const all =
    totalError === null
      ? ''
      : `; all together ${Math.abs(totalError) < 0.005 ? 'right' : `${percent(Math.abs(totalError))} too ${totalError > 0 ? 'high' : 'low'}`}`;
  const passed =
    skipped === 0 ? '' : ` ${count(skipped, 'month')} more were too early or too small to check.`;
  return `Checked backwards on all new customers of ${count(cohorts, 'month')}: ${within} of these came within 15% of what this would have said of their first ${months} months${all}.${passed}`;
}

export function ltvExhibits(answer: LtvAnswer): Exhibit[] {
  const picture: Exhibit[] =
    answer.curves.length === 0
      ? []
      : [
          {
            kind: 'survival',
            title: 'How long customers stay',
            months: answer.months,
            curves: answer.curves,
            ages: answer.ages,
            alt: '',
          },
        ];
  return answer.by === null ? picture : [tableOf(answer), ...picture];
}

function tableOf({ by, groups, everybody, months }: LtvAnswer): Exhibit {
  const age = everybody.stillThere?.months ?? null;
  const costs = groups.some(({ acquisition }) => acquisition !== null);
  const row = (group: Group): string[] => {
    const { value, stillThere, acquisition } = group;
    return [
      group.name,
      group.customers.toLocaleString('en-US'),
      group.churned.toLocaleString('en-US'),
      ...(age === null ? [] : [stillThere && value ? percent(stillThere.share) : '–']),
      value ? value.meanMonths.toFixed(1) : '–',
      value ? whole(value.expected) : (group.refused ?? '–'),
      value ? `${whole(value.low)} to ${whole(value.high)}` : '–',
      ...(costs ? [acquisition?.ratio ? acquisition.ratio.toFixed(1) : '–'] : []),
      ...(costs ? [acquisition?.paybackMonths ? `month ${acquisition.paybackMonths}` : '–'] : []),
    ];
  };
  return {
    kind: 'table',
    title: `Lifetime value by ${by ?? 'group'}, first ${months} months`,
    columns: [
      ...left(capital(by ?? 'group')),
      ...right(
        'Customers',
        'Left',
        ...(age === null ? [] : [`There after ${age} months`]),
        'Months stayed',
        'Value',
        '95%',
        ...(costs ? ['LTV:CAC', 'Paid back'] : []),
      ),
    ],
    rows: [...groups, everybody].map(row),
  };
}
