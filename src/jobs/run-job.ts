import { join } from 'node:path';
import { projectRoot } from '../lib/paths.ts';
import { askWorker } from '../lib/worker-job.ts';
import type { JobName, Jobs } from './registry.ts';

/** Threads start from what was built; source files cannot be run by a thread of their own. */
const WORKER = join('dist', 'src', 'jobs', 'job-worker.js');

/**
 * Does a named job on a thread of its own, so that nobody waits for it. Throws what the job throws: a UserError as it
 * is, anything else as a SystemError; `timeout` once `timeoutMs` are over, and the thread is ended.
 */
export async function runJob<Name extends JobName>(
  name: Name,
  input: Parameters<Jobs[Name]>[0],
  { timeoutMs }: { timeoutMs: number },
): Promise<ReturnType<Jobs[Name]>> {
  const answer = await askWorker(join(projectRoot(), WORKER), name, input, timeoutMs);
  // The one boundary: the thread runs the function of this name, whose result is plain data that survives the way.
  return answer as ReturnType<Jobs[Name]>;
}
