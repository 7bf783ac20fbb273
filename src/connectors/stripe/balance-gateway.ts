import { z } from 'zod';
import type { BalanceGateway } from '../../domain/billing/gateways.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import { isoMinor, stripeMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { keyedWrite } from './keyed-write.ts';
import { EFFECT_KEY } from './write-doubt.ts';

const currency = z
  .string()
  .length(3)
  .transform((code) => code.toUpperCase());

const balanceSchema = z.object({ balance: z.int(), currency: currency.nullish() });
const balanceEntrySchema = z.object({ id: z.string().min(1), ending_balance: z.int(), currency });

/** What customers have in credit at Stripe: live reads, and keyed credits. */
export function createBalanceGateway({ client, call }: StripeConnection): BalanceGateway {
  return {
    async getBalance(stripeCustomerId) {
      const answer = await call(() => client.customers.retrieve(stripeCustomerId)).catch((error: unknown) => {
        throw notFound(error, `Stripe has no customer ${stripeCustomerId}.`);
      });
      const customer = balanceSchema.safeParse(answer);
      if (!customer.success)
        throw new SystemError('source_malformed', `Stripe's customer ${stripeCustomerId} cannot be read`);
      // A customer who was never billed has no currency, and nothing in credit in any.
      return inCredit(customer.data.balance, customer.data.currency ?? 'USD');
    },
    async creditBalance({ stripeCustomerId, amount, description, idempotencyKey }) {
      const entry = await keyedWrite(call, {
        what: `the credit to ${stripeCustomerId}`,
        answer: balanceEntrySchema,
        send: () =>
          client.customers.createBalanceTransaction(
            stripeCustomerId,
            {
              // Stripe keeps what it owes the customer below zero.
              amount: -stripeMinor(amount.minor, amount.currency),
              currency: amount.currency.toLowerCase(),
              description,
              metadata: { [EFFECT_KEY]: idempotencyKey },
            },
            { idempotencyKey },
          ),
      });
      return { id: entry.id, balance: inCredit(entry.ending_balance, entry.currency) };
    },
    async findBalanceCredit(stripeCustomerId, idempotencyKey) {
      let after: string | null = null;
      for (;;) {
        const cursor: { starting_after?: string } = after === null ? {} : { starting_after: after };
        const page = await call(() =>
          client.customers.listBalanceTransactions(stripeCustomerId, { limit: 100, ...cursor }),
        );
        const found = page.data.find((entry) => entry.metadata?.[EFFECT_KEY] === idempotencyKey);
        if (found !== undefined) {
          return { id: found.id, balance: inCredit(found.ending_balance, found.currency.toUpperCase()) };
        }
        after = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
        if (after === null) return null;
      }
    },
  };
}

function inCredit(stripeBalance: number, inCurrency: string) {
  return { minor: isoMinor(stripeBalance === 0 ? 0 : -stripeBalance, inCurrency), currency: inCurrency };
}

function notFound(error: unknown, words: string): unknown {
  return error instanceof OutsideError && error.status === 404 ? new UserError('not_found', words) : error;
}
