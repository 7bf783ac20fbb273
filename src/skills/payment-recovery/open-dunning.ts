import type { Dunning, FailingCustomer } from '../../domain/recovery/desk.ts';
import { armOf, type Experiment, HOLDOUT } from '../../domain/recovery/experiment.ts';
import { RECOVERY_SEGMENTS, type RecoverySegment } from '../../domain/recovery/segments.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { recoverySegmentOf } from '../../tools/recovery/customer-segment.ts';
import type { SkillContext } from '../define-skill.ts';

/** The customer's dunning as it is open, or begun now with the ladder of their segment or of an experiment's arm. */
export async function openDunning(
  customer: Customer,
  failing: FailingCustomer,
  experiment: Experiment | null,
  ctx: SkillContext,
): Promise<Dunning> {
  const known = await ctx.recovery.dunningOf(customer.id);
  if (known !== null) return known;
  const segment = await recoverySegmentOf(customer, ctx);
  const now = ctx.clock.now();
  const running = experiment !== null && experiment.startsAt <= now && now < experiment.endsAt;
  const arm = running ? armOf(experiment, customer.id) : null;
  return ctx.recovery.open({
    customerId: customer.id,
    openedAt: failing.invoices[0]?.firstFailedAt ?? now,
    segment,
    ladder: arm === null || !running ? segment : ladderOf(experiment, arm, segment),
    experiment: arm === null || !running ? null : { id: experiment.id, arm },
  });
}

function ladderOf(experiment: Experiment, arm: string, segment: RecoverySegment): RecoverySegment {
  if (arm === HOLDOUT) return segment;
  const wanted = experiment.arms.find(({ id }) => id === arm)?.ladder;
  return RECOVERY_SEGMENTS.find((name) => name === wanted) ?? segment;
}

/**
 * The experiment as it was registered, which happens at its first sight; null with a sentence when it cannot be used.
 */
export async function registered(
  experiment: Experiment | null,
  ctx: Pick<SkillContext, 'recovery'>,
): Promise<{ experiment: Experiment | null; problem: string | null }> {
  if (experiment === null) return { experiment: null, problem: null };
  const unknown = experiment.arms.find(({ ladder }) => !RECOVERY_SEGMENTS.some((name) => name === ladder));
  if (unknown !== undefined)
    return { experiment: null, problem: `The experiment names a ladder there is not: ${unknown.ladder}.` };
  try {
    await ctx.recovery.register(experiment);
    return { experiment, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { experiment: null, problem: error.message };
  }
}
