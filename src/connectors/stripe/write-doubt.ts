import Stripe from 'stripe';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';

/** The metadata every record made by Psi carries, so that a lost answer can be looked up. */
export const EFFECT_KEY = 'psi_effect_key';

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

/**
 * What a failed write says: a refusal is final and changes nothing, in `words`' sentence for its code; silence is not,
 * for it may have happened.
 */
export function refusedWrite(
  error: unknown,
  what: string,
  inDoubt: boolean,
  words: Readonly<Record<string, string>>,
): unknown {
  if (inDoubt)
    return new SystemError('effect_unknown', `No answer to ${what}: it may have happened`, { cause: error });
  if (error instanceof OutsideError)
    return new UserError('conflict', words[error.options.code ?? ''] ?? `Stripe refused ${what}.`);
  return error;
}
