import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../core/errors.ts';

const LOCK = 'supervisor.pid';

/**
 * Takes the data folder for this process. Throws StartError when another living one has it. Answers the
 * function that gives it back.
 */
export function claimDataDir(dataDir: string): () => void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch {
    throw new StartError(
      `PSI_DATA_DIR is "${dataDir}", which cannot be made a folder; set it to one that can be written.`,
    );
  }
  const path = join(dataDir, LOCK);
  const holder = holderOf(path);
  if (holder !== null && holder !== process.pid) {
    throw new StartError(
      `Process ${holder} already runs on ${dataDir}; stop it, or set PSI_DATA_DIR to another folder.`,
    );
  }
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

function holderOf(path: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}
