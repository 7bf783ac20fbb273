import type { PaymentsGateway } from '../../domain/ports.ts';
import type { Money } from '../../domain/types.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import { isoMinor, stripeMinor } from './amounts.ts';
import { idOf, type StripeConnection } from './client.ts';
import { chargeSchema, invoiceSchema, refundSchema, type StripeRefund } from './objects.ts';
import { invoiceRow } from './rows.ts';
import { createDoubt, EFFECT_KEY } from './write-doubt.ts';

/** Live reads and the one write at Stripe. */
export function createPaymentsGateway(connection: StripeConnection): PaymentsGateway {
  const { client, call } = connection;

  async function invoiceOf(paymentIntent: string | null): Promise<string | null> {
    if (paymentIntent === null) return null;
    const links = await call(() =>
      client.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: paymentIntent } }),
    );
    return idOf(links.data[0]?.invoice);
  }

  return {
    async getPayment(id) {
      const answer = await call(() => client.charges.retrieve(id)).catch((error: unknown) => {
        throw notFound(error, `Stripe has no payment ${id}.`);
      });
      const charge = readable(chargeSchema.safeParse(answer), 'payment', id);
      return {
        id: charge.id,
        stripeCustomerId: charge.customer,
        status: charge.status,
        amount: money(charge.amount, charge.currency),
        amountRefunded: money(charge.amount_refunded, charge.currency),
        invoiceId: await invoiceOf(charge.payment_intent ?? null),
        disputed: charge.disputed,
        createdAt: charge.created * 1000,
      };
    },
    async getInvoice(id) {
      const answer = await call(() => client.invoices.retrieve(id)).catch((error: unknown) => {
        throw notFound(error, `Stripe has no invoice ${id}.`);
      });
      const row = invoiceRow(readable(invoiceSchema.safeParse(answer), 'invoice', id), 0);
      return {
        id: row.id,
        number: row.number,
        status: row.status,
        amountRemaining: { minor: row.amount_remaining_minor, currency: row.currency },
        dueAt: row.due_at,
        hostedUrl: row.hosted_url,
      };
    },
    async createRefund({ paymentId, amount, reason, idempotencyKey }) {
      // Repeating is safe: Stripe answers the same key with the same refund.
      const doubt = createDoubt();
      const answer = await call(() =>
        doubt.during(() =>
          client.refunds.create(
            {
              charge: paymentId,
              amount: stripeMinor(amount.minor, amount.currency),
              reason,
              metadata: { [EFFECT_KEY]: idempotencyKey },
            },
            { idempotencyKey },
          ),
        ),
      ).catch((error: unknown) => {
        throw refused(error, paymentId, doubt.remains());
      });
      const refund = refundSchema.safeParse(answer);
      if (!refund.success)
        throw new SystemError(
          'effect_unknown',
          `Stripe's answer to the refund of ${paymentId} is unreadable`,
        );
      return refundOf(refund.data);
    },
    async findRefund(paymentId, idempotencyKey) {
      let after: string | null = null;
      for (;;) {
        const cursor: { starting_after?: string } = after === null ? {} : { starting_after: after };
        const page = await call(() => client.refunds.list({ charge: paymentId, limit: 100, ...cursor }));
        const found = page.data.find((refund) => refund.metadata?.[EFFECT_KEY] === idempotencyKey);
        if (found) return refundOf(readable(refundSchema.safeParse(found), 'refund', found.id));
        after = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
        if (after === null) return null;
      }
    },
  };
}

function money(stripeAmount: number, currency: string): Money {
  return { minor: isoMinor(stripeAmount, currency), currency };
}

function refundOf(refund: StripeRefund) {
  return { id: refund.id, status: refund.status, amount: money(refund.amount, refund.currency) };
}

function readable<T>(parsed: { success: true; data: T } | { success: false }, what: string, id: string): T {
  if (parsed.success) return parsed.data;
  throw new SystemError('source_malformed', `Stripe's ${what} ${id} cannot be read`);
}

function notFound(error: unknown, words: string): unknown {
  return error instanceof OutsideError && error.status === 404 ? new UserError('not_found', words) : error;
}

const REFUSALS: Readonly<Record<string, string>> = {
  charge_already_refunded: 'This payment has already been refunded in full.',
  charge_disputed: 'This payment is disputed: the bank decides about it now, and it cannot be refunded.',
  refund_disputed_payment:
    'This payment is disputed: the bank decides about it now, and it cannot be refunded.',
  amount_too_large: 'The refund is larger than what is left of the payment.',
  resource_missing: 'Stripe does not know this payment.',
  balance_insufficient: 'The balance at Stripe is too low for this refund.',
  insufficient_funds: 'The balance at Stripe is too low for this refund.',
};

/** A refusal is final and changes nothing; silence is not: the refund may exist. */
function refused(error: unknown, paymentId: string, inDoubt: boolean): unknown {
  if (inDoubt)
    return new SystemError(
      'effect_unknown',
      `No answer to the refund of ${paymentId}: it may have happened`,
      {
        cause: error,
      },
    );
  if (error instanceof OutsideError)
    return new UserError(
      'conflict',
      REFUSALS[error.options.code ?? ''] ?? 'Stripe refused the refund.',
      `Look at payment ${paymentId} at Stripe.`,
    );
  return error;
}
