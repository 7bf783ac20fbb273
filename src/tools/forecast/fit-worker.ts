import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { FITS, type MrrTask, type SeriesTask } from './fits.ts';

/** One thread that fits models: a task in, its result or what went wrong out. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

// Both ends are this program's own, so only the kind of a task is looked at.
const Task = z.discriminatedUnion('kind', [
  z.object({ id: z.int(), kind: z.literal('series'), task: z.custom<SeriesTask>() }),
  z.object({ id: z.int(), kind: z.literal('mrr'), task: z.custom<MrrTask>() }),
]);

port.on('message', (message: unknown) => {
  const asked = Task.parse(message);
  try {
    const result = asked.kind === 'series' ? FITS.series(asked.task) : FITS.mrr(asked.task);
    port.postMessage({ id: asked.id, result });
  } catch (error) {
    port.postMessage({ id: asked.id, error: error instanceof Error ? error.message : String(error) });
  }
});
