import { z } from 'zod';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { monthNamed, monthOf, monthsBefore } from '../../domain/billing/run/month.ts';
import { planRun } from '../../domain/billing/run/plan-run.ts';
import { differing } from '../../domain/billing/run/prove.ts';
import { BY_TOTALS, basisWords } from '../../domain/billing/run/usage-evidence.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import { moneySchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { closableMonth } from '../../tools/billing/closable-month.ts';
import issueInvoice from '../../tools/billing/issue-invoice.ts';
import { monthBases } from '../../tools/billing/month-bases.ts';
import { monthEvidence } from '../../tools/billing/month-evidence.ts';
import { count, sayMoneys, totals } from '../../tools/wording.ts';
import { defineSkill, type SkillContext, type StepOutcome } from '../define-skill.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';
import { collectMonth, daysRated, flagUnusual, lateEvidence } from './collect.ts';

const inputSchema = z.strictObject({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional()
    .describe('The month, like 2026-10; the one before this month unless told'),
});
type Input = z.output<typeof inputSchema>;

const collectedSchema = z.object({ month: z.string() });
const ratedSchema = z.object({
  runId: z.string(),
  label: z.string(),
  rows: z.array(z.string()),
  sums: z.array(moneySchema),
  flagged: z.int(),
  blocked: z.array(z.object({ customer: z.string(), why: z.string() })),
  issuedBefore: z.int(),
  /** By what the sums were computed a second time. */
  provedBy: z.string().default(basisWords(BY_TOTALS)),
});
const reportedSchema = z.object({ words: z.string() });

/** See SKILL.md. */
export default defineSkill({
  name: 'month-close',
  scope: 'billing:write',
  input: inputSchema,
  steps: [
    {
      name: 'collect',
      title: 'Reading the month',
      timeoutMs: 5 * 60_000,
      run: async (input, ctx) => ({ kind: 'done', result: await collect(input, ctx) }),
    },
    {
      name: 'rate',
      title: 'Rating and proving every invoice',
      timeoutMs: 10 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await rate(ctx) }),
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
      title: 'Saying what was issued',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const rated = ratedSchema.parse(done.rate);
    const { refused } = proposedSchema.parse(done.propose);
    const { words } = reportedSchema.parse(done.report);
    return [words, refusedWords(refused), blockedWords(rated.blocked)].filter((one) => one !== '').join('\n');
  },
});

type Result = { [key: string]: Json };

/** Throws UserError for a month that is not over, is closed, or whose facts are not complete. */
async function collect({ month: wanted }: Input, ctx: SkillContext): Promise<Result> {
  const { tz } = ctx.company;
  const nowAt = ctx.clock.now();
  const [before] = monthsBefore(monthNamed(monthOf(nowAt, tz), tz), 1);
  const month = wanted ?? monthOf(before?.startAt ?? nowAt, tz);
  const period = await closableMonth(month, ctx);
  await ctx.sources.refresh(['psizero', 'supabase', 'stripe']);
  await ctx.billing.metering.catchUp(ctx.signal);
  const { problems } = await collectMonth(period, ctx);
  const stopping = problems.filter(({ customerId }) => customerId === null);
  if (stopping.length > 0) {
    throw new UserError('not_ready', stopping.map(({ words }) => words).join(' '));
  }
  return { month };
}

async function rate(ctx: SkillContext): Promise<Result> {
  const { month } = collectedSchema.parse(ctx.done.collect);
  const period = monthNamed(month, ctx.company.tz);
  const { entity } = ctx.billing.settings();
  const { bases, problems } = await collectMonth(period, ctx);
  const source = await monthEvidence(ctx, period);
  const drafts = planRun({
    bases,
    conventions: entity.conventions,
    problems,
    flags: await flagUnusual(bases, period, ctx),
    source,
    lateSources: await lateEvidence(bases, period, ctx),
    billedDays: await daysRated(differing(bases, source), period, ctx),
  });
  const provedBy = source.evidence.basis;
  const run = await ctx.billing.runs.open({
    entityId: entity.id,
    month,
    startAt: period.startAt,
    endAt: period.endAt,
  });
  const invoices = await ctx.billing.runs.saveDrafts(run.id, drafts, provedBy);
  const open = flaggedFirst(invoices.filter(({ state }) => state === 'draft'));
  return {
    runId: run.id,
    label: period.label,
    rows: open.map(({ id }) => id),
    sums: sumsOf(open).map(({ minor, currency }) => ({ minor, currency })),
    flagged: open.filter(({ flags }) => flags.length > 0).length,
    blocked: invoices
      .filter(({ state }) => state === 'blocked')
      .map(({ basis, problems: why }) => ({ customer: basis.customerName, why: why.join(' ') })),
    issuedBefore: invoices.filter(({ state }) => state === 'issued').length,
    provedBy: basisWords(provedBy),
  };
}

function flaggedFirst(invoices: readonly RunInvoice[]): RunInvoice[] {
  const flagged = invoices.filter(({ flags }) => flags.length > 0);
  return [...flagged, ...invoices.filter(({ flags }) => flags.length === 0)];
}

function sumsOf(invoices: readonly RunInvoice[]) {
  return totals(invoices.map(({ totalMinor, basis }) => ({ minor: totalMinor, currency: basis.currency })));
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { rows, label, sums, flagged, blocked, provedBy } = ratedSchema.parse(ctx.done.rate);
  if (rows.length === 0) return { batchId: null, refused: [] };
  const marks = [
    `${sayMoneys(sums)} in all.`,
    `Each sum was computed twice, the second time from ${provedBy}.`,
    flagged === 0 ? '' : `${count(flagged, 'invoice')} with something unusual, listed first.`,
    blocked.length === 0 ? '' : `${count(blocked.length, 'invoice')} blocked and not listed.`,
    'What is approved is issued at Stripe; what is rejected is held for the next run.',
  ];
  const batch = await ctx.proposeBatch({
    title: `Month close ${label}: ${count(rows.length, 'invoice')}`,
    intro: marks.filter((one) => one !== '').join(' '),
    tool: issueInvoice,
    rows: rows.map((invoice) => ({ invoice })),
  });
  return { batchId: batch.id, refused: batch.refused.map(({ what, why }) => ({ what, why })) };
}

async function decisions(ctx: SkillContext): Promise<StepOutcome> {
  const { refused } = proposedSchema.parse(ctx.done.propose);
  const rated = ratedSchema.parse(ctx.done.rate);
  return untilDecided(ctx, (batch) => [
    `${rated.label}: ${count(batch.rows.length, 'invoice')} for calls beyond the plan, ${sayMoneys(rated.sums)}, on one card in this thread.`,
    rated.flagged === 0 ? '' : `${rated.flagged} of them unusual.`,
    refusedWords(refused),
    blockedWords(rated.blocked),
  ]);
}

/** The month is closed when every invoice of it was issued or deliberately held. */
async function report(ctx: SkillContext): Promise<Result> {
  const rated = ratedSchema.parse(ctx.done.rate);
  const batch = await proposedBatch(ctx);
  const invoices = (await ctx.billing.runs.list(rated.runId)).filter(({ state }) => state !== 'unwound');
  const issued = invoices.filter(({ state }) => state === 'issued');
  const left = invoices.length - issued.length;
  if (left === 0) await closeMonth(rated.runId, ctx);
  const held = (batch?.rows ?? []).filter(({ approval }) => approval.state === 'rejected').length;
  const failed = (batch?.rows ?? []).filter(({ approval }) => approval.state === 'failed');
  const words = [
    issued.length === 0
      ? `No invoice was issued for ${rated.label}.`
      : `${rated.label}: ${count(issued.length, 'invoice')} issued, ${sayMoneys(sumsOf(issued))}.`,
    held === 0 ? '' : `${held} held.`,
    ...failed.map(
      ({ approval }) => `Not issued: ${plainCell(approval.plan.title)}: ${plainCell(approval.outcome ?? '')}`,
    ),
    left === 0
      ? 'The month is closed.'
      : `${count(left, 'invoice')} left: the month stays open until they are issued.`,
  ];
  return { words: words.filter((one) => one !== '').join(' ') };
}

/** From now on, what comes for the month is late: of everybody, also of those who owed nothing. */
async function closeMonth(runId: string, ctx: SkillContext): Promise<void> {
  const { month } = collectedSchema.parse(ctx.done.collect);
  const period = monthNamed(month, ctx.company.tz);
  const nowAt = ctx.clock.now();
  await ctx.billing.runs.close(runId);
  for (const { customerId } of await monthBases(ctx, period))
    ctx.billing.metering.markPeriod(customerId, period, 'closed', nowAt);
}

function blockedWords(blocked: readonly { customer: string; why: string }[]): string {
  return blocked.map(({ customer, why }) => `Blocked: ${plainCell(customer)}. ${plainCell(why)}`).join('\n');
}
