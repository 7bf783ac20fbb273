import type { AlertRaiser } from '../domain/alerts/alert.ts';
import { deliveryAlert, deliverySubject } from '../domain/billing/delivery/delivery-alert.ts';
import type { DeliveryBook } from '../store/invoice-deliveries.ts';

/** Whoever looks after it is told when it went wrong, and that it is over when it went well. */
export async function tellDelivery(
  { book, alerts }: { book: Pick<DeliveryBook, 'get'>; alerts: Pick<AlertRaiser, 'raise' | 'clear'> },
  id: string,
  customerName: string | undefined,
): Promise<void> {
  const now = book.get(id);
  if (now === null) return;
  const name = customerName ?? 'the customer';
  const alert = deliveryAlert(now, name);
  if (alert) return alerts.raise(alert);
  if (now.state !== 'sent' && now.state !== 'delivered') return;
  const words = `Invoice ${now.number} was sent to ${now.address}.`;
  await alerts.clear({ kind: 'delivery_failed', subject: deliverySubject(now, name), words });
}
