import type { Store } from './open-store.ts';

/**
 * Facts and their cursor are committed together and can be read again from their source, so a power cut may
 * take the newest of them: no wait for the disk. The ledgers on the same connection keep synchronous=FULL.
 */
export function replayable<T>(sqlite: Store['sqlite'], work: () => T): T {
  if (sqlite.inTransaction) return work();
  sqlite.pragma('synchronous = NORMAL');
  try {
    return work();
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
}
