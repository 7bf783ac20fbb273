import { z } from 'zod';
import { planRollback } from '../../domain/billing/rollback.ts';
import { monthNamed, monthOf } from '../../domain/billing/run/month.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import { moneySchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import unwindInvoice from '../../tools/billing/unwind-invoice.ts';
import { count, sayMoneys, totals } from '../../tools/wording.ts';
import { defineSkill, type SkillContext, type StepOutcome } from '../define-skill.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';

const inputSchema = z.strictObject({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional()
    .describe('The month whose close is taken back, like 2026-10; the one before this month unless told'),
});
type Input = z.output<typeof inputSchema>;

const collectedSchema = z.object({
  runId: z.string(),
  label: z.string(),
  rows: z.array(z.string()),
  sums: z.array(moneySchema),
});
const reportedSchema = z.object({ words: z.string() });

/** See SKILL.md. */
export default defineSkill({
  name: 'month-rollback',
  scope: 'billing:write',
  input: inputSchema,
  steps: [
    {
      name: 'collect',
      title: 'Finding what was issued',
      run: async (input, ctx) => ({ kind: 'done', result: await collect(input, ctx) }),
    },
    {
      name: 'propose',
      title: 'Putting the invoices on a card',
      timeoutMs: 10 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await propose(ctx) }),
      compensate: async (_, ctx) => withdrawProposed(ctx),
    },
    { name: 'decisions', title: 'Waiting for decisions', run: async (_, ctx) => decisions(ctx) },
    {
      name: 'report',
      title: 'Saying what was taken back',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const { refused } = proposedSchema.parse(done.propose);
    const { words } = reportedSchema.parse(done.report);
    return [words, refusedWords(refused)].filter((one) => one !== '').join('\n');
  },
});

type Result = { [key: string]: Json };

/** Throws UserError where nothing was issued. */
async function collect({ month: wanted }: Input, ctx: SkillContext): Promise<Result> {
  const { tz } = ctx.company;
  const month = wanted ?? monthOf(monthNamed(monthOf(ctx.clock.now(), tz), tz).startAt - 1, tz);
  const period = monthNamed(month, tz);
  const { runs, settings } = ctx.billing;
  const run = await runs.ofMonth(settings().entity.id, month);
  const issued = (run === null ? [] : await runs.list(run.id)).filter(({ state }) => state === 'issued');
  if (run === null || issued.length === 0) {
    throw new UserError(
      'conflict',
      `The close of ${period.label} has issued nothing that could be taken back.`,
    );
  }
  const order = planRollback(
    issued.map(({ id, issuedAt, totalMinor }) => ({
      ...{ id, state: 'open' as const, issuedAt: issuedAt ?? 0, totalMinor: BigInt(totalMinor) },
      // What has become of each is asked when its row is planned: only the order is wanted here.
      ...{ paidMinor: 0n, creditedMinor: 0n },
    })),
  );
  return {
    runId: run.id,
    label: period.label,
    rows: order.map(({ invoiceId }) => invoiceId),
    sums: totals(
      issued.map(({ totalMinor, basis }) => ({ minor: totalMinor, currency: basis.currency })),
    ).map(({ minor, currency }) => ({ minor, currency })),
  };
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { rows, label, sums } = collectedSchema.parse(ctx.done.collect);
  const batch = await ctx.proposeBatch({
    title: `Take back the close of ${label}: ${count(rows.length, 'invoice')}`,
    intro: [
      `${sayMoneys(sums)} in all, the latest invoice first.`,
      'What nobody has paid is voided; what was paid is credited and refunded. What is rejected stays as it is.',
    ].join(' '),
    tool: unwindInvoice,
    rows: rows.map((invoice) => ({ invoice })),
  });
  return { batchId: batch.id, refused: batch.refused.map(({ what, why }) => ({ what, why })) };
}

async function decisions(ctx: SkillContext): Promise<StepOutcome> {
  const { refused } = proposedSchema.parse(ctx.done.propose);
  const { label, sums } = collectedSchema.parse(ctx.done.collect);
  return untilDecided(ctx, (batch) => [
    `${count(batch.rows.length, 'invoice')} of ${label} to take back, ${sayMoneys(sums)}, on one card in this thread.`,
    refusedWords(refused),
  ]);
}

async function report(ctx: SkillContext): Promise<Result> {
  const { runId, label, rows } = collectedSchema.parse(ctx.done.collect);
  const batch = await proposedBatch(ctx);
  const invoices = (await ctx.billing.runs.list(runId)).filter(({ id }) => rows.includes(id));
  const gone = invoices.filter(({ state }) => state === 'unwound').length;
  const failed = (batch?.rows ?? []).filter(({ approval }) => approval.state === 'failed');
  const left = rows.length - gone;
  const words = [
    gone === 0
      ? `Nothing of ${label} was taken back.`
      : `${count(gone, 'invoice')} of ${label} taken back. The month is open again: close it anew when it is right; numbers go on with the next.`,
    ...failed.map(
      ({ approval }) =>
        `Not taken back: ${plainCell(approval.plan.title)}: ${plainCell(approval.outcome ?? '')}`,
    ),
    left === 0 ? '' : `${count(left, 'invoice')} ${left === 1 ? 'stands' : 'stand'} as before.`,
  ];
  return { words: words.filter((one) => one !== '').join(' ') };
}
