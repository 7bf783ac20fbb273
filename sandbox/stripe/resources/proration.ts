import { createInvoice } from '../../world/operations.ts';
import type { SubscriptionRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest } from '../errors.ts';
import { chargeInvoice } from '../operations/invoices.ts';
import { finalized } from './invoice-steps.ts';

export interface ProrationLine {
  description: string;
  amount: number;
  periodStartAt: number;
  periodEndAt: number;
}

interface Asked {
  priceId?: string;
  quantity?: number;
}

/** The instant a change counts from; Stripe takes one inside the current period only. */
export function prorationAt(
  books: Books,
  subscription: SubscriptionRecord,
  asked: number | undefined,
): number {
  const at = asked === undefined ? books.now() : asked * 1000;
  const startAt = Math.floor(subscription.currentPeriodStartAt / 1000) * 1000;
  if (at < startAt || at > subscription.currentPeriodEndAt)
    throw invalidRequest('proration_date must be within the current period of the subscription.', {
      param: 'proration_date',
    });
  return at;
}

/**
 * The unused time of what it was and the remaining time of what it is to be, by whole seconds, after the percentage
 * the subscription has off. Nothing in a trial.
 */
export function prorationLines(
  books: Books,
  before: SubscriptionRecord,
  asked: Asked,
  at: number,
): ProrationLine[] {
  const price = asked.priceId === undefined ? null : books.world.get('prices', asked.priceId);
  const unitAmount = price?.unitAmount ?? before.unitAmount;
  const quantity = asked.quantity ?? before.quantity;
  const same = unitAmount === before.unitAmount && quantity === before.quantity;
  if (same || before.status === 'trialing') return [];
  const second = (instant: number) => Math.floor(instant / 1000);
  const [start, end] = [second(before.currentPeriodStartAt), second(before.currentPeriodEndAt)];
  const percent = 100 - (before.discount?.percentOff ?? 0);
  const share = (amount: number) =>
    Math.round((amount * percent * (end - second(at))) / (100 * (end - start)));
  const rest = { periodStartAt: at, periodEndAt: before.currentPeriodEndAt };
  const name = (id: string) => books.world.get('prices', id)?.nickname ?? id;
  return [
    {
      description: `Unused time on ${before.quantity} × ${name(before.priceId)}`,
      amount: -share(before.unitAmount * before.quantity),
      ...rest,
    },
    {
      description: `Remaining time on ${quantity} × ${name(asked.priceId ?? before.priceId)}`,
      amount: share(unitAmount * quantity),
      ...rest,
    },
  ].filter(({ amount }) => amount !== 0);
}

/** An invoice of the lines at once, charged; what is owed to the customer goes to their balance instead. */
export function billProration(
  books: Books,
  subscription: SubscriptionRecord,
  lines: readonly ProrationLine[],
): void {
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const stripeId = books.stripeIdOf(subscription.customerId);
  if (total < 0) {
    books.annotate(stripeId, { balance: (books.annotation(stripeId).balance ?? 0) + total });
    return;
  }
  const draft = createInvoice(books.world, {
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    currency: subscription.currency,
    lines: lines.map(({ description, amount }) => ({ description, quantity: 1, unitAmount: amount })),
    periodStartAt: lines[0]?.periodStartAt ?? books.now(),
    periodEndAt: subscription.currentPeriodEndAt,
  });
  books.annotate(draft.id, { autoAdvance: true });
  const open = finalized(books, draft);
  const methodId = books.world.get('customers', draft.customerId)?.paymentMethodId ?? null;
  if (open.status === 'open' && methodId !== null) chargeInvoice(books.world, open.id, methodId);
}
