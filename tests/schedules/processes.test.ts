import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestDueBetween } from '../../src/domain/schedule/due.ts';
import { type Failpoint, SCHEDULE_FAILPOINTS } from '../../src/lib/failpoints.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { openStore } from '../../src/store/open-store.ts';
import { toRun } from '../../src/store/schedule-run-rows.ts';

const [dueAt = 0] = latestDueBetween('0 8 * * *', 'UTC', 0, Date.now());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'psi-turns-'));
  // Migrated beforehand: two processes that meet an empty store is another matter.
  openStore(join(folder, 'psi.db')).sqlite.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  failpoint?: Failpoint;
  subjects: number;
  workMs: number;
}

/** A real process on the store, and the signal it died of, if it did. */
function processOf(more: Told): { child: ChildProcess; ended: Promise<string | null> } {
  const told = {
    store: join(folder, 'psi.db'),
    log: join(folder, 'log'),
    sinceAt: dueAt,
    failpoint: null,
    ...more,
  };
  const child = spawn(
    process.execPath,
    ['--import', './tests/schedules/with-ts.mjs', './tests/schedules/one-process.ts', JSON.stringify(told)],
    { cwd: projectRoot(), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 || signal === 'SIGKILL'
        ? resolve(signal)
        : reject(new Error(`it ended with status ${code}`)),
    );
  });
  return { child, ended };
}

/** What the turns themselves have noted: "begin" or "end" and the key. */
function noted(what: 'begin' | 'end'): string[] {
  const path = join(folder, 'log');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  return lines
    .filter((line) => line.startsWith(what))
    .map((line) => line.split(' ')[2] ?? '')
    .sort();
}

function rows() {
  const store = openStore(join(folder, 'psi.db'));
  const all = store.sqlite
    .prepare<[], Parameters<typeof toRun>[0]>('SELECT * FROM schedule_runs')
    .all()
    .map(toRun);
  store.sqlite.close();
  return all;
}

const keys = (subjects: number) =>
  Array.from({ length: subjects }, (_, index) => `test:p${index}:${new Date(dueAt).toISOString()}`).sort();

describe('real processes on one store file', () => {
  it('run each turn once between them', async () => {
    await Promise.all([1, 2].map(() => processOf({ subjects: 12, workMs: 30 }).ended));
    expect(noted('begin')).toEqual(keys(12));
    expect(noted('end')).toEqual(keys(12));
    expect(rows().map((run) => [run.state, run.attempt])).toEqual(keys(12).map(() => ['done', 1]));
  });

  it('lose no turn to a kill -9 at any step, and take each up without waiting for a lease', async () => {
    const working = processOf({ subjects: 3, workMs: 60_000 });
    await expect.poll(() => noted('begin').length, { timeout: 15_000 }).toBe(3);
    working.child.kill('SIGKILL');
    expect(await working.ended).toBe('SIGKILL');

    for (const failpoint of SCHEDULE_FAILPOINTS) {
      const done = rows().filter((run) => run.state === 'done').length;
      expect(await processOf({ subjects: 3, workMs: 5, failpoint }).ended).toBe('SIGKILL');
      expect(rows().filter((run) => run.state === 'done').length - done).toBe(
        failpoint === 'schedule.done' ? 1 : 0,
      );
    }
    expect(await processOf({ subjects: 3, workMs: 5 }).ended).toBeNull();
    expect([...new Set(noted('begin'))].sort()).toEqual(keys(3));
    expect([...new Set(noted('end'))].sort()).toEqual(keys(3));
    expect(rows().map((run) => run.state)).toEqual(['done', 'done', 'done']);
  }, 60_000);
});
