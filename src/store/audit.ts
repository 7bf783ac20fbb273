import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { Json } from '../domain/types.ts';
import { allRows, change, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type AuditRow = Schema['audit'];

/** People and customers by their ids only: names and addresses stay where they can be erased. */
export interface AuditEntry {
  at: number;
  /** A Slack user id, or `psi`. */
  actor: string;
  /** thing.past_tense. */
  action: string;
  /** `approval:apr_...`, `policy`, ... */
  subject: string;
  details: { [key: string]: Json };
}

const GENESIS = '0'.repeat(64);

/** Appends to the chain. Called inside a ledger transaction, together with the change it tells of. */
export function appendAudit(store: Store, entry: AuditEntry): void {
  const last = firstRow(
    store,
    store.db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).compile(),
  );
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    details: canonicalJson(entry.details),
    previous_hash: last?.hash ?? GENESIS,
  };
  change(
    store,
    store.db
      .insertInto('audit')
      .values({ ...row, hash: hashOf(row) })
      .compile(),
  );
}

/** sha256 over the canonical row without its own hash. */
function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { seq, at, actor, action, subject, details, previous_hash } = row;
  return createHash('sha256')
    .update(canonicalJson({ seq, at, actor, action, subject, details, previous_hash }))
    .digest('hex');
}

/**
 * Walks the whole chain. `brokenAt` is the first `seq` whose row was changed, removed or put in between.
 * `head` is the last hash: kept elsewhere, it also tells when rows were cut off the end.
 */
export function verifyAudit(store: Store): { ok: boolean; rows: number; brokenAt?: number; head: string } {
  let previous = GENESIS;
  let rows = 0;
  const query = store.db.selectFrom('audit').selectAll().orderBy('seq').compile();
  for (const row of store.sqlite.prepare<unknown[], AuditRow>(query.sql).iterate(...query.parameters)) {
    rows += 1;
    if (row.seq !== rows || row.previous_hash !== previous || row.hash !== hashOf(row)) {
      return { ok: false, rows, brokenAt: rows, head: previous };
    }
    previous = row.hash;
  }
  return { ok: true, rows, head: previous };
}

const likeLiteral = (text: string): string => text.replace(/[%_!]/g, '!$&');

/** Newest first. A subject is an approval (`approval:...`) or a customer's id, found in the details. */
export function newestAudit(
  store: Store,
  filter: { subject?: string; limit: number },
): { rows: AuditRow[]; total: number } {
  const { subject } = filter;
  const base = store.db.selectFrom('audit');
  const matching =
    subject === undefined
      ? base
      : base.where((where) =>
          where.or([
            where('subject', '=', subject),
            sql<boolean>`details like ${`%"customer":${likeLiteral(JSON.stringify(subject))}%`} escape '!'`,
          ]),
        );
  const rows = allRows(store, matching.selectAll().orderBy('seq', 'desc').limit(filter.limit).compile());
  const count = firstRow(
    store,
    matching.select((query) => query.fn.countAll<number>().as('total')).compile(),
  );
  return { rows, total: count?.total ?? 0 };
}
