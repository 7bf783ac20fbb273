import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { convertAll } from '../../domain/metrics/conversion.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { dayNameAt } from '../../domain/periods/calendar.ts';
import type { PastFailure } from '../../domain/recovery/desk.ts';
import {
  ageing,
  daysToRecover,
  feesAvoided,
  mrrAtRisk,
  type RecoveryCase,
  recoveryRates,
} from '../../domain/recovery/recovery-measures.ts';
import { stageHistory, stageOf } from '../../domain/recovery/stages.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right } from '../wording.ts';
import { recurringOf } from './customer-segment.ts';

const DAY_MS = 86_400_000;
/** A failed payment counts as recovered when it came in within so many days. */
const WINDOW_DAYS = 28;
const LOOK_BACK_DAYS = 365;

const input = z.strictObject({
  months: z.int().min(1).max(12).optional().describe('How many months of failures to show, default 6'),
});

const rate = z.strictObject({
  cohort: z.string(),
  cases: z.int(),
  open: z.int(),
  recovered: z.int(),
  percent: z.number().nullable(),
  low: z.number(),
  high: z.number(),
  owed: moneySchema,
  recoveredAmount: moneySchema,
});

const output = z.strictObject({
  all: rate,
  cohorts: z.array(rate),
  medianDays: z.number().nullable(),
  halfAfterDays: z.number().nullable(),
  fees: z.strictObject({ attempts: z.int(), amount: moneySchema }),
  ageing: z.array(z.strictObject({ age: z.string(), count: z.int(), amount: moneySchema })),
  atRisk: z.strictObject({
    customers: z.int(),
    mrr: moneySchema,
    likelyLost: moneySchema,
    low: moneySchema,
    high: moneySchema,
  }),
  receipt: receiptSchema,
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'recovery_report',
  description:
    'Reports how failed payments come back: the share recovered by month with its interval, days until paid, fees avoided, what is open by age, and recurring revenue at risk. Use it for "recovery report" or "how is dunning going". Not for one customer, and not for the metric recovery rate alone.',
  scope: 'billing:read',
  effect: 'read',
  about: ['recovery', 'dunning'],
  input,
  output,
  examples: [
    { say: 'recovery report', input: {} },
    { say: 'how is dunning going?', input: {} },
  ],
  recognize,
  async run({ months = 6 }, ctx) {
    const receipt = await openReceipt(ctx, {
      name: 'Recovery',
      version: 1,
      words: `Invoices whose payment failed; recovered when paid within ${WINDOW_DAYS} days of the first failure; amounts at the rate of that day; younger failures are not judged`,
      sources: ['stripe', 'supabase'],
    });
    const now = ctx.clock.now();
    const since = now - LOOK_BACK_DAYS * DAY_MS;
    const failures = await ctx.recovery.failuresSince(since);
    const cases = await casesOf(failures, ctx);
    const money = (minor: number) => ({ minor, currency: ctx.company.currency });
    const { medianDays, halfAfterDays } = daysToRecover(cases, now);
    const judged = (list: readonly RecoveryCase[]) =>
      recoveryRates(list, { windowDays: WINDOW_DAYS, now }).map((one) => rateOf(one, money));
    const [all = rateOf(NO_CASES, money)] = judged(cases.map((one) => ({ ...one, cohort: 'all' })));
    const fees = feesAvoided(await ctx.recovery.refusedSince(since));
    const failing = await ctx.recovery.failing();
    const open = failing.flatMap(({ invoices }) => invoices);
    const worth = await recurringOf(ctx);
    const risk = mrrAtRisk(
      failing.map(({ customerId, invoices }) => ({
        mrrMinor: worth.get(customerId)?.mrrMinor ?? 0,
        stage: stageOf(now - (invoices[0]?.firstFailedAt ?? now)),
      })),
      stageHistory(failures, { now, settledDays: 2 * WINDOW_DAYS }),
    );
    return {
      all,
      cohorts: judged(cases).slice(-months),
      medianDays: tenth(medianDays),
      halfAfterDays: tenth(halfAfterDays),
      fees: { attempts: fees.attempts, amount: { minor: fees.cents, currency: 'USD' } },
      ageing: ageing(
        open.map(({ remaining, dueAt, firstFailedAt }) => ({
          currency: remaining.currency,
          remainingMinor: remaining.minor,
          dueAt: dueAt ?? firstFailedAt,
        })),
        now,
      ).map(({ currency, age, count: invoices, minor }) => ({
        age,
        count: invoices,
        amount: { minor, currency },
      })),
      atRisk: {
        customers: risk.customers,
        mrr: money(risk.atRiskMinor),
        likelyLost: money(risk.likelyLostMinor.estimate),
        low: money(risk.likelyLostMinor.low),
        high: money(risk.likelyLostMinor.high),
      },
      receipt: receipt(failures.length, [
        'Intervals are Wilson’s at 95%',
        'Fees avoided are the most the networks would have charged for attempts that were refused here',
      ]),
    };
  },
  narrate: ({ all, medianDays, atRisk, fees }) => {
    if (all.percent === null)
      return `No payment that failed is old enough to be judged; ${count(all.open, 'failure')} younger than ${WINDOW_DAYS} days.`;
    const days = medianDays === null ? '' : `, half of those paid within ${medianDays} days`;
    const rate = `Of ${count(all.cases, 'failed payment')} ${all.percent}% came in within ${WINDOW_DAYS} days (95% sure: ${all.low}% to ${all.high}%)${days}.`;
    const risk = `${count(atRisk.customers, 'customer')} with ${formatMoney(atRisk.mrr)} of MRR owe after a failed payment now; ${formatMoney(atRisk.likelyLost)} of it is likely to be lost (${formatMoney(atRisk.low)} to ${formatMoney(atRisk.high)}).`;
    const saved =
      fees.attempts === 0
        ? ''
        : ` ${count(fees.attempts, 'attempt')} that a network forbids were refused, which saved up to ${formatMoney(fees.amount)}.`;
    return `${rate} ${risk}${saved}`;
  },
  exhibits: ({ cohorts, ageing: ages }) => [
    {
      kind: 'table',
      title: `Recovered within ${WINDOW_DAYS} days, by month of the failure`,
      columns: [
        ...left('Month'),
        ...right('Judged', 'Recovered', 'Share', '95% interval', 'Owed', 'Too young'),
      ],
      rows: cohorts.map((one) => [
        one.cohort,
        String(one.cases),
        String(one.recovered),
        one.percent === null ? '-' : `${one.percent}%`,
        one.percent === null ? '-' : `${one.low}% to ${one.high}%`,
        formatMoney(one.owed),
        String(one.open),
      ]),
    },
    ...(ages.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            title: 'Open after a failed payment, by age',
            columns: [...left('Age'), ...right('Invoices', 'Open')],
            rows: ages.map((one) => [one.age, String(one.count), formatMoney(one.amount)]),
          },
        ]),
  ],
});

const NO_CASES = {
  ...{ cohort: 'all', cases: 0, open: 0, recovered: 0, share: null, low: 0, high: 1 },
  ...{ owedMinor: 0, recoveredMinor: 0 },
};

function rateOf(
  one: ReturnType<typeof recoveryRates>[number],
  money: (minor: number) => Output['all']['owed'],
): Output['all'] {
  const percent = (share: number) => Math.round(share * 1000) / 10;
  return {
    cohort: one.cohort,
    cases: one.cases,
    open: one.open,
    recovered: one.recovered,
    percent: one.share === null ? null : percent(one.share),
    low: percent(one.low),
    high: percent(one.high),
    owed: money(one.owedMinor),
    recoveredAmount: money(one.recoveredMinor),
  };
}

/** In the company's currency, by the month of the failure. */
async function casesOf(
  failures: readonly PastFailure[],
  ctx: Pick<ToolContext, 'facts' | 'company'>,
): Promise<RecoveryCase[]> {
  const amounts = await convertAll(
    ctx.facts,
    ctx.company,
    failures.map(({ owed, failedAt }) => ({ money: owed, at: failedAt })),
  );
  return failures.map(({ failedAt, recoveredAt }, index) => {
    const owedMinor = amounts[index]?.minor ?? 0;
    const cohort = dayNameAt(failedAt, ctx.company.tz).slice(0, 7);
    return { cohort, failedAt, owedMinor, recoveredAt, recoveredMinor: recoveredAt === null ? 0 : owedMinor };
  });
}

function tenth(days: number | null): number | null {
  return days === null ? null : Math.round(days * 10) / 10;
}

const ABOUT =
  /\b(?:recovery report|recovery of (?:failed )?payments|payment recovery|dunning report|report on (?:recovery|dunning)|how (?:is|are|s) (?:the )?(?:dunning|recovery|collections)\b.*|mrr at risk (?:from|of|by|because of|due to) failed payments|fees (?:we )?avoided|(?:days|time) to recover (?:a )?(?:failed )?payments?)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!ABOUT.test(phrase) || utterance.customers.length > 0) return [];
  const [, months] = /\b(?:last|past) (\d{1,2}) months\b/.exec(phrase) ?? [];
  const wanted = months === undefined ? null : Math.min(12, Math.max(1, Number(months)));
  return [
    {
      input: wanted === null ? {} : { months: wanted },
      confidence: 0.97,
      interpretation: 'How failed payments come back',
      whole: true,
    },
  ];
}
