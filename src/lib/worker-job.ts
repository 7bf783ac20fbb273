import { type MessagePort, Worker } from 'node:worker_threads';
import { z } from 'zod';
import { SystemError, UserError } from './errors.ts';

const UserFailure = z.object({
  code: z.enum([
    'invalid_input',
    'not_found',
    'ambiguous',
    'not_allowed',
    'wrong_audience',
    'not_connected',
    'not_ready',
    'conflict',
    'unsupported',
  ]),
  message: z.string(),
  hint: z.string().optional(),
});

const Answer = z.union([
  z.object({ refused: UserFailure }),
  z.object({ failed: z.string() }),
  z.object({ done: z.unknown() }),
]);

/** On the thread: does the job once, for the first message, and answers it. */
export function serveJob<Input>(port: MessagePort | null, job: (input: Input) => unknown): void {
  if (port === null) throw new Error('This file runs as a worker thread.');
  port.once('message', (input: Input) => port.postMessage(answer(job, input)));
}

function answer<Input>(job: (input: Input) => unknown, input: Input): z.infer<typeof Answer> {
  try {
    return { done: job(input) };
  } catch (error) {
    if (error instanceof UserError) {
      return { refused: { code: error.code, message: error.message, hint: error.hint } };
    }
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Starts a thread from a built file, gives it its name and its input, and waits for the one answer. The thread is
 * ended whatever happens. Throws UserError as the job did, SystemError otherwise, `timeout` after `timeoutMs`.
 */
export async function askWorker(
  file: string,
  name: string,
  input: unknown,
  timeoutMs: number,
): Promise<unknown> {
  // What this process was told to load before its main file is not for a thread: some of it waits for a parent's word.
  const worker = new Worker(file, { workerData: { name }, execArgv: [] });
  let timer: NodeJS.Timeout | undefined;
  try {
    const message = await new Promise<unknown>((resolve, reject) => {
      const fail = (code: 'internal' | 'timeout', what: string, cause?: unknown) =>
        reject(new SystemError(code, `The job ${name} ${what}.`, { cause }));
      timer = setTimeout(() => fail('timeout', `took longer than ${timeoutMs} ms`), timeoutMs);
      worker.once('message', resolve);
      worker.once('error', (cause) => fail('internal', 'failed', cause));
      worker.once('exit', () => fail('internal', 'ended without an answer'));
      worker.postMessage(input);
    });
    return unwrap(name, Answer.parse(message));
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function unwrap(name: string, message: z.infer<typeof Answer>): unknown {
  if ('refused' in message) {
    const { code, message: words, hint } = message.refused;
    throw new UserError(code, words, hint);
  }
  if ('failed' in message) {
    throw new SystemError('internal', `The job ${name} failed.`, { cause: message.failed });
  }
  return message.done;
}
