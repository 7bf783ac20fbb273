import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveJob } from '../lib/worker-job.ts';
import { isJob, JOBS, type JobName } from './registry.ts';

/** A thread that does one job and ends. */
const { name } = z
  .object({ name: z.custom<JobName>((name) => typeof name === 'string' && isJob(name)) })
  .parse(workerData);
serveJob(parentPort, JOBS[name]);
