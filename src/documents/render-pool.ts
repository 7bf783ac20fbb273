import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { SystemError } from '../lib/errors.ts';
import { projectRoot } from '../lib/paths.ts';

/** Threads start from what was built; source files cannot be run by a thread of their own. */
const WORKER = join('dist', 'src', 'documents', 'render-worker.js');

const Answer = z.union([z.object({ pdf: z.instanceof(Uint8Array) }), z.object({ error: z.string() })]);

export interface Rendered {
  /** Position in the list of documents. */
  index: number;
  result: { pdf: Uint8Array } | { error: string };
}

/**
 * Draws many invoices, one at a time on each of `threads` worker threads, and hands each over as it is done: no more
 * than `threads` files are held. A document that cannot be drawn is an error of its own and stops no other. Throws
 * SystemError when a thread dies.
 */
export async function renderInvoices(
  documents: Iterable<InvoiceDocument>,
  { template, threads }: { template: string; threads: number },
  onRendered: (rendered: Rendered) => Promise<void> | void,
): Promise<void> {
  const waiting = [...documents].entries();
  await Promise.all(
    Array.from({ length: Math.max(1, threads) }, async () => {
      const worker = new Worker(join(projectRoot(), WORKER), { workerData: { template } });
      try {
        for (const [index, document] of waiting) {
          await onRendered({ index, result: await ask(worker, document) });
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

function ask(worker: Worker, document: InvoiceDocument): Promise<Rendered['result']> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', answered).off('error', failed).off('exit', ended);
      act();
    };
    const answered = (answer: unknown) => settle(() => resolve(Answer.parse(answer)));
    const failed = (cause: unknown) =>
      settle(() => reject(new SystemError('internal', 'A thread that draws invoices failed.', { cause })));
    const ended = () =>
      settle(() => reject(new SystemError('internal', 'A thread that draws invoices ended.')));
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(document);
  });
}
