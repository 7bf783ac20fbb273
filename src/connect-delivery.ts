import { existsSync, readFileSync } from 'node:fs';
import type { Approval, Door } from './approvals/types.ts';
import type { AlertRaiser } from './domain/alerts/alert.ts';
import { planDeliveryTime } from './domain/billing/delivery/plan-delivery-time.ts';
import type { InvoiceChannel, InvoiceDelivery, MailFate } from './domain/billing/delivery/ports.ts';
import { deliveryWish, planRoute } from './domain/billing/delivery/route.ts';
import type { DeliveryChannel } from './domain/billing/delivery/settings.ts';
import type { BillingDesk } from './domain/billing/run/billing-desk.ts';
import type { CustomerDirectory, MailGateway, Records } from './domain/ports.ts';
import type { Clock } from './lib/clock.ts';
import { UserError } from './lib/errors.ts';
import type { Logger } from './lib/logger.ts';
import type { PendingWork } from './lib/pending-work.ts';
import type { Heartbeat } from './schedules/define-schedule.ts';
import { invoiceDelivery } from './schedules/invoice-delivery.ts';
import { recordFate } from './schedules/record-fate.ts';
import { tellDelivery } from './schedules/tell-delivery.ts';
import { createDeliveryBook } from './store/invoice-deliveries.ts';
import type { Store } from './store/open-store.ts';

/** Invoices on their way to customers: the port for tools, the heartbeat that sends. */
export interface DeliveryRoom {
  deliveries: InvoiceDelivery;
  heartbeat: Heartbeat;
  /** Slack, once it is there. */
  showIn(slack: InvoiceChannel): void;
  /** A carrier says what became of a mail. The same said twice changes nothing. */
  told(fate: MailFate): Promise<void>;
  /** An approval has changed: perhaps somebody said what became of a mail. */
  onApproval(approval: Pick<Approval, 'id' | 'state'>): Promise<void>;
}

export function connectDelivery(parts: {
  store: Store;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  companyTz: string;
  billing: BillingDesk;
  mail: MailGateway;
  /** Null where PsiZero is not connected. */
  api: InvoiceChannel | null;
  alerts: Pick<AlertRaiser, 'raise' | 'clear'>;
  /** Asked for when something is sent: it is made later than this. */
  rest(): { door: Pick<Door, 'later'>; records: Records; customers: CustomerDirectory };
}): DeliveryRoom {
  const { store, clock, logger, pending, billing, companyTz, rest } = parts;
  const book = createDeliveryBook(store);
  const channels: Record<DeliveryChannel, InvoiceChannel | null> = {
    ...{ email: mailChannel(parts.mail), api: parts.api, slack: null },
  };
  const heartbeat = invoiceDelivery({
    ...{ book, clock, logger, alerts: parts.alerts, runs: billing.runs },
    door: { later: (step) => rest().door.later(step) },
    records: { getInvoice: (reference) => rest().records.getInvoice(reference) },
    customers: { get: (id) => rest().customers.get(id) },
    channels,
    pdf: async ({ pdfPath, document }) =>
      pdfPath !== null && existsSync(pdfPath) ? readFileSync(pdfPath) : billing.draw(document),
  });
  const settings = () => billing.settings();
  const nameOf = async (id: string) => (await rest().customers.get(id))?.name;
  return {
    heartbeat,
    showIn: (slack) => {
      channels.slack = slack;
    },
    told: (fate) => recordFate({ store, book, alerts: parts.alerts, clock, nameOf }, fate),
    async onApproval({ id, state }) {
      if (state !== 'applied') return;
      for (const one of book.ofApproval(id))
        await tellDelivery({ book, alerts: parts.alerts }, one.id, await nameOf(one.customerId));
    },
    deliveries: {
      async routeOf(buyer) {
        const { delivery, entity } = settings();
        const contacts = await rest().records.listContacts(buyer.id);
        const route = planRoute(buyer, {
          ...{ contacts, settings: delivery, companyTz },
          languages: entity.languages,
        });
        const suppression = route.channel === 'email' ? book.suppression(route.address) : null;
        const hindrance = suppression
          ? `mail to ${route.address} comes back (${suppression.reason})`
          : route.hindrance;
        return { ...route, hindrance };
      },
      async deliver(issued, key, { now = false, to = null } = {}) {
        const buyer = await rest().customers.get(issued.customerId);
        if (buyer === null) throw new UserError('not_found', 'The customer of this invoice is not known.');
        const nowAt = clock.now();
        const route = await this.routeOf(buyer);
        const { name, language } = route;
        const channel = to === null ? route.channel : 'email';
        const address = to ?? route.address;
        const wish = deliveryWish(buyer, settings().delivery, companyTz);
        const dueAt = now ? nowAt : planDeliveryTime(wish, nowAt);
        if (now) await book.lift(address);
        const { id: invoiceId, number, customerId, stripeInvoiceId } = issued;
        const queued = await book.add(
          { key, invoiceId, stripeInvoiceId, number, customerId, channel, address, name, language, dueAt },
          nowAt,
        );
        // Somebody who said "now" is not kept waiting for the next beat.
        if (now) void pending.track(() => heartbeat.run());
        return queued;
      },
      queued: async (key) => book.byKey(key),
      ofInvoice: async (reference) => book.ofInvoice(reference),
      suppression: async (address) => book.suppression(address),
    },
  };
}

/** By mail, with the PDF attached. There is no look-up: a lost answer is for a person to settle. */
function mailChannel(mail: MailGateway): InvoiceChannel {
  return {
    kind: 'email.sent',
    system: 'mail',
    send: async ({ delivery, message, pdf }, key) => {
      const { messageId } = await mail.send({
        to: { email: delivery.address, name: delivery.name },
        ...message,
        attachments: [{ fileName: pdf.fileName, contentType: 'application/pdf', bytes: pdf.bytes }],
        messageKey: key,
      });
      return { outsideId: messageId };
    },
  };
}
