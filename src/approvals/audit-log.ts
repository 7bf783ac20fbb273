import type { Clock } from '../lib/clock.ts';
import { type AuditEntry, appendAudit } from '../store/audit.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { Store } from '../store/open-store.ts';

export interface AuditLog {
  record(entry: Omit<AuditEntry, 'at'>): Promise<void>;
}

/** The trail for what happens outside the door: tool calls, changes of settings. */
export function createAuditLog(store: Store, clock: Clock): AuditLog {
  return {
    record: (entry) => ledgerTransaction(store, () => appendAudit(store, { at: clock.now(), ...entry })),
  };
}
