import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import { canonicalJson } from '../approvals/canonical-json.ts';

export const GUARDRAILS = ['unsubscribe', 'complaint', 'churn'] as const;
export type Guardrail = (typeof GUARDRAILS)[number];

export const HOLDOUT = 'holdout';

/** A comparison of ladders, written down whole before the first customer enters it. */
export const Experiment = z
  .strictObject({
    id: z.string().min(1),
    /** What is expected and why, in words. */
    hypothesis: z.string().min(1),
    currency: z.string().regex(/^[A-Z]{3}$/),
    /** The first is what the others are held against. */
    arms: z
      .array(
        z.strictObject({ id: z.string().min(1), ladder: z.string().min(1), weight: z.number().positive() }),
      )
      .min(2),
    /** Customers who are in no arm and keep the usual ladder, to see what all experiments together did. */
    holdoutShare: z.number().min(0).max(0.5),
    startsAt: z.number().int(),
    endsAt: z.number().int(),
    /** Days after entering within which recovered money counts. */
    windowDays: z.number().int().positive(),
    alpha: z.number().positive().max(0.2).default(0.05),
    /** Customers an arm below which nothing is concluded. */
    minimumPerArm: z.number().int().min(50),
    /** Customers expected in all arms at the end. */
    planned: z.number().int().positive(),
    /** Minor units a customer; a difference that surely lies below it, either way, is no effect. */
    smallestEffectMinor: z.number().int().positive(),
    /** By how much a share may rise at most before the better ladder counts as harmless: 0.01 is one in a hundred. */
    guardrails: z.array(
      z.strictObject({ metric: z.enum(GUARDRAILS), maxIncrease: z.number().positive().max(1) }),
    ),
  })
  .superRefine((experiment, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const ids = experiment.arms.map(({ id }) => id);
    if (new Set(ids).size < ids.length) refuse('two arms have one id');
    if (ids.includes(HOLDOUT)) refuse(`no arm may be called ${HOLDOUT}`);
    if (experiment.endsAt <= experiment.startsAt) refuse('it must end after it starts');
    if (experiment.planned < experiment.minimumPerArm * ids.length)
      refuse('the planned number of customers is below the minimum of all arms');
  });
export type Experiment = z.infer<typeof Experiment>;

/** What is kept at registration; the same experiment gives the same text whatever the order of its keys. */
export function registrationOf(experiment: Experiment): string {
  return canonicalJson(experiment);
}

/** Throws `conflict` when anything about an experiment changed after it was registered. */
export function assertRegistered(experiment: Experiment, registered: string): void {
  if (registrationOf(experiment) === registered) return;
  throw new UserError(
    'conflict',
    `The experiment "${experiment.id}" is not what was registered.`,
    'Register the change as a new experiment; this one keeps its rules to the end.',
  );
}

/** The arm a customer is in, or the holdout: by a hash of both names, the same at every time and place. */
export function armOf(
  experiment: Pick<Experiment, 'id' | 'arms' | 'holdoutShare'>,
  customerId: string,
): string {
  // The holdout's hash leaves out the experiment, so that the same customers stay out of all of them.
  if (hashShare(`${HOLDOUT}:${customerId}`) < experiment.holdoutShare) return HOLDOUT;
  const total = experiment.arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = hashShare(`${experiment.id}:${customerId}`) * total;
  for (const { id, weight } of experiment.arms) {
    if (left < weight) return id;
    left -= weight;
  }
  return experiment.arms.at(-1)?.id ?? HOLDOUT;
}

/** A text as a number in [0, 1), evenly: FNV-1a over its UTF-16 units, then the final mix of MurmurHash3. */
export function hashShare(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32;
}
