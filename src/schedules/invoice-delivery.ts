import type { Door, LaterOutcome } from '../approvals/types.ts';
import type { AlertRaiser } from '../domain/alerts/alert.ts';
import { deliveryMail } from '../domain/billing/delivery/delivery-mail.ts';
import type { Delivery, InvoiceChannel, Parcel } from '../domain/billing/delivery/ports.ts';
import type { DeliveryChannel } from '../domain/billing/delivery/settings.ts';
import type { BillingRuns } from '../domain/billing/run/billing-desk.ts';
import type { CustomerDirectory, Records } from '../domain/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { DeliveryBook, Taken } from '../store/invoice-deliveries.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';
import { tellDelivery } from './tell-delivery.ts';

const MINUTE_MS = 60_000;
/** Waits before the next attempt where certainly nothing left. */
const AGAIN_AFTER_MS = [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * 60 * MINUTE_MS, 12 * 60 * MINUTE_MS];
/** Looked at again while everything is stopped. */
const HELD_FOR_MS = 5 * MINUTE_MS;

export interface InvoiceDeliveryParts {
  book: DeliveryBook;
  door: Pick<Door, 'later'>;
  channels: Readonly<Record<DeliveryChannel, InvoiceChannel | null>>;
  runs: Pick<BillingRuns, 'get'>;
  records: Pick<Records, 'getInvoice'>;
  customers: Pick<CustomerDirectory, 'get'>;
  /** The printed invoice: the file that was kept, or drawn again. */
  pdf(invoice: { pdfPath: string | null; document: Parcel['document'] }): Promise<Uint8Array>;
  alerts: Pick<AlertRaiser, 'raise' | 'clear'>;
  clock: Clock;
  logger: Logger;
}

/** Sends what is due, one after the other: each once, whatever crashes. */
export function invoiceDelivery(parts: InvoiceDeliveryParts): Heartbeat {
  const { book, clock, logger } = parts;
  // After trouble of our own nothing is hurried.
  let restsUntil = 0;
  return defineHeartbeat({
    name: 'invoice-delivery',
    foldsMissedTurns: false,
    async nextDueAt() {
      const at = book.due(clock.now()).length > 0 ? clock.now() : book.nextDueAt();
      return at === null ? null : Math.max(at, Math.min(restsUntil, clock.now() + HELD_FOR_MS));
    },
    async run() {
      for (const taken of book.due(clock.now())) {
        try {
          await sendOne(parts, taken);
        } catch (error) {
          // What it has come to stands in the ledger; from there it is taken up.
          logger.error({ err: error, delivery: taken.delivery.id }, 'an invoice could not be seen to');
          restsUntil = clock.now() + HELD_FOR_MS;
        }
      }
    },
  });
}

async function sendOne(parts: InvoiceDeliveryParts, { delivery, effectKey }: Taken): Promise<void> {
  const { book, clock, customers } = parts;
  const customer = await customers.get(delivery.customerId);
  const settle = (to: 'held' | 'failed' | 'cancelled', reason: string) =>
    book
      .settle(delivery.id, to, { at: clock.now(), reason })
      .then(() => tellDelivery(parts, delivery.id, customer?.name));
  const channel = parts.channels[delivery.channel];
  const parcel = channel && customer && (await parcelOf(parts, delivery, customer));
  if (!channel) return settle('failed', `Nothing is connected that delivers by ${delivery.channel}.`);
  if (!parcel) return settle('failed', 'The invoice or its customer is no longer known.');
  // An attempt that was begun is finished as it was; before one begins, what has changed counts.
  if (effectKey === null) {
    const against = await whyNot(parts, delivery);
    if (against) return settle(against.to, against.reason);
  }
  const key = effectKey ?? `${delivery.key}/${delivery.attempts + 1}`;
  if (effectKey === null) await book.begin(delivery.id, key);
  const outcome = await parts.door.later({
    of: delivery.key,
    key,
    effect: {
      kind: channel.kind,
      system: channel.system,
      request: { invoice: delivery.number, to: delivery.address, channel: delivery.channel },
      send: async (stepKey) => {
        const { outsideId } = await channel.send(parcel, stepKey);
        return { outsideId, result: { id: outsideId } };
      },
      ...lookUpOf(channel, parcel),
    },
  });
  await record(parts, delivery, outcome);
  await tellDelivery(parts, delivery.id, customer?.name);
}

function lookUpOf(channel: InvoiceChannel, parcel: Parcel) {
  const { lookUp } = channel;
  if (lookUp === undefined) return {};
  return {
    lookUp: async (key: string) => {
      const found = await lookUp(parcel, key);
      return found && { outsideId: found.outsideId, result: { id: found.outsideId } };
    },
  };
}

async function parcelOf(
  { runs, pdf }: InvoiceDeliveryParts,
  delivery: Delivery,
  customer: Parcel['customer'],
): Promise<Parcel | null> {
  const invoice = await runs.get(delivery.invoiceId);
  if (!invoice?.document) return null;
  const document = { ...invoice.document, language: delivery.language };
  return {
    delivery,
    customer: { id: customer.id, name: customer.name, domain: customer.domain },
    document,
    pdf: {
      fileName: `${delivery.number}.pdf`,
      bytes: await pdf({ pdfPath: invoice.pdfPath, document: invoice.document }),
    },
    message: deliveryMail(document, { name: delivery.name }),
  };
}

/** What has come about since it was queued. */
async function whyNot(
  { book, records }: InvoiceDeliveryParts,
  delivery: Delivery,
): Promise<{ to: 'held' | 'cancelled'; reason: string } | null> {
  const record = await records.getInvoice(delivery.stripeInvoiceId);
  if (record?.status === 'void')
    return { to: 'cancelled', reason: 'The invoice was voided before it was sent.' };
  const suppression = delivery.channel === 'email' ? book.suppression(delivery.address) : null;
  if (suppression)
    return { to: 'held', reason: `Mail to ${delivery.address} comes back: ${suppression.reason}` };
  return delivery.address.trim() === '' ? { to: 'held', reason: 'No address is known.' } : null;
}

async function record(
  { book, clock }: InvoiceDeliveryParts,
  delivery: Delivery,
  outcome: LaterOutcome<{ id: string }>,
): Promise<void> {
  const at = clock.now();
  const { id, attempts } = delivery;
  if (outcome.state === 'done') return book.settle(id, 'sent', { at, outsideId: outcome.result.id });
  if (outcome.state === 'held') return book.hold(id, at + HELD_FOR_MS);
  // The ledger says so, and will say what a person finds out.
  if (outcome.state === 'unknown') return;
  const { error } = outcome;
  const wait = AGAIN_AFTER_MS[attempts];
  if (error instanceof SystemError && wait !== undefined) {
    return book.requeue(id, at + wait, `Not sent yet: ${error.message}.`);
  }
  const reason = error instanceof UserError ? error.message : 'It was refused.';
  const refusedAddress = error instanceof UserError && error.code === 'invalid_input';
  if (delivery.channel !== 'email' || !refusedAddress) return book.settle(id, 'failed', { at, reason });
  await book.suppress({ address: delivery.address, reason, at });
  return book.settle(id, 'bounced', { at, reason });
}
