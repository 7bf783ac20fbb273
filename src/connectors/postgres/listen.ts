import pg from 'pg';
import type { Logger } from '../../lib/logger.ts';
import type { PostgresAddress } from './address.ts';

/** The channel a trigger of the database tells changes on; what it says is the table's name. */
export const CHANNEL = 'psi_changes';
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Listener {
  close(): Promise<void>;
}

/**
 * Hears of changes at once where the database has the trigger of docs/operations.md. Where it has none nothing
 * is heard and polling does the work; a connection that breaks is made again, ever more slowly.
 */
export function listenForChanges(parts: {
  address: PostgresAddress;
  changed(table: string): void;
  logger: Logger;
}): Listener {
  const { address, changed, logger } = parts;
  const { schema: _schema, ...connection } = address;
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | null = null;
  let pause = FIRST_PAUSE_MS;
  let closed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ ...connection, application_name: 'psi listen', keepAlive: true });
    client = fresh;
    fresh.on('error', () => retry(fresh));
    fresh.on('end', () => retry(fresh));
    fresh.on('notification', ({ payload }) => {
      if (payload) changed(payload);
    });
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${CHANNEL}`);
      pause = FIRST_PAUSE_MS;
    } catch (error) {
      logger.warn({ error: String(error) }, 'cannot listen for changes of the database; it is polled');
      retry(fresh);
    }
  }

  function retry(broken: pg.Client): void {
    if (closed || client !== broken) return;
    client = null;
    broken.end().catch(() => undefined);
    again = setTimeout(() => void connect(), pause);
    again.unref();
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }

  void connect();
  return {
    async close() {
      closed = true;
      if (again !== null) clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
