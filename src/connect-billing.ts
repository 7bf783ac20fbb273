import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBillingFile } from './billing-file.ts';
import type { Config } from './config.ts';
import { invoicesNotConnected, usageNotConnected } from './connectors/not-connected.ts';
import { connectPsizero } from './connectors/psizero/api.ts';
import { createUsageSource } from './connectors/psizero/usage-source.ts';
import type { InvoiceDocument } from './domain/billing/document/invoice-document.ts';
import type { InvoiceGateway } from './domain/billing/gateways.ts';
import type { BillingDesk, MeteredUsage } from './domain/billing/run/billing-desk.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { projectRoot } from './lib/paths.ts';
import { createBillingRuns } from './store/billing-runs.ts';
import type { Store } from './store/open-store.ts';

/** Billing, fitted together: settings, runs, Stripe's invoices, PsiZero's own totals and the printed invoice. */
export function connectBilling(parts: {
  config: Config;
  store: Store;
  clock: Clock;
  logger: Logger;
  /** Null where Stripe is not connected. */
  invoices: InvoiceGateway | null;
  metering: MeteredUsage;
}): { desk: BillingDesk; problem(): string | null } {
  const { config, store, clock, logger } = parts;
  const file = openBillingFile(join(projectRoot(), 'billing.yml'), (problem) =>
    logger.error({ problem }, 'billing edit not taken'),
  );
  const template = join(projectRoot(), 'templates/invoice');
  // Loaded at the first invoice: the fonts and the PDF writer are large.
  const printing = once(async () => {
    if (isBuilt()) return (await import('./documents/render-pool.ts')).createPrinter({ template });
    const { drawInvoice, prepareStationery } = await import('./documents/draw-invoice.ts');
    const { readBrand } = await import('./documents/brand.ts');
    const stationery = await prepareStationery(readBrand(template));
    return (document: InvoiceDocument) => drawInvoice(document, stationery);
  });
  const draw = async (document: InvoiceDocument) => (await printing())(document);
  return {
    problem: file.problem,
    desk: {
      settings: () => file.current().value,
      runs: createBillingRuns({ store, clock, tz: config.company.tz }),
      invoices: parts.invoices ?? invoicesNotConnected(config.missing.stripe),
      source: config.psizero
        ? createUsageSource(connectPsizero(config.psizero))
        : usageNotConnected(config.missing.psizero),
      metering: parts.metering,
      draw,
      keep: async (document) => {
        const folder = join(config.dataDir, 'invoices');
        mkdirSync(folder, { recursive: true });
        const path = join(folder, `${document.number ?? 'draft'}.pdf`);
        writeFileSync(path, await draw(document));
        return path;
      },
    },
  };
}

/** Threads start from what was built; run from its sources, Psi draws where it is. */
function isBuilt(): boolean {
  return import.meta.url.endsWith('.js');
}

/** Made at the first call; a failure is tried again at the next. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
