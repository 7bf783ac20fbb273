import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveJob } from '../../lib/worker-job.ts';
import { FITS } from './fits.ts';

/** A thread that fits what it is named for and ends. */
const { name } = z.object({ name: z.enum(['series', 'mrr']) }).parse(workerData);
if (name === 'series') serveJob(parentPort, FITS.series);
else serveJob(parentPort, FITS.mrr);
