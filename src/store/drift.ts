import type { Malformed, SeenFields } from '../domain/sync.ts';
import type { SourceName } from '../domain/types.ts';
import type { Store } from './open-store.ts';

/** A field that comes otherwise than agreed. */
export interface OpenDrift {
  source: SourceName;
  resource: string;
  field: string;
  expected: string;
  got: string;
  rows: number;
  since: number;
}

export interface NewField {
  resource: string;
  field: string;
  firstAt: number;
}

export interface DriftStore {
  /** Notes what could not be read in one reading or comparison, with how many rows it concerned. */
  note(source: SourceName, malformed: readonly Malformed[], at: number): void;
  /** Of these resources everything was read anew: what did not show again is over. */
  settle(source: SourceName, malformed: readonly Malformed[], beganAt: number): void;
  noteFields(source: SourceName, fields: SeenFields | undefined, at: number): void;
  open(source: SourceName): OpenDrift[];
  /** Fields that came later than the first rows did, since this instant. */
  newFields(source: SourceName, sinceAt: number): NewField[];
}

/** Fields of the first day belong to the resource: not every row has every one. */
const LEARNING_MS = 24 * 3_600_000;

export function createDriftStore({ sqlite }: Pick<Store, 'sqlite'>): DriftStore {
  const upsert = sqlite.prepare<[string, string, string, string, string, number, number, number]>(
    `INSERT INTO schema_drift (source, resource, field, expected, got, row_count, first_at, last_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (source, resource, field) DO UPDATE SET expected = excluded.expected, got = excluded.got,
       row_count = CASE WHEN schema_drift.resolved_at IS NULL
         THEN MAX(schema_drift.row_count, excluded.row_count) ELSE excluded.row_count END,
       first_at = CASE WHEN schema_drift.resolved_at IS NULL THEN schema_drift.first_at ELSE excluded.first_at END,
       last_at = excluded.last_at, resolved_at = NULL`,
  );
  const resolve = sqlite.prepare<[number, string, number]>(
    'UPDATE schema_drift SET resolved_at = ? WHERE source = ? AND last_at < ? AND resolved_at IS NULL',
  );
  const open = sqlite.prepare<[string], OpenDrift>(
    `SELECT source, resource, field, expected, got, row_count AS rows, first_at AS since FROM schema_drift
     WHERE source = ? AND resolved_at IS NULL ORDER BY first_at, resource, field`,
  );
  const known = sqlite.prepare<[string, string], { field: string; first_at: number }>(
    'SELECT field, first_at FROM source_fields WHERE source = ? AND resource = ?',
  );
  const learn = sqlite.prepare<[string, string, string, number, number]>(
    'INSERT INTO source_fields (source, resource, field, first_at, is_new) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const recent = sqlite.prepare<[string, number], NewField>(
    `SELECT resource, field, first_at AS firstAt FROM source_fields
     WHERE source = ? AND is_new = 1 AND first_at >= ? ORDER BY first_at, resource, field`,
  );
  const remembered = new Map<string, { names: Set<string>; since: number }>();

  function fieldsKnown(source: SourceName, resource: string, at: number) {
    const key = `${source} ${resource}`;
    const found = remembered.get(key);
    if (found !== undefined) return found;
    const rows = known.all(source, resource);
    const since = rows.reduce((first, row) => Math.min(first, row.first_at), at);
    const loaded = { names: new Set(rows.map((row) => row.field)), since };
    remembered.set(key, loaded);
    return loaded;
  }

  function note(source: SourceName, malformed: readonly Malformed[], at: number): void {
    const counted = new Map<string, { row: Malformed; ids: number }>();
    for (const row of malformed) {
      const key = `${row.resource} ${row.drift?.field ?? 'row'}`;
      counted.set(key, { row, ids: (counted.get(key)?.ids ?? 0) + 1 });
    }
    for (const { row, ids } of counted.values()) {
      const { field, expected, got } = row.drift ?? {
        field: 'row',
        expected: 'a readable row',
        got: row.what,
      };
      upsert.run(source, row.resource, field, expected, got, ids, at, at);
    }
  }

  return {
    note,
    settle(source, malformed, beganAt) {
      note(source, malformed, beganAt);
      resolve.run(beganAt, source, beganAt);
    },
    noteFields(source, fields, at) {
      for (const [resource, names] of Object.entries(fields ?? {})) {
        const seen = fieldsKnown(source, resource, at);
        for (const name of names) {
          if (seen.names.has(name)) continue;
          seen.names.add(name);
          learn.run(source, resource, name, at, at - seen.since > LEARNING_MS ? 1 : 0);
        }
      }
    },
    open: (source) => open.all(source),
    newFields: (source, sinceAt) => recent.all(source, sinceAt),
  };
}
