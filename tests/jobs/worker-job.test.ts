import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { runJob } from '../../src/jobs/run-job.ts';
import { UserError } from '../../src/lib/errors.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { askWorker, serveJob } from '../../src/lib/worker-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'psi-jobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function thread(body: string): string {
  const file = join(folder, `${Math.abs(hash(body))}.mjs`);
  writeFileSync(file, `import { parentPort, workerData } from 'node:worker_threads';\n${body}`);
  return file;
}

const hash = (text: string) =>
  [...text].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7) | 0;

const answering = (answer: string) =>
  thread(`parentPort.once('message', (input) => parentPort.postMessage(${answer}));`);

describe('a job on a thread', () => {
  it('hands back what it made', async () => {
    const file = answering('{ done: { name: workerData.name, twice: input * 2 } }');
    expect(await askWorker(file, 'double', 21, 10_000)).toEqual({ name: 'double', twice: 42 });
  });

  it("passes the job's own refusal on as it is", async () => {
    const file = answering(`{ refused: { code: 'invalid_input', message: 'Too few.', hint: 'Wait.' } }`);
    await expect(askWorker(file, 'count', 1, 10_000)).rejects.toMatchObject({
      name: 'UserError',
      code: 'invalid_input',
      message: 'Too few.',
      hint: 'Wait.',
    });
  });

  it.each([
    ['fails', `parentPort.once('message', () => parentPort.postMessage({ failed: 'oh' }));`, 'internal'],
    ['crashes', `throw new Error('no');`, 'internal'],
    ['ends without a word', `parentPort.once('message', () => process.exit(0));`, 'internal'],
    ['never ends', `setInterval(() => {}, 1000); parentPort.on('message', () => {});`, 'timeout'],
  ])('is an error of ours when it %s', async (_, body, code) => {
    const limit = code === 'timeout' ? 300 : 10_000;
    await expect(askWorker(thread(body), 'broken', 1, limit)).rejects.toMatchObject({
      name: 'SystemError',
      code,
    });
  });

  it.each([
    ['its result', (n: number) => n + 1, { done: 2 }],
    [
      'a refusal',
      () => {
        throw new UserError('not_ready', 'Not yet.');
      },
      { refused: { code: 'not_ready', message: 'Not yet.' } },
    ],
    [
      'a failure',
      () => {
        throw new Error('broken');
      },
      { failed: 'broken' },
    ],
  ])('answers with %s', async (_, job, answer) => {
    const { port1, port2 } = new MessageChannel();
    serveJob(port2, job);
    const message = new Promise((resolve) => port1.once('message', resolve));
    port1.postMessage(1);
    expect(await message).toMatchObject(answer);
    port1.close();
  });

  const built = existsSync(join(projectRoot(), 'dist/src/jobs/job-worker.js'));
  it.skipIf(!built)('refuses to learn from nothing, as it would without a thread', async () => {
    const lesson = {
      snapshots: [],
      leftAt: [],
      horizonDays: 30,
      knownUntil: 0,
      costs: { falseAlarm: 1, miss: 1 },
      target: { precision: 0.8, recall: 0.8 },
      seed: 's',
    };
    await expect(runJob('train_churn', lesson, { timeoutMs: 20_000 })).rejects.toThrow('No snapshot');
  });
});
