import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const FOLDER = /^psi-tests-(\d+)$/;
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Gives the tests a temporary folder in memory where there is room for one. The stores of Psi wait for the disk at
 * every commit; hundreds of small stores would wait most of the time, and what survives a power cut is not shown by
 * any test here. A store on a file in memory is a file to the end of each process all the same, kill -9 included.
 */
export default function setUp(): (() => void) | undefined {
  // Once for the whole run, although each project asks.
  if (process.env.TMPDIR?.startsWith(join(MEMORY, 'psi-tests-'))) return undefined;
  if (!existsSync(MEMORY)) return undefined;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ENOUGH_BYTES) return undefined;
  removeLeftOvers();
  const before = process.env.TMPDIR;
  const folder = join(MEMORY, `psi-tests-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}

/** A run that was killed could not clean up, and what it left takes memory. */
function removeLeftOvers(): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = Number(FOLDER.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || existsSync(`/proc/${pid}`)) continue;
    rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}
