import type { WebhookEvents } from '../domain/sync.ts';
import type { Store } from './open-store.ts';

const OPEN_AT_ONCE = 500;

export function createWebhookEvents(store: Pick<Store, 'sqlite'>): WebhookEvents {
  const { sqlite } = store;
  const insert = sqlite.prepare<[string, string, string, number, number, string]>(
    `INSERT INTO webhook_events (source, event_id, type, event_at, received_at, payload) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const open = sqlite.prepare<[string, number], { id: string; payload: string }>(
    `SELECT event_id AS id, payload FROM webhook_events WHERE processed_at IS NULL AND source = ?
     ORDER BY received_at LIMIT ?`,
  );
  // The payload is kept only until it is worked in: the facts stand in their own tables.
  const done = sqlite.prepare<[number, string, string]>(
    "UPDATE webhook_events SET processed_at = ?, error = NULL, payload = '' WHERE source = ? AND event_id = ?",
  );
  const fail = sqlite.prepare<[string, string, string]>(
    'UPDATE webhook_events SET error = ? WHERE source = ? AND event_id = ?',
  );
  return {
    record: (source, event, receivedAt) =>
      insert.run(source, event.id, event.type, event.eventAt, receivedAt, event.payload).changes === 1,
    open: (source) => open.all(source, OPEN_AT_ONCE),
    done: (source, id, at) => {
      done.run(at, source, id);
    },
    failed: (source, id, error) => {
      fail.run(error, source, id);
    },
  };
}
