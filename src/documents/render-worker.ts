import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { readBrand } from './brand.ts';
import { drawInvoice, prepareStationery } from './draw-invoice.ts';

/** One thread of a render pool: documents in, files out, in the order they came. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
const { template } = z.object({ template: z.string() }).parse(workerData);
const stationery = prepareStationery(readBrand(template));

port.on('message', (message: unknown) => {
  void draw(message).then((answer) => port.postMessage(answer));
});

async function draw(message: unknown): Promise<{ pdf: Uint8Array } | { error: string }> {
  try {
    return { pdf: await drawInvoice(InvoiceDocument.parse(message), await stationery) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
