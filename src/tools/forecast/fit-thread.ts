import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { SystemError } from '../../lib/errors.ts';
import { FITS, type Fits } from './fits.ts';

// What comes back is this program's own.
const Answer = z.object({ id: z.int(), result: z.unknown().optional(), error: z.string().optional() });

/** Threads start from what was built; source files cannot be run by a thread of their own, and fit where they are. */
const IS_BUILT = import.meta.url.endsWith('.js');

/** The models of one series and its backtest. */
export function fitSeries(task: Fits['series']['task']): Promise<Fits['series']['result']> {
  return fitted('series', task, z.custom<Fits['series']['result']>());
}

/** Recurring revenue with everything that belongs to its forecast. */
export function fitMrr(task: Fits['mrr']['task']): Promise<Fits['mrr']['result']> {
  return fitted('mrr', task, z.custom<Fits['mrr']['result']>());
}

async function fitted<K extends keyof Fits>(
  kind: K,
  task: Fits[K]['task'],
  result: z.ZodType<Fits[K]['result']>,
): Promise<Fits[K]['result']> {
  if (!IS_BUILT) {
    await setImmediate();
    return FITS[kind](task);
  }
  if (thread === null || thread.ended) thread = new FitThread();
  return result.parse(await thread.ask(kind, task));
}

let thread: FitThread | null = null;

/** One thread for all fits, one after another; it keeps no process alive. */
class FitThread {
  ended = false;
  private next = 0;
  private readonly worker = new Worker(new URL('./fit-worker.js', import.meta.url));
  private readonly waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();

  constructor() {
    this.worker.unref();
    this.worker.on('message', (message: unknown) => {
      const { id, result, error } = Answer.parse(message);
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asked?.resolve(result);
      else asked?.reject(new SystemError('internal', `A forecast could not be fitted: ${error}`));
      if (this.waiting.size === 0) this.worker.unref();
    });
    this.worker.on('error', (cause) => this.end(cause));
    this.worker.on('exit', () => this.end(undefined));
  }

  ask(kind: keyof Fits, task: unknown): Promise<unknown> {
    this.next += 1;
    const id = this.next;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ id, kind, task });
    });
  }

  private end(cause: unknown): void {
    this.ended = true;
    for (const { reject } of this.waiting.values()) {
      reject(new SystemError('internal', 'The thread that fits forecasts ended.', { cause }));
    }
    this.waiting.clear();
  }
}
