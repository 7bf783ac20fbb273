import { formatMoney } from '../../domain/money/format.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { dayWords } from '../day-words.ts';
import type { ToolContext } from '../define-tool.ts';

export type LivePayment = Awaited<ReturnType<ToolContext['payments']['getPayment']>>;

/** The store says which payment is meant; Stripe itself says what it is like. */
export async function findPayment(
  wanted: {
    payment?: string | undefined;
    customer?: string | undefined;
    which?: 'last' | 'largest' | undefined;
  },
  ctx: ToolContext,
): Promise<{ payment: LivePayment; customer: Customer | null; warnings: string[] }> {
  await ctx.sources.refresh(['stripe']);
  const named = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  if (wanted.payment !== undefined) {
    const payment = await ctx.payments.getPayment(wanted.payment);
    const record = await ctx.records.getPayment(wanted.payment);
    const payer = named ?? (record === null ? null : await ctx.customers.get(record.customerId));
    checkPayer(payment, payer);
    return { payment, customer: payer, warnings: [] };
  }
  if (named === null) {
    throw new UserError('invalid_input', 'It takes a payment or a customer to refund.', 'Name the customer.');
  }
  const { rows } = await ctx.records.listPayments({ customerId: named.id, limit: 100 });
  const newest = [...rows].sort((left, right) => right.createdAt - left.createdAt);
  const paid = newest.filter((row) => row.status === 'succeeded');
  const chosen =
    wanted.which === 'largest'
      ? [...paid].sort((left, right) => right.amount.minor - left.amount.minor)[0]
      : paid[0];
  if (chosen === undefined) {
    throw new UserError(
      'conflict',
      `${named.name} has no successful payment, so there is nothing to refund.`,
    );
  }
  const [latest] = newest;
  const warnings =
    latest !== undefined && latest.status === 'failed'
      ? [
          `Their latest attempt to pay, on ${dayWords(latest.createdAt, ctx.company.tz)}, failed; this is the last one that went through.`,
        ]
      : [];
  const payment = await ctx.payments.getPayment(chosen.id);
  checkPayer(payment, named);
  return { payment, customer: named, warnings };
}

function checkPayer(payment: LivePayment, customer: Customer | null): void {
  if (customer === null || customer.stripeCustomerId === null || payment.stripeCustomerId === null) return;
  if (payment.stripeCustomerId !== customer.stripeCustomerId) {
    throw new UserError('conflict', `Payment ${payment.id} was not made by ${customer.name}.`);
  }
}

/** What is left to give back. Throws `conflict` when that is nothing. */
export function refundable(payment: LivePayment): Money {
  const amount = formatMoney(payment.amount);
  if (payment.status === 'failed') {
    throw new UserError(
      'conflict',
      `The payment of ${amount} failed: no money was taken, so there is none to give back.`,
    );
  }
  if (payment.status === 'pending') {
    throw new UserError(
      'conflict',
      `The payment of ${amount} has not gone through yet.`,
      'Try again when it has.',
    );
  }
  if (payment.disputed) {
    throw new UserError(
      'conflict',
      `The payment of ${amount} is disputed: the bank decides about it now, and it cannot be refunded.`,
      'Answer the dispute at Stripe.',
    );
  }
  const left = payment.amount.minor - payment.amountRefunded.minor;
  if (left <= 0)
    throw new UserError('conflict', `The payment of ${amount} has already been refunded in full.`);
  return { minor: left, currency: payment.amount.currency };
}
