import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { SystemError } from '../lib/errors.ts';
import { projectRoot } from '../lib/paths.ts';

/**
 * Threads start from what was built; source files cannot be run by a thread of their own. They take no arguments of the
 * process over: what it loads before itself is not theirs.
 */
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
      const worker = new Worker(join(projectRoot(), WORKER), { workerData: { template }, execArgv: [] });
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

/** Real time after which a thread that has nothing to draw ends. */
const IDLE_MS = 30_000;

/**
 * Draws one invoice after the other on a thread of its own, begun at the first and ended when there is nothing more to
 * do: the fonts are read once, and nobody waits for a page. Throws SystemError for a document that cannot be drawn.
 */
export function createPrinter({
  template,
}: {
  template: string;
}): (document: InvoiceDocument) => Promise<Uint8Array> {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    void worker?.terminate();
    worker = null;
  }

  async function draw(document: InvoiceDocument): Promise<Uint8Array> {
    if (idle !== null) clearTimeout(idle);
    worker ??= new Worker(join(projectRoot(), WORKER), { workerData: { template }, execArgv: [] });
    worker.unref();
    try {
      const result = await ask(worker, document);
      if ('pdf' in result) return result.pdf;
      throw new SystemError('internal', `An invoice could not be drawn: ${result.error}`);
    } catch (error) {
      end();
      throw error;
    } finally {
      idle = setTimeout(end, IDLE_MS).unref();
    }
  }

  return (document) => {
    const drawn = last.then(() => draw(document));
    last = drawn.catch(() => undefined);
    return drawn;
  };
}

function ask(worker: Worker, document: InvoiceDocument): Promise<Rendered['result']> {
  return new Promise((resolve, reject) => {
    // While it draws, the process waits for it; idle, it keeps nobody from ending.
    worker.ref();
    const settle = (act: () => void) => {
      worker.unref();
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
