import { z } from 'zod';
import { plainCell } from '../../domain/language/safe-text.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import listInvoices from '../../tools/invoices/list-invoices.ts';
import sendPaymentReminder from '../../tools/invoices/send-payment-reminder.ts';
import { excludeInput, whereInput } from '../../tools/list-filters.ts';
import { count, sayMoneys, totals } from '../../tools/wording.ts';
import { defineSkill, type SkillContext, type StepOutcome } from '../define-skill.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';
import { alreadyReminded } from './already-reminded.ts';
import { type OverdueInvoice, pickReminders, type Reminder } from './pick-reminders.ts';
import { reportRow, reportWords, rowSchema } from './report-rows.ts';

/** More rows than this are not asked of the list. */
const LISTED = 100;
/** Where the policy says nothing. */
const MOST_CUSTOMERS = 25;
const NOTE_LENGTH = 500;

const listed = z.object({
  total: z.int(),
  rows: z.array(
    z.object({
      id: z.string(),
      number: z.string().nullable(),
      customerId: z.string(),
      customer: z.string(),
      amount: moneySchema,
      daysOverdue: z.int(),
    }),
  ),
});

const foundSchema = z.object({
  rows: z.array(z.record(z.string(), z.json())),
  sums: z.array(moneySchema),
  skipped: z.array(z.object({ customer: z.string(), why: z.string() })),
  leftOut: z.int(),
  invoices: z.int(),
});
const reportedSchema = z.object({ rows: z.array(rowSchema) });

/** See SKILL.md. */
export default defineSkill({
  name: 'collections-nudge',
  scope: 'customers:contact',
  input: z.strictObject({
    top: z.int().min(1).max(100).optional().describe('Only so many customers'),
    by: z
      .enum(['amount', 'age'])
      .optional()
      .describe('Whom top takes first: the largest or the oldest invoice'),
    minDaysLate: z.int().min(0).max(3650).optional().describe('Only invoices at least so many days overdue'),
    customers: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .optional()
      .describe('Only these, by name or id'),
    exclude: excludeInput,
    where: whereInput,
  }),
  steps: [
    {
      name: 'find',
      title: 'Looking for overdue invoices',
      timeoutMs: 2 * 60_000,
      run: async (input, ctx) => ({ kind: 'done', result: await find(input, ctx) }),
    },
    {
      name: 'propose',
      title: 'Drafting the reminders',
      timeoutMs: 3 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await propose(ctx) }),
      compensate: async (_, ctx) => withdrawProposed(ctx),
    },
    {
      name: 'decisions',
      title: 'Waiting for decisions',
      run: async (_, ctx) => decisions(ctx),
    },
    {
      name: 'report',
      title: 'Saying what became of each',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const found = foundSchema.parse(done.find);
    const { batchId, refused } = proposedSchema.parse(done.propose);
    const { rows } = reportedSchema.parse(done.report);
    const rest = [refusedWords(refused), leftOutWords(found)].filter((words) => words !== '');
    if (batchId === null) return [nothingWords(found), ...rest].join('\n');
    return [reportWords(rows), ...rest].join('\n');
  },
});

type Result = { [key: string]: Json };

interface Wanted {
  top?: number | undefined;
  by?: 'amount' | 'age' | undefined;
  minDaysLate?: number | undefined;
  customers?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  where?: z.output<typeof whereInput>;
}

async function find(wanted: Wanted, ctx: SkillContext): Promise<Result> {
  const named = await Promise.all(
    (wanted.customers ?? []).map((reference) => ctx.customers.resolve(reference)),
  );
  const { invoices, total } = await overdueInvoices(wanted, named, ctx);
  const chosen = pickReminders(invoices, { top: wanted.top ?? null, by: wanted.by ?? 'amount' });
  const most = ctx.maxCustomers(sendPaymentReminder) ?? MOST_CUSTOMERS;
  const taken: Reminder[] = [];
  const skipped = named
    .filter(({ id }) => !chosen.some((reminder) => reminder.customerId === id))
    .map(({ name }) => ({ customer: name, why: nothingDue(wanted) }));
  let leftOut = 0;
  for (const reminder of chosen) {
    const why = await reasonAgainst(reminder, ctx);
    if (why !== null) skipped.push({ customer: reminder.customer, why });
    else if (taken.length < most) taken.push(reminder);
    else leftOut += 1;
  }
  return {
    rows: taken.map(rowOf),
    sums: totals(taken.map((reminder) => reminder.invoice.amount)).map(({ minor, currency }) => ({
      minor,
      currency,
    })),
    skipped,
    leftOut,
    invoices: total,
  };
}

function nothingDue({ minDaysLate }: Wanted): string {
  return minDaysLate === undefined ? 'nothing is overdue' : `nothing is overdue by ${minDaysLate} days`;
}

/** Of those who were named, all that is overdue; else what the list gives, the largest and the oldest. */
async function overdueInvoices(
  { minDaysLate, exclude, where }: Wanted,
  named: readonly { id: string }[],
  ctx: SkillContext,
): Promise<{ invoices: OverdueInvoice[]; total: number }> {
  const narrowed = {
    ...(minDaysLate === undefined ? {} : { minDaysOverdue: minDaysLate }),
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
    ...(where === undefined ? {} : { where: whereOf(where) }),
  };
  if (named.length === 0) {
    const pages = [await overdue('largest', narrowed, ctx), await overdue('oldest', narrowed, ctx)];
    return { invoices: pages.flatMap((page) => page.rows), total: pages[0]?.total ?? 0 };
  }
  const invoices: OverdueInvoice[] = [];
  for (const { id } of named) {
    const page = await overdue('oldest', { ...narrowed, customer: id }, ctx);
    invoices.push(...page.rows.filter((row) => row.customerId === id));
  }
  return { invoices, total: invoices.length };
}

/** As arguments of a tool: nothing that is not said. */
function whereOf(where: NonNullable<Wanted['where']>): Result {
  const said = Object.entries(where).flatMap(([trait, list]) =>
    list === undefined ? [] : [[trait, [...list]]],
  );
  return Object.fromEntries(said);
}

async function overdue(
  order: 'largest' | 'oldest',
  narrowed: Result,
  ctx: SkillContext,
): Promise<z.output<typeof listed>> {
  const result = await ctx.call(listInvoices, { state: 'overdue', order, limit: LISTED, ...narrowed });
  if (!result.ok) throw result.error;
  return listed.parse(result.kind === 'result' ? result.output : null);
}

async function reasonAgainst({ customerId }: Reminder, ctx: SkillContext): Promise<string | null> {
  const { rows } = await ctx.records.listPayments({ customerId, limit: 50 });
  if (rows.some((payment) => payment.disputed)) return 'a payment is disputed';
  const about = { tool: sendPaymentReminder.name, customerId, nowAt: ctx.clock.now() };
  return alreadyReminded(ctx.approvals, about);
}

function rowOf({ invoice, others }: Reminder): Result {
  if (others.length === 0) return { invoice: invoice.id };
  return { invoice: invoice.id, note: alsoOpen(others) };
}

/** As many of the others as fit; the rest is counted. */
function alsoOpen(others: readonly OverdueInvoice[]): string {
  const names = others.map((one) => `invoice ${one.number ?? one.id} for ${formatMoney(one.amount)}`);
  for (let shown = names.length; shown > 0; shown -= 1) {
    const more = names.length - shown;
    const text = `Also overdue: ${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
    if (text.length <= NOTE_LENGTH) return text;
  }
  return `${count(others.length, 'more invoice')} overdue as well.`;
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { rows } = foundSchema.parse(ctx.done.find);
  if (rows.length === 0) return { batchId: null, refused: [] };
  try {
    const batch = await ctx.proposeBatch({
      title: `Payment reminders for ${count(rows.length, 'customer')}`,
      intro: 'Each row is a mail of its own. What is approved is sent, what is rejected is not.',
      tool: sendPaymentReminder,
      rows,
    });
    return { batchId: batch.id, refused: batch.refused.map(({ what, why }) => ({ what, why })) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { batchId: null, refused: [{ what: 'The reminders', why: error.message }] };
  }
}

async function decisions(ctx: SkillContext): Promise<StepOutcome> {
  const { refused } = proposedSchema.parse(ctx.done.propose);
  const found = foundSchema.parse(ctx.done.find);
  return untilDecided(ctx, (batch) => [
    `Proposed ${count(batch.rows.length, 'payment reminder')}${sumWords(found)} on one card in this thread, a row each.`,
    refusedWords(refused),
    leftOutWords(found),
  ]);
}

async function report(ctx: SkillContext): Promise<Result> {
  const batch = await proposedBatch(ctx);
  const rows = await Promise.all(
    (batch?.rows ?? []).map(async ({ approval }) => {
      const invoice = await ctx.records.getInvoice(approval.plan.subject.id);
      return reportRow(approval, invoice?.status === 'paid');
    }),
  );
  return { rows };
}

function sumWords({ sums }: z.output<typeof foundSchema>): string {
  return sums.length === 0 ? '' : `, about ${sayMoneys(sums)}`;
}

function nothingWords({ invoices, skipped }: z.output<typeof foundSchema>): string {
  if (invoices === 0 && skipped.length === 0)
    return 'No such invoice is overdue, so there is nobody to remind.';
  if (skipped.length === 0) return 'No reminder was proposed.';
  return `${count(invoices, 'invoice')} overdue, and nobody to remind today.`;
}

function leftOutWords({ skipped, leftOut }: z.output<typeof foundSchema>): string {
  const reasons = [...new Set(skipped.map((one) => one.why))].map((why) => {
    const who = skipped.filter((one) => one.why === why).map((one) => plainCell(one.customer));
    const shown = who.slice(0, 5).join(', ');
    return `${shown}${who.length > 5 ? ` and ${who.length - 5} more` : ''} (${why})`;
  });
  const left = reasons.length === 0 ? '' : `Left out: ${reasons.join('; ')}.`;
  const more =
    leftOut === 0
      ? ''
      : `${count(leftOut, 'more customer')} with overdue invoices did not fit the day's limit.`;
  return [left, more].filter((words) => words !== '').join(' ');
}
