import type { Config, SupabaseConfig } from './config.ts';
import {
  booksNotConnected,
  collectionNotConnected,
  creditsNotConnected,
  paymentsNotConnected,
} from './connectors/not-connected.ts';
import { readAddress } from './connectors/postgres/address.ts';
import { connectPostgres } from './connectors/postgres/client.ts';
import { listenForChanges } from './connectors/postgres/listen.ts';
import { connectPsizero } from './connectors/psizero/api.ts';
import { psizeroResources } from './connectors/psizero/resources.ts';
import { psizeroWebhooks } from './connectors/psizero/webhook.ts';
import { stripeBalance } from './connectors/stripe/balance.ts';
import { createBookSource } from './connectors/stripe/book-source.ts';
import { connectStripe } from './connectors/stripe/client.ts';
import { createCollectionGateway } from './connectors/stripe/collection-gateway.ts';
import { createCreditGateway } from './connectors/stripe/credit-gateway.ts';
import { createInvoiceGateway } from './connectors/stripe/invoice-gateway.ts';
import { stripeLedger } from './connectors/stripe/ledger.ts';
import { createPaymentsGateway } from './connectors/stripe/payments-gateway.ts';
import { stripeWebhooks } from './connectors/stripe/webhook.ts';
import { connectSupabase, type SupabaseTables } from './connectors/supabase/client.ts';
import { supabaseResources } from './connectors/supabase/resources.ts';
import type { CreditGateway, InvoiceGateway } from './domain/billing/gateways.ts';
import type { BookSource } from './domain/books/books-desk.ts';
import type { PaymentsGateway } from './domain/ports.ts';
import type { CollectionGateway } from './domain/recovery/gateways.ts';
import type { SyncedSources, WebhookReader } from './domain/sync.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { PendingWork } from './lib/pending-work.ts';
import { createWebhookIntake, type WebhookIntake } from './server/webhook-intake.ts';
import type { Store } from './store/open-store.ts';
import { createSources, createSyncMemory, type SourceConnection } from './store/sources.ts';
import { createWebhookEvents } from './store/webhook-events.ts';

/** The outside systems the configuration names, each with what it can be read and heard through. */
export function connectSources(parts: {
  config: Config;
  store: Store;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
}): {
  sources: SyncedSources;
  webhooks: WebhookIntake;
  payments: PaymentsGateway;
  credits: CreditGateway;
  invoices: InvoiceGateway | null;
  collection: CollectionGateway;
  bookSource: BookSource;
} {
  const { config, store, clock, logger, pending } = parts;
  const memory = createSyncMemory(store);
  const stripe = config.stripe && connectStripe(config.stripe);
  const connections: SourceConnection[] = [
    stripe
      ? {
          source: 'stripe',
          connected: true,
          resources: [stripeLedger(stripe, memory, clock), stripeBalance(stripe, clock)],
        }
      : { source: 'stripe', connected: false, missing: config.missing.stripe },
    config.supabase
      ? {
          source: 'supabase',
          connected: true,
          resources: supabaseResources(supabaseTables(config.supabase), clock),
        }
      : { source: 'supabase', connected: false, missing: config.missing.supabase },
    config.psizero
      ? {
          source: 'psizero',
          connected: true,
          resources: psizeroResources(connectPsizero(config.psizero), clock, config.company.tz),
        }
      : { source: 'psizero', connected: false, missing: config.missing.psizero },
  ];
  const sources = createSources({ store, connections, clock, logger });
  if (config.supabase?.by === 'database') {
    const { url, variable } = config.supabase;
    const changed = (table: string) => void sources.readNow([{ source: 'supabase', name: table }]);
    listenForChanges({ address: readAddress(url, variable), changed, logger });
  }
  const readers: WebhookReader[] = [];
  if (stripe && config.stripe?.webhookSecret) {
    readers.push(stripeWebhooks(stripe, config.stripe.webhookSecret, memory, clock));
  }
  if (config.psizero?.webhookSecret) readers.push(psizeroWebhooks(config.psizero.webhookSecret));
  const events = createWebhookEvents(store);
  const invoices = stripe ? createInvoiceGateway(stripe) : null;
  return {
    sources,
    webhooks: createWebhookIntake({ readers, events, sources, pending, clock, logger }),
    invoices,
    collection:
      stripe && invoices
        ? createCollectionGateway(stripe, invoices)
        : collectionNotConnected(config.missing.stripe),
    bookSource: stripe ? createBookSource(stripe) : booksNotConnected(config.missing.stripe),
    payments: stripe ? createPaymentsGateway(stripe) : paymentsNotConnected(config.missing.stripe),
    credits: stripe ? createCreditGateway(stripe) : creditsNotConnected(config.missing.stripe),
  };
}

function supabaseTables(config: SupabaseConfig): SupabaseTables {
  return config.by === 'rest'
    ? connectSupabase(config)
    : connectPostgres({ address: readAddress(config.url, config.variable) });
}
