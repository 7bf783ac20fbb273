import { z } from 'zod';
import { Experiment } from '../recovery/experiment.ts';

/**
 * Decided once by a named person for many cases alike: every application of it carries their name. It ends by itself,
 * and is asked for case by case from then on.
 */
const standingRule = z.strictObject({
  /** The address of whoever decided it; they need the right to decide each case. */
  decided_by: z.string().regex(/^\S+@\S+$/, 'write the address of whoever decided it'),
  /** The last day it holds, in the company's zone. */
  until: z.iso.date('write a day like 2027-06-30'),
  max_per_day: z.int().positive(),
});
export type StandingRule = z.output<typeof standingRule>;

const day = z.iso.date('write a day like 2027-01-01').transform((text) => Date.parse(`${text}T00:00:00Z`));

const experimentRule = z
  .looseObject({ starts: day, ends: day })
  .transform(({ starts, ends, ...rest }) => ({ ...rest, startsAt: starts, endsAt: ends }))
  .pipe(Experiment);

/** The `recovery:` section of policy.yml. */
export const recoveryRules = z.strictObject({
  /** Full service is given back as soon as nothing is owed; null: it is proposed at once, and a person decides. */
  restore_after_payment: standingRule.nullable().default(null),
  /** A comparison of ladders that customers enter when a payment fails; null: everybody gets their segment's. */
  experiment: experimentRule.nullable().default(null),
});
