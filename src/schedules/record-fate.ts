import type { AlertRaiser } from '../domain/alerts/alert.ts';
import type { Delivery, MailFate } from '../domain/billing/delivery/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { readEffect } from '../store/effects.ts';
import type { DeliveryBook } from '../store/invoice-deliveries.ts';
import type { Store } from '../store/open-store.ts';
import { tellDelivery } from './tell-delivery.ts';

/** What a later word may still change: nothing is delivered once it has come back. */
const OPEN_TO: Readonly<Record<MailFate['fate'], readonly Delivery['state'][]>> = {
  delivered: ['sending', 'sent', 'unknown'],
  bounced_hard: ['sending', 'sent', 'unknown', 'delivered'],
  bounced_soft: ['sending', 'sent', 'unknown', 'delivered'],
};

/**
 * Writes down what a carrier says of a mail. Only mail that Psi sent counts, by the key it carried and the address it
 * went to; an address that is gone gets nothing more, whatever the mail was.
 */
export async function recordFate(
  parts: {
    store: Store;
    book: DeliveryBook;
    alerts: Pick<AlertRaiser, 'raise' | 'clear'>;
    clock: Clock;
    nameOf(customerId: string): Promise<string | undefined>;
  },
  { messageKey, address, fate, reason }: MailFate,
): Promise<void> {
  const { store, book, clock } = parts;
  const step = readEffect(store, messageKey);
  if (step === null || step.kind !== 'email.sent') return;
  const delivery = book.byEffectKey(messageKey);
  const sentTo = delivery?.address ?? addressIn(step.request);
  if (sentTo?.toLowerCase() !== address.toLowerCase()) return;
  const at = clock.now();
  if (fate === 'bounced_hard') await book.suppress({ address, reason, at });
  if (delivery === null || !OPEN_TO[fate].includes(delivery.state)) return;
  if (fate === 'delivered') await book.settle(delivery.id, 'delivered', { at });
  else await book.settle(delivery.id, 'bounced', { at, reason });
  await tellDelivery(parts, delivery.id, await parts.nameOf(delivery.customerId));
}

/** The recipient of any other mail, as its step has it. */
function addressIn(request: string): string | undefined {
  const parsed: unknown = JSON.parse(request);
  if (typeof parsed !== 'object' || parsed === null || !('to' in parsed)) return undefined;
  const { to } = parsed;
  if (typeof to === 'string') return to;
  return typeof to === 'object' && to !== null && 'email' in to && typeof to.email === 'string'
    ? to.email
    : undefined;
}
