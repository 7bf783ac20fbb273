import Stripe from 'stripe';
import type { z } from 'zod';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import type { StripeConnection } from './client.ts';

/** The metadata a written record carries, so that a lost answer can be looked up. */
export const EFFECT_KEY = 'psi_effect_key';

export interface KeyedWrite<T> {
  /** "the credit to cus_1", for what is said of it. */
  what: string;
  /** Plain words for Stripe's codes; a code left out is told as a refusal. */
  refusals?: Readonly<Record<string, string>>;
  /** What to look at when it was refused. */
  advice: string;
  /** Carries the idempotency key: it may run more than once. */
  send(): Promise<unknown>;
  answer: z.ZodType<T>;
}

/**
 * One write at Stripe, repeated under its key until it is answered. A refusal is final and changes nothing
 * (UserError `conflict`); silence is not: what was asked may exist (SystemError `effect_unknown`).
 */
export async function keyedWrite<T>(call: StripeConnection['call'], write: KeyedWrite<T>): Promise<T> {
  const doubt = createDoubt();
  const answer = await call(() => doubt.during(() => write.send())).catch((error: unknown) => {
    throw refused(error, write, doubt.remains());
  });
  const read = write.answer.safeParse(answer);
  if (!read.success)
    throw new SystemError('effect_unknown', `Stripe's answer to ${write.what} is unreadable`);
  return read.data;
}

function refused(
  error: unknown,
  { what, refusals = {}, advice }: Pick<KeyedWrite<unknown>, 'what' | 'refusals' | 'advice'>,
  inDoubt: boolean,
): unknown {
  if (inDoubt)
    return new SystemError('effect_unknown', `No answer to ${what}: it may have happened`, { cause: error });
  if (error instanceof OutsideError)
    return new UserError('conflict', refusals[error.options.code ?? ''] ?? `Stripe refused ${what}.`, advice);
  return error;
}

/**
 * Whether an attempt of a write may have been carried out although it seemed to fail. An attempt is in doubt
 * from its start until a definite answer; a later refusal under the same key settles the earlier ones too.
 */
export function createDoubt() {
  let open = false;
  return {
    async during<T>(attempt: () => Promise<T>): Promise<T> {
      const before = open;
      open = true;
      try {
        return await attempt();
      } catch (error) {
        const status = error instanceof Stripe.errors.StripeError ? (error.statusCode ?? null) : null;
        if (status === 429) open = before;
        else if (status !== null && status >= 400 && status < 500 && status !== 409) open = false;
        throw error;
      }
    },
    remains: () => open,
  };
}
