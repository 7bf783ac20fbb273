import { z } from 'zod';
import type { Faults, KeyValueStore, WebhookDeliverer } from '../core/types.ts';
import { type Delivery, DeliveryLine } from './delivery-line.ts';
import type { WebhookSystem } from './signatures.ts';

export interface WebhookOptions {
  /** `http://127.0.0.1:3000`; the webhook's path is put behind it. */
  botUrl: string;
  secrets: Record<WebhookSystem, string>;
  faults: Faults;
  /** The simulated time, which signatures carry. */
  clock: { now(): number };
  /** What is not acknowledged yet survives a restart here. */
  keep?: KeyValueStore;
  /** Everything under way is dropped at a reset. */
  onReset?: (handler: () => void) => void;
}

export interface ClearableWebhookDeliverer extends WebhookDeliverer {
  /** Drops everything that is under way. */
  clear(): void;
  /** Stops delivering; what is not acknowledged stays kept for the next start. */
  close(): void;
}

const COLLECTION = 'webhooks.pending';

const keptDelivery = z.object({
  system: z.enum(['stripe', 'psizero', 'mail']),
  path: z.string(),
  id: z.string(),
  body: z.string(),
  order: z.number(),
});

/**
 * Delivers signed webhooks to the bot, in order for each system, until the bot says 2xx. While it is down a delivery is
 * tried again after 200 ms, doubling to 2 s; an answer of 4xx other than 408, 409 and 429 is written to stderr and
 * given up on. Faults of the webhook's system: `duplicate`, `out_of_order`, `drop_response`, `malformed` (forged first), `disconnect`
 * (never sent) and `replay` (once more under an hour-old signature).
 */
export function createWebhookDeliverer(options: WebhookOptions): ClearableWebhookDeliverer {
  const { keep } = options;
  const keptId = (delivery: Delivery) => `${delivery.order}`;
  const line = (system: WebhookSystem) =>
    new DeliveryLine({
      ...options,
      system,
      settled: (delivery) => keep?.delete(COLLECTION, keptId(delivery)),
    });
  const lines = { stripe: line('stripe'), psizero: line('psizero'), mail: line('mail') };
  const kept = (keep?.all(COLLECTION) ?? [])
    .map(({ value }) => keptDelivery.safeParse(value).data)
    .filter((delivery) => delivery !== undefined)
    .sort((a, b) => a.order - b.order);
  let order = kept[kept.length - 1]?.order ?? 0;
  for (const delivery of kept) lines[delivery.system].add(delivery);

  const clear = () => {
    for (const { clear: empty } of Object.values(lines)) empty();
    for (const { id } of keep?.all(COLLECTION) ?? []) keep?.delete(COLLECTION, id);
  };
  options.onReset?.(clear);
  return {
    deliver: (webhook) => {
      order += 1;
      const delivery = { ...webhook, order };
      keep?.set(COLLECTION, keptId(delivery), delivery);
      lines[webhook.system].add(delivery);
    },
    pending: () => lines.stripe.pending() + lines.psizero.pending() + lines.mail.pending(),
    clear,
    close: () => {
      for (const { clear: empty } of Object.values(lines)) empty();
    },
  };
}
