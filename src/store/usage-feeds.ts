import type { FeedPosition, FeedState } from '../domain/billing/usage-store.ts';
import type { Store } from './open-store.ts';

interface FeedRow {
  cursor: string | null;
  through_at: number | null;
  read_at: number | null;
  error: string | null;
  error_at: number | null;
  since_at: number | null;
}

/** How far each feed has been read, and what went wrong last. */
export function createUsageFeeds({ sqlite }: Pick<Store, 'sqlite'>) {
  const find = sqlite.prepare<[string], FeedRow>('SELECT * FROM usage_feeds WHERE source = ?');
  const move = sqlite.prepare<[string, string | null, number | null, number, number | null]>(
    `INSERT INTO usage_feeds (source, cursor, through_at, read_at, since_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor,
       through_at = COALESCE(excluded.through_at, through_at), read_at = excluded.read_at,
       since_at = COALESCE(since_at, excluded.since_at), error = NULL, error_at = NULL`,
  );
  const fail = sqlite.prepare<[string, string, number]>(
    `INSERT INTO usage_feeds (source, error, error_at) VALUES (?, ?, ?)
     ON CONFLICT (source) DO UPDATE SET error = excluded.error, error_at = excluded.error_at`,
  );
  return {
    move: ({ source, cursor, throughAt, sinceAt = null }: FeedPosition, at: number) => {
      move.run(source, cursor, throughAt, at, sinceAt);
    },
    failed: (source: string, message: string, at: number) => {
      fail.run(source, message, at);
    },
    state(source: string): FeedState {
      const row = find.get(source);
      return {
        source,
        cursor: row?.cursor ?? null,
        throughAt: row?.through_at ?? null,
        sinceAt: row?.since_at ?? null,
        readAt: row?.read_at ?? null,
        error: row?.error == null || row.error_at === null ? null : { message: row.error, at: row.error_at },
      };
    },
  };
}
