import type { Delivery } from '../../domain/billing/delivery/ports.ts';
import { dayWords } from '../day-words.ts';

/** How an invoice's way to its customer stands, without a full stop: "sent to Ann Ap by mail on Nov 23, 2026". */
export function deliveryWords(delivery: Delivery, tz: string): string {
  const { address, name, state, reason, channel } = delivery;
  // By name: an address would be taken for a link and left out of an answer.
  const where = channel === 'slack' ? `#${address} in Slack` : channel === 'api' ? 'their API inbox' : name;
  const by = channel === 'email' ? ' by mail' : '';
  const day = (at: number | null) => (at === null ? '' : ` on ${dayWords(at, tz)}`);
  const because = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  const said: Record<Delivery['state'], string> = {
    queued: `goes to ${where}${by}${day(delivery.dueAt)}${because}`,
    sending: `is being sent to ${where}`,
    sent: `sent to ${where}${by}${day(delivery.sentAt)}`,
    delivered: `delivered to ${where}${day(delivery.settledAt)}`,
    bounced: `came back from ${where}${day(delivery.settledAt)}${because}`,
    unknown: `nobody can tell whether it reached ${where}`,
    failed: `could not be sent to ${where}${because}`,
    held: `not sent to ${where}${because}`,
    cancelled: `not sent${because}`,
  };
  return said[state];
}
