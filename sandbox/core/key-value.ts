import Database from 'better-sqlite3';
import type { KeyValueStore } from './types.ts';

/** One row as it is stored; `value` is JSON. */
export interface Entry {
  collection: string;
  id: string;
  value: string;
}

export interface SandboxDatabase extends KeyValueStore {
  get(collection: string, id: string): unknown;
  /** Forgets everything, collections of every stand-in included. */
  clear(): void;
  /** Everything, in the order it was first written. */
  dump(): Entry[];
  /** Forgets everything and holds what `dump` gave, in its order. */
  load(entries: readonly Entry[]): void;
  close(): void;
}

/**
 * Opens the sandbox's only file. A write has reached the operating system when `set` returns, so a killed
 * process loses nothing; a power cut may lose the last moments, which a simulation can afford.
 */
export function openSandboxDatabase(path: string): SandboxDatabase {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    `CREATE TABLE IF NOT EXISTS entries (
       collection TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
       PRIMARY KEY (collection, id)
     ) STRICT`,
  );
  const set = db.prepare(
    `INSERT INTO entries (collection, id, value) VALUES (?, ?, ?)
     ON CONFLICT (collection, id) DO UPDATE SET value = excluded.value`,
  );
  const remove = db.prepare('DELETE FROM entries WHERE collection = ? AND id = ?');
  const one = db.prepare<[string, string], { value: string }>(
    'SELECT value FROM entries WHERE collection = ? AND id = ?',
  );
  const all = db.prepare<[string], { id: string; value: string }>(
    'SELECT id, value FROM entries WHERE collection = ? ORDER BY rowid',
  );
  const clear = db.prepare('DELETE FROM entries');
  const dump = db.prepare<[], Entry>('SELECT collection, id, value FROM entries ORDER BY rowid');
  const load = db.transaction((entries: readonly Entry[]) => {
    clear.run();
    for (const { collection, id, value } of entries) set.run(collection, id, value);
  });
  return {
    set: (collection, id, value) => {
      set.run(collection, id, JSON.stringify(value ?? null));
    },
    delete: (collection, id) => {
      remove.run(collection, id);
    },
    all: (collection) => all.all(collection).map((row) => ({ id: row.id, value: JSON.parse(row.value) })),
    get: (collection, id) => {
      const row = one.get(collection, id);
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    clear: () => {
      clear.run();
    },
    dump: () => dump.all(),
    load: (entries) => {
      load(entries);
    },
    close: () => {
      db.close();
    },
  };
}
