import { createHash } from 'node:crypto';
import type { Refusal, Rejection } from '../domain/billing/usage-intake.ts';
import type { DeadLetter } from '../domain/billing/usage-store.ts';
import type { Store } from './open-store.ts';

interface LetterRow {
  no: number;
  source: string | null;
  event_id: string | null;
  reason: Rejection;
  words: string;
  payload: string;
  times: number;
  received_at: number;
  last_at: number;
}

/** A payload is kept up to so many characters: a sender gone mad must not fill the disk. */
const MOST_PAYLOAD = 20_000;

export function createDeadLetters({ sqlite }: Pick<Store, 'sqlite'>) {
  const keep = sqlite.prepare(
    `INSERT INTO usage_dead_letters (digest, source, event_id, reason, words, payload, times, received_at, last_at, state)
     VALUES (@digest, @source, @eventId, @reason, @words, @payload, 1, @at, @at, 'open')
     ON CONFLICT (digest) DO UPDATE SET times = times + 1, last_at = excluded.last_at`,
  );
  const list = sqlite.prepare<{ reason: string | null; limit: number }, LetterRow>(
    `SELECT * FROM usage_dead_letters WHERE state = 'open' AND (@reason IS NULL OR reason = @reason) ORDER BY no LIMIT @limit`,
  );
  const one = sqlite.prepare<[number], LetterRow>(
    `SELECT * FROM usage_dead_letters WHERE no = ? AND state = 'open'`,
  );
  const counts = sqlite.prepare<[], { reason: Rejection; count: number; oldestAt: number }>(
    `SELECT reason, COUNT(*) AS count, MIN(received_at) AS oldestAt FROM usage_dead_letters
     WHERE state = 'open' GROUP BY reason ORDER BY reason`,
  );
  const settle = sqlite.prepare<[string, number, string, number]>(
    `UPDATE usage_dead_letters SET state = ?, settled_at = ?, settled_by = ? WHERE no = ? AND state = 'open'`,
  );
  const reword = sqlite.prepare<[string, string, number, number]>(
    'UPDATE usage_dead_letters SET reason = ?, words = ?, last_at = ? WHERE no = ?',
  );
  return {
    keep(raw: unknown, { reason, words }: Refusal, at: number): void {
      const payload = (JSON.stringify(raw) ?? String(raw)).slice(0, MOST_PAYLOAD);
      const digest = createHash('sha256').update(`${reason}\n${payload}`).digest('base64url');
      keep.run({
        digest,
        source: textField(raw, 'source'),
        eventId: textField(raw, 'id'),
        reason,
        words,
        payload,
        at,
      });
    },
    open: (filter: { reason?: Rejection; limit?: number } = {}): DeadLetter[] =>
      list.all({ reason: filter.reason ?? null, limit: filter.limit ?? 1_000 }).map(letterOf),
    get: (no: number): DeadLetter | null => {
      const row = one.get(no);
      return row === undefined ? null : letterOf(row);
    },
    counts: () => counts.all(),
    taken: (no: number, by: string, at: number) => settle.run('taken', at, by, no),
    dropped: (no: number, by: string, at: number) => settle.run('dropped', at, by, no),
    refusedAgain: (no: number, { reason, words }: Refusal, at: number) => reword.run(reason, words, at, no),
  };
}

function letterOf(row: LetterRow): DeadLetter {
  const { no, source, event_id, reason, words, payload, times, received_at, last_at } = row;
  return {
    no,
    source,
    eventId: event_id,
    reason,
    words,
    payload: parsed(payload),
    times,
    receivedAt: received_at,
    lastAt: last_at,
  };
}

/** A payload that was cut is given as its text. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function textField(raw: unknown, name: 'source' | 'id'): string | null {
  if (typeof raw !== 'object' || raw === null || !(name in raw)) return null;
  const value: unknown = Reflect.get(raw, name);
  return typeof value === 'string' ? value.slice(0, 200) : null;
}
