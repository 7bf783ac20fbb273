import { z } from 'zod';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { FailingCustomer } from '../../domain/recovery/desk.ts';
import { learnTimes, type TimedOutcome } from '../../domain/recovery/times.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { Tool } from '../../tools/define-tool.ts';
import restoreService from '../../tools/recovery/restore-service.ts';
import restrictService from '../../tools/recovery/restrict-service.ts';
import retryPayment from '../../tools/recovery/retry-payment.ts';
import sendRecoveryMail from '../../tools/recovery/send-recovery-mail.ts';
import { count } from '../../tools/wording.ts';
import { defineSkill, type SkillContext, type StepOutcome } from '../define-skill.ts';
import { waitsForDecision } from '../open-proposals.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';
import { type Act, nextStep } from './next-step.ts';
import { openDunning, registered } from './open-dunning.ts';

const YEAR_MS = 365 * 86_400_000;
/** A card is over before the next morning's. */
const ANSWERS_MS = 22 * 3_600_000;

const TOOLS: Readonly<Record<Act | 'restore', Tool>> = {
  retry: retryPayment,
  mail: sendRecoveryMail,
  restrict: restrictService,
  rehearse: restrictService,
  restore: restoreService,
};
const NAMES = Object.values(TOOLS).map(({ name }) => name);

const lookedSchema = z.object({
  owing: z.int(),
  rows: z.array(
    z.object({
      act: z.enum(['retry', 'mail', 'restrict', 'rehearse', 'restore']),
      customerId: z.string(),
      input: z.record(z.string(), z.json()),
    }),
  ),
  tasks: z.array(
    z.object({ customerId: z.string(), customer: z.string(), step: z.string(), words: z.string() }),
  ),
  held: z.array(z.object({ customer: z.string(), why: z.string() })),
  problem: z.string().nullable(),
});
type Looked = z.output<typeof lookedSchema>;
const reportedSchema = z.object({ rows: z.array(z.object({ what: z.string(), state: z.string() })) });

/** See SKILL.md. */
export default defineSkill({
  name: 'payment-recovery',
  scope: 'billing:write',
  input: z.strictObject({}),
  responseTimeoutMs: ANSWERS_MS,
  steps: [
    {
      name: 'look',
      title: 'Looking at failed payments',
      timeoutMs: 4 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await look(ctx) }),
    },
    {
      name: 'propose',
      title: 'Putting the next steps on a card',
      timeoutMs: 4 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await propose(ctx) }),
      compensate: async (_, ctx) => withdrawProposed(ctx),
    },
    { name: 'decisions', title: 'Waiting for decisions', run: async (_, ctx) => decisions(ctx) },
    {
      name: 'report',
      title: 'Saying what became of each',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const looked = lookedSchema.parse(done.look);
    const { refused } = proposedSchema.parse(done.propose);
    const { rows } = reportedSchema.parse(done.report);
    const told = rows.map(({ what, state }) => `• ${plainCell(what)}: ${state}`);
    return [headWords(looked), ...told, ...besideWords(looked), refusedWords(refused)]
      .filter((line) => line !== '')
      .join('\n');
  },
});

type Result = { [key: string]: Json };

async function look(ctx: SkillContext): Promise<Result> {
  await ctx.sources.refresh(['stripe', 'supabase', 'psizero']);
  const { experiment, problem } = await registered(ctx.recovery.experiment(), ctx);
  const failing = await ctx.recovery.failing();
  const looked: Looked = { owing: failing.length, rows: [], tasks: [], held: [], problem };
  const outcomes = new Map<string, TimedOutcome[]>();
  for (const { customerId, ...outcome } of await ctx.recovery.outcomesSince(ctx.clock.now() - YEAR_MS)) {
    const own = outcomes.get(customerId);
    if (own) own.push(outcome);
    else outcomes.set(customerId, [outcome]);
  }
  const { tz } = ctx.company;
  const all = learnTimes([...outcomes.values()].map((own) => ({ tz, outcomes: own })));
  for (const one of failing) {
    ctx.signal.throwIfAborted();
    const customer = await ctx.customers.get(one.customerId);
    if (customer === null) continue;
    const dunning = await openDunning(customer, one, experiment, ctx);
    if (await waitsForDecision(ctx.approvals, { tools: NAMES, customerId: one.customerId })) {
      looked.held.push({ customer: customer.name, why: 'a step waits for a decision already' });
      continue;
    }
    const times = { outcomes: outcomes.get(one.customerId) ?? [], all };
    addTo(looked, one, await nextStep(customer, one, dunning, times, ctx));
  }
  await closePaid(failing, looked, ctx);
  return looked;
}

function addTo(
  looked: Looked,
  { customerId, customerName: customer }: FailingCustomer,
  next: Awaited<ReturnType<typeof nextStep>>,
): void {
  if (next.kind === 'act') looked.rows.push({ act: next.act, customerId, input: next.input });
  if (next.kind === 'task') looked.tasks.push({ customerId, customer, step: next.step, words: next.words });
  if (next.kind === 'held') looked.held.push({ customer, why: next.why });
}

/** Who owes nothing any more is done with, and gets back what was taken away if that has not happened yet. */
async function closePaid(
  failing: readonly FailingCustomer[],
  looked: Looked,
  ctx: SkillContext,
): Promise<void> {
  const owing = new Set(failing.map(({ customerId }) => customerId));
  for (const { id, customerId } of await ctx.recovery.openDunnings()) {
    if (!owing.has(customerId)) await ctx.recovery.close(id, 'paid');
  }
  for (const { customerId } of await ctx.recovery.restricted()) {
    if (owing.has(customerId)) continue;
    if (await waitsForDecision(ctx.approvals, { tools: NAMES, customerId })) continue;
    looked.rows.push({ act: 'restore', customerId, input: { customer: customerId } });
  }
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { rows, tasks } = lookedSchema.parse(ctx.done.look);
  for (const { customerId, step } of tasks) await noteOnce(ctx, customerId, step);
  if (rows.length === 0) return { batchId: null, refused: [] };
  try {
    const batch = await ctx.proposeBatch({
      title: `Failed payments: ${count(rows.length, 'next step')}`,
      intro:
        'Each row stands for itself. It is looked at again when it is applied: who has paid is left alone.',
      tool: retryPayment,
      rows: rows.map(({ input }) => input),
      tools: rows.map(({ act }) => TOOLS[act]),
    });
    for (const { approval } of batch.rows) {
      const customerId = approval.plan.customer?.id;
      const shown = rows.some((row) => row.act === 'rehearse' && row.customerId === customerId);
      if (customerId !== undefined && shown && approval.tool === restrictService.name)
        await ctx.recovery.note(customerId, {
          ...{ kind: 'rehearsal_shown', step: null, untilAt: null, by: ctx.principal.userId },
        });
    }
    return { batchId: batch.id, refused: batch.refused.map(({ what, why }) => ({ what, why })) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { batchId: null, refused: [{ what: 'The next steps', why: error.message }] };
  }
}

/** This step may run again after a crash. */
async function noteOnce(ctx: SkillContext, customerId: string, step: string): Promise<void> {
  const dunning = await ctx.recovery.dunningOf(customerId);
  const events = await ctx.recovery.eventsOf(customerId);
  if (events.some((event) => event.step === step && event.at >= (dunning?.openedAt ?? 0))) return;
  await ctx.recovery.note(customerId, { kind: 'step', step, untilAt: null, by: ctx.principal.userId });
}

async function decisions(ctx: SkillContext): Promise<StepOutcome> {
  const { refused } = proposedSchema.parse(ctx.done.propose);
  const looked = lookedSchema.parse(ctx.done.look);
  return untilDecided(ctx, (batch) => [
    headWords(looked),
    `${count(batch.rows.length, 'next step')} on one card in this thread, a row each.`,
    ...besideWords(looked),
    refusedWords(refused),
  ]);
}

async function report(ctx: SkillContext): Promise<Result> {
  const batch = await proposedBatch(ctx);
  return {
    rows: (batch?.rows ?? []).map(({ approval: { plan, state, outcome } }) => ({
      what: plan.title,
      state: outcome === null ? (STATES[state] ?? state) : plainCell(outcome),
    })),
  };
}

const STATES: Readonly<Record<string, string>> = {
  rejected: 'rejected',
  expired: 'nobody decided',
  pending: 'nobody decided',
  unknown: 'nobody can tell whether it happened',
};

function headWords({ owing }: Looked): string {
  return owing === 0
    ? 'Nobody owes after a failed payment.'
    : `${count(owing, 'customer')} ${owing === 1 ? 'owes' : 'owe'} after a failed payment.`;
}

/** What is not on the card: things to do, customers left alone and why. */
function besideWords({ tasks, held, problem }: Looked): string[] {
  const done = tasks.map(({ customer, words }) => `${plainCell(customer)}: ${words}`);
  const whys = [...new Set(held.map(({ why }) => why))].map((why) => {
    const who = held.filter((one) => one.why === why).map(({ customer }) => plainCell(customer));
    const more = who.length > 5 ? ` and ${who.length - 5} more` : '';
    return `${who.slice(0, 5).join(', ')}${more} (${why})`;
  });
  return [
    done.length === 0 ? '' : `To do by hand: ${done.join('; ')}.`,
    whys.length === 0 ? '' : `Left alone: ${whys.join('; ')}.`,
    problem ?? '',
  ];
}
