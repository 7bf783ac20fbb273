import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { askWorker } from '../../lib/worker-job.ts';
import { FITS, type Fits } from './fits.ts';

/** Threads start from what was built; source files cannot be run by a thread of their own, and fit where they are. */
const IS_BUILT = import.meta.url.endsWith('.js');

const LONGEST_MS = 60_000;

/** The models of one series and its backtest. */
export function fitSeries(task: Fits['series']['task']): Promise<Fits['series']['result']> {
  return fitted('series', task, z.custom<Fits['series']['result']>());
}

/** Recurring revenue with everything that belongs to its forecast. */
export function fitMrr(task: Fits['mrr']['task']): Promise<Fits['mrr']['result']> {
  return fitted('mrr', task, z.custom<Fits['mrr']['result']>());
}

/** `result` only names the type: what comes back is this program's own. */
async function fitted<K extends keyof Fits>(
  kind: K,
  task: Fits[K]['task'],
  result: z.ZodType<Fits[K]['result']>,
): Promise<Fits[K]['result']> {
  if (!IS_BUILT) {
    await setImmediate();
    return FITS[kind](task);
  }
  const worker = fileURLToPath(new URL('./fit-worker.js', import.meta.url));
  return result.parse(await askWorker(worker, kind, task, LONGEST_MS));
}
