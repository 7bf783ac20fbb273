import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import type { Attempt, AttemptDecision, AttemptRequest } from '../../domain/recovery/attempt.ts';
import { planAttempt } from '../../domain/recovery/attempt-budget.ts';
import type { AttemptStart } from '../../domain/recovery/desk.ts';
import type { CardOnFile } from '../../domain/recovery/gateways.ts';
import { expiresAt } from '../../domain/recovery/payment-methods.ts';
import { UserError } from '../../lib/errors.ts';
import { dayWords } from '../day-words.ts';
import type { ToolContext } from '../define-tool.ts';

export type ChargeContext = Pick<ToolContext, 'recovery' | 'clock' | 'company' | 'billing' | 'principal'>;

/** An open invoice that failed, the card that would be charged, and all that was tried with it. */
export interface Chargeable {
  invoice: OutsideInvoice;
  card: CardOnFile & { fingerprint: string };
  request: AttemptRequest;
  history: Attempt[];
}

/**
 * Straight from the provider. Throws UserError `conflict` where nothing failed, nothing is owed, or there is no card
 * that could be charged.
 */
export async function chargeable(invoiceId: string, ctx: ChargeContext): Promise<Chargeable> {
  const invoice = await ctx.recovery.collection.getInvoice(invoiceId);
  const name = invoice.number ?? invoice.id;
  if (invoice.status === 'paid') throw new UserError('conflict', `Invoice ${name} has been paid.`);
  if (invoice.status !== 'open' || invoice.amountRemaining.minor <= 0)
    throw new UserError('conflict', `Invoice ${name} is ${invoice.status}; there is nothing to charge.`);
  if (invoice.attemptCount === 0)
    throw new UserError(
      'conflict',
      `No payment of invoice ${name} has failed.`,
      'It is charged when it is due.',
    );
  const [card] = await ctx.recovery.collection.listCards(invoice.stripeCustomerId);
  if (!card?.isDefault || card.fingerprint === null)
    throw new UserError(
      'conflict',
      `There is no card to charge for invoice ${name}.`,
      'They have to add a payment method first.',
    );
  if (card.expiry !== null && expiresAt(card.expiry) <= ctx.clock.now())
    throw new UserError('conflict', 'Their card has expired.', 'They have to add another one first.');
  const { fingerprint } = card;
  const by = ctx.principal.kind === 'user' ? 'person' : 'schedule';
  const request: AttemptRequest = {
    fingerprint,
    network: card.network,
    cardCountry: card.country,
    acquirerCountry: ctx.billing.settings().entity.country,
    amountMinor: invoice.amountRemaining.minor,
    currency: invoice.amountRemaining.currency,
    by,
    actedAt: card.actedAt,
  };
  const history = await ctx.recovery.attemptsOf(fingerprint);
  return { invoice, card: { ...card, fingerprint }, request, history };
}

/** The charge as it is written down. */
export function attemptOf(
  { invoice, card, request }: Chargeable,
  customerId: string,
): Omit<AttemptStart, 'id'> {
  return {
    fingerprint: card.fingerprint,
    network: card.network,
    country: card.country,
    amount: invoice.amountRemaining,
    customerId,
    invoiceId: invoice.id,
    by: request.by === 'schedule' ? 'schedule' : 'person',
  };
}

/** Whether the card may be tried now, by everything that was tried with it. */
export function decisionOf({ history, request }: Chargeable, now: number): AttemptDecision {
  return planAttempt(history, request, now);
}

/** Why not, from when it would be allowed, and what helps meanwhile. */
export function refusalOf(decision: Extract<AttemptDecision, { allowed: false }>, tz: string): UserError {
  const { words, againAt, needs } = decision;
  const hint =
    needs === 'new_method'
      ? 'They need another payment method; send them a link.'
      : needs === 'customer'
        ? 'Send them a link to update or confirm the card.'
        : needs === 'time' && againAt !== null
          ? `It may be tried again from ${whenWords(againAt, tz)}.`
          : undefined;
  return new UserError('conflict', words, hint);
}

function whenWords(at: number, tz: string): string {
  const time = new Intl.DateTimeFormat('en-US', {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: tz,
  });
  return `${dayWords(at, tz)}, ${time.format(at)}`;
}
