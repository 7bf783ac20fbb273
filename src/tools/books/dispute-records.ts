import type { OutsideDispute } from '../../domain/books/books-desk.ts';
import { stripInvisible } from '../../domain/language/safe-text.ts';
import type { PaymentRecord } from '../../domain/ports.ts';
import type { DisputeRecords } from '../../domain/recovery/dispute-evidence.ts';
import type { Customer } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

const DAY_MS = 86_400_000;
/** Use of the service from so long before the charge counts as what it was for. */
const USE_BEFORE_DAYS = 60;
/** Two charges further apart than this are two months' bills, not one billed twice. */
const ALIKE_WITHIN_DAYS = 25;
const MOST_MESSAGES = 20;
const MOST_PAYMENTS = 12;

/** What our records hold about a disputed charge; what they do not hold stays empty and is named as missing. */
export async function disputeRecords(
  of: { dispute: OutsideDispute; payment: PaymentRecord; customer: Customer },
  ctx: ToolContext,
): Promise<DisputeRecords> {
  const { payment, customer } = of;
  const invoice = payment.invoiceId === null ? null : await ctx.records.getInvoice(payment.invoiceId);
  const subscriptions = await ctx.records.listSubscriptions(customer.id);
  const plans = [...new Set(subscriptions.map(({ plan }) => plan))];
  const { rows: payments } = await ctx.records.listPayments({
    customerId: customer.id,
    status: 'succeeded',
    limit: 200,
  });
  const others = payments.filter(({ id, disputed }) => id !== payment.id && !disputed);
  return {
    charge: {
      id: payment.id,
      at: payment.createdAt,
      amount: payment.amount,
      invoiceNumber: invoice?.number ?? null,
      description: plans.length === 0 ? '' : `${ctx.company.name} API, plan ${plans.join(', ')}`,
    },
    customer: {
      name: customer.name,
      email: customer.email,
      billingAddress: null,
      sinceAt: customer.signedUpAt,
    },
    agreement: null,
    usage: await usageOf(customer, payment.createdAt, ctx),
    earlierPayments: others
      .filter(({ createdAt }) => createdAt < payment.createdAt)
      .slice(0, MOST_PAYMENTS)
      .map(({ id, createdAt, amount }) => ({ id, at: createdAt, amount })),
    messages: await messagesOf(customer, ctx),
    cancellation: { requestedAt: null, policy: null, shownAt: null },
    refunds:
      payment.amountRefunded.minor === 0
        ? []
        : [{ id: payment.id, at: payment.createdAt, amount: payment.amountRefunded }],
    refundPolicy: null,
    similarCharges: await similar(payment, others, ctx),
  };
}

async function usageOf(
  { id }: Customer,
  chargedAt: number,
  { facts, clock, company }: ToolContext,
): Promise<DisputeRecords['usage']> {
  const period = {
    startAt: chargedAt - USE_BEFORE_DAYS * DAY_MS,
    endAt: clock.now(),
    tz: company.tz,
    label: '',
  };
  const days = (await facts.usageIn(period, { customerId: id }, 'day')).filter(({ calls }) => calls > 0);
  const instants = days.map(({ group }) => Number(group));
  if (instants.length === 0) return null;
  return {
    firstAt: Math.min(...instants),
    lastAt: Math.max(...instants),
    calls: days.reduce((sum, { calls }) => sum + calls, 0),
    days: days.length,
    addresses: [],
  };
}

async function messagesOf({ id }: Customer, { records }: ToolContext): Promise<DisputeRecords['messages']> {
  const { rows } = await records.listTickets({ customerId: id, limit: MOST_MESSAGES });
  return rows.flatMap(({ openedAt, firstResponseAt, subject }) => [
    { at: openedAt, from: 'customer' as const, summary: stripInvisible(subject).slice(0, 200) },
    ...(firstResponseAt === null
      ? []
      : [
          {
            at: firstResponseAt,
            from: 'us' as const,
            summary: `Answered: ${stripInvisible(subject).slice(0, 180)}`,
          },
        ]),
  ]);
}

async function similar(
  payment: PaymentRecord,
  others: readonly PaymentRecord[],
  { records }: ToolContext,
): Promise<DisputeRecords['similarCharges']> {
  const alike = others.filter(
    ({ amount, createdAt }) =>
      amount.minor === payment.amount.minor &&
      amount.currency === payment.amount.currency &&
      Math.abs(createdAt - payment.createdAt) <= ALIKE_WITHIN_DAYS * DAY_MS,
  );
  return Promise.all(
    alike.map(async ({ id, createdAt, amount, invoiceId }) => ({
      id,
      at: createdAt,
      amount,
      invoiceNumber: invoiceId === null ? null : ((await records.getInvoice(invoiceId))?.number ?? null),
    })),
  );
}
