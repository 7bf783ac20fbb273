import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Opens (or makes) the file that holds where runs of skills stand. A file of its own, with its own connection:
 * on the store's connection a checkpoint could be rolled back with somebody else's open transaction.
 * synchronous=FULL: a checkpoint that was written survives a power cut.
 */
export function openCheckpointFile(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const file = new Database(path);
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.pragma('busy_timeout = 5000');
  return file;
}
