import { z } from 'zod';
import type { Batch } from '../approvals/types.ts';
import { plainCell } from '../domain/language/safe-text.ts';
import type { SkillContext, StepOutcome } from './define-skill.ts';

/** What the step `propose` of a skill leaves: its batch, null where nothing was proposed, and the rows refused. */
export const proposedSchema = z.object({
  batchId: z.string().nullable(),
  refused: z.array(z.object({ what: z.string(), why: z.string() })),
});

const SETTLED = new Set(['rejected', 'expired', 'applied', 'failed', 'undone', 'superseded']);

export async function proposedBatch(ctx: SkillContext): Promise<Batch | null> {
  const { batchId } = proposedSchema.parse(ctx.done.propose);
  return batchId === null ? null : ctx.getBatch(batchId);
}

/** For `compensate` of `propose`, which may have been stopped before it left anything. */
export async function withdrawProposed(ctx: SkillContext): Promise<void> {
  const proposed = proposedSchema.safeParse(ctx.done.propose);
  if (proposed.success && proposed.data.batchId !== null) await ctx.withdrawBatch(proposed.data.batchId);
}

/** Parks until every row has settled or the time for answers is over; `words` says meanwhile what waits. */
export async function untilDecided(
  ctx: SkillContext,
  words: (batch: Batch) => readonly string[],
): Promise<StepOutcome> {
  const batch = await proposedBatch(ctx);
  const open = batch?.rows.some(({ approval }) => !SETTLED.has(approval.state)) ?? false;
  if (batch === null || !open || ctx.waitIsOver) return { kind: 'done', result: {} };
  return {
    kind: 'park',
    approvalIds: batch.rows.map(({ approval }) => approval.id),
    words: words(batch)
      .filter((sentence) => sentence !== '')
      .join('\n'),
  };
}

export function refusedWords(refused: z.output<typeof proposedSchema>['refused']): string {
  return refused
    .map(({ what, why }) => `${plainCell(what)} could not be proposed: ${plainCell(why)}`)
    .join('\n');
}
