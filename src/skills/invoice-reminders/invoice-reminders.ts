import { z } from 'zod';
import { REMINDER_STAGES, type ReminderStage } from '../../domain/billing/delivery/plan-reminders.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import sendPaymentReminder from '../../tools/invoices/send-payment-reminder.ts';
import { count } from '../../tools/wording.ts';
import { reportRow, reportWords, rowSchema } from '../collections-nudge/report-rows.ts';
import { defineSkill, type SkillContext } from '../define-skill.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';
import { type DueReminder, findDue } from './find-due.ts';

/** Where the policy says nothing. */
const MOST_CUSTOMERS = 25;

/** What a step adds to the mail; the day it is due stands there already. */
const NOTES: Partial<Record<ReminderStage, string>> = {
  before_due: 'This is a note ahead of time: if the payment is planned, nothing needs doing.',
  late_7: 'If something holds the payment up, tell us when we can expect it.',
  late_14: 'Please tell us this week how you would like to settle it; otherwise one of us will call you.',
};

const foundSchema = z.object({
  rows: z.array(z.record(z.string(), z.string())),
  stages: z.array(z.enum(REMINDER_STAGES)),
  leftOut: z.int(),
});
const reportedSchema = z.object({ rows: z.array(rowSchema) });

/** See SKILL.md. */
export default defineSkill({
  name: 'invoice-reminders',
  scope: 'customers:contact',
  input: z.strictObject({}),
  steps: [
    {
      name: 'find',
      title: 'Looking which reminders are due',
      timeoutMs: 3 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await find(ctx) }),
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
      run: async (_, ctx) =>
        untilDecided(ctx, (batch) => [
          `Proposed ${count(batch.rows.length, 'invoice reminder')} on one card in this thread: ${stageWords(foundSchema.parse(ctx.done.find).stages)}.`,
          refusedWords(proposedSchema.parse(ctx.done.propose).refused),
        ]),
    },
    {
      name: 'report',
      title: 'Saying what became of each',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const { leftOut } = foundSchema.parse(done.find);
    const { batchId, refused } = proposedSchema.parse(done.propose);
    const { rows } = reportedSchema.parse(done.report);
    const head = batchId === null ? 'No invoice reminder is due today.' : reportWords(rows);
    const more = leftOut === 0 ? '' : `${count(leftOut, 'more customer')} did not fit the day's limit.`;
    return [head, refusedWords(refused), more].filter((words) => words !== '').join('\n');
  },
});

type Result = { [key: string]: Json };

async function find(ctx: SkillContext): Promise<Result> {
  await ctx.sources.refresh(['stripe']);
  const due = await findDue(sendPaymentReminder.name, ctx);
  const taken = due.slice(0, ctx.maxCustomers(sendPaymentReminder) ?? MOST_CUSTOMERS);
  return {
    rows: taken.map(rowOf),
    stages: taken.map(({ stage }) => stage),
    leftOut: due.length - taken.length,
  };
}

function rowOf({ invoiceId, stage }: DueReminder): { [key: string]: string } {
  const note = NOTES[stage];
  return note === undefined ? { invoice: invoiceId } : { invoice: invoiceId, note };
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { rows, stages } = foundSchema.parse(ctx.done.find);
  if (rows.length === 0) return { batchId: null, refused: [] };
  try {
    const batch = await ctx.proposeBatch({
      title: `Invoice reminders for ${count(rows.length, 'customer')}`,
      intro: `By the day each is due: ${stageWords(stages)}. What is approved is sent, what is rejected is not.`,
      tool: sendPaymentReminder,
      rows,
    });
    return { batchId: batch.id, refused: batch.refused.map(({ what, why }) => ({ what, why })) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { batchId: null, refused: [{ what: 'The reminders', why: error.message }] };
  }
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

const STAGE_WORDS: Readonly<Record<ReminderStage, string>> = {
  before_due: 'due within three days',
  due: 'due now',
  late_3: 'three days late',
  late_7: 'a week late',
  late_14: 'two weeks late',
};

/** "2 due within three days, 1 a week late". */
function stageWords(stages: readonly ReminderStage[]): string {
  return REMINDER_STAGES.flatMap((stage) => {
    const of = stages.filter((one) => one === stage).length;
    return of === 0 ? [] : [`${of} ${STAGE_WORDS[stage]}`];
  }).join(', ');
}
