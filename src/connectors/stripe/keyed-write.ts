import type { z } from 'zod';
import { SystemError } from '../../lib/errors.ts';
import type { StripeConnection } from './client.ts';
import { createDoubt, refusedWrite } from './write-doubt.ts';

export interface KeyedWrite<T> {
  /** "the credit to cus_1", for what is said of it. */
  what: string;
  /** Plain words for Stripe's codes; a code left out is told as a refusal. */
  refusals?: Readonly<Record<string, string>>;
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
    throw refusedWrite(error, write.what, doubt.remains(), write.refusals ?? {});
  });
  const read = write.answer.safeParse(answer);
  if (!read.success)
    throw new SystemError('effect_unknown', `Stripe's answer to ${write.what} is unreadable`);
  return read.data;
}
