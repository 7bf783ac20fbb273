import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { projectRoot } from '../lib/paths.ts';
import type { Schema } from './schema.ts';

export interface Store {
  /** Portable queries. */
  db: Kysely<Schema>;
  /** The embedded engine itself: for bulk loads and multi-statement transactions that must not interleave. */
  sqlite: Database.Database;
  close(): Promise<void>;
}

const migrationsFolder = () => join(projectRoot(), 'src/store/migrations');

/**
 * Opens (or makes) the embedded store and brings its schema up to date.
 * WAL with synchronous=FULL: a ledger row that was committed survives a power cut.
 */
export function openStore(path: string): Store {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new Database(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  migrate(sqlite);
  const database = { prepare: preparedOnce(sqlite), close: () => sqlite.close() };
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  return { db, sqlite, close: () => db.destroy() };
}

/** As many as Psi asks in a day; lists in a query make new ones of it without end. */
const STATEMENTS_KEPT = 300;

/** Compiling a query costs more than most take to run: the last ones stay compiled. No query is streamed, so none is busy. */
function preparedOnce(sqlite: Database.Database): (sql: string) => Database.Statement {
  const kept = new Map<string, Database.Statement>();
  return (sql) => {
    const statement = kept.get(sql) ?? sqlite.prepare(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    const [oldest] = kept.keys();
    if (kept.size > STATEMENTS_KEPT && oldest !== undefined) kept.delete(oldest);
    return statement;
  };
}

/** Applies, each in its own transaction, the numbered files that have not been applied yet. */
function migrate(sqlite: Database.Database): void {
  sqlite.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)');
  const applied = new Set(
    sqlite
      .prepare<[], { name: string }>('SELECT name FROM migrations')
      .all()
      .map((row) => row.name),
  );
  const files = readdirSync(migrationsFolder())
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .sort();
  for (const name of files.filter((file) => !applied.has(file))) {
    const sql = readFileSync(join(migrationsFolder(), name), 'utf8');
    sqlite.transaction(() => {
      sqlite.exec(sql);
      sqlite.prepare('INSERT INTO migrations (name) VALUES (?)').run(name);
    })();
  }
}
