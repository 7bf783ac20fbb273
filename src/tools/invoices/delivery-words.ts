import type { Delivery } from '../../domain/billing/delivery/ports.ts';
import { dayWords } from '../day-words.ts';

/** How an invoice's way to its customer stands, without a full stop: "sent to ap@acme.example on Mon, Nov 23". */
export function deliveryWords(delivery: Delivery, tz: string): string {
  const { address, state, reason, channel } = delivery;
  const where = channel === 'slack' ? `#${address}` : channel === 'api' ? 'their API inbox' : address;
  const day = (at: number | null) => (at === null ? '' : ` on ${dayWords(at, tz)}`);
  const because = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  const said: Record<Delivery['state'], string> = {
    queued: `goes to ${where}${day(delivery.dueAt)}${because}`,
    sending: `is being sent to ${where}`,
    sent: `sent to ${where}${day(delivery.sentAt)}`,
    delivered: `delivered to ${where}${day(delivery.settledAt)}`,
    bounced: `came back from ${where}${day(delivery.settledAt)}${because}`,
    unknown: `nobody can tell whether it reached ${where}`,
    failed: `could not be sent to ${where}${because}`,
    held: `not sent to ${where}${because}`,
    cancelled: `not sent${because}`,
  };
  return said[state];
}
