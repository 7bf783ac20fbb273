import { z } from 'zod';
import type { AlertKind, AlertRecord } from '../domain/alerts/alert.ts';
import { ALERT_KINDS } from '../domain/alerts/alert.ts';
import type { Finding } from '../domain/alerts/finding.ts';
import { type Step, step } from '../domain/alerts/lifecycle.ts';
import { newId } from '../lib/ids.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Row = Schema['alerts'];

const rowSchema = z.object({
  kind: z.enum(ALERT_KINDS),
  state: z.enum(['open', 'resolved']),
  facts: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
});

/** The alerts that are kept: those that are open, and those that were. */
export interface AlertBook {
  /** Works findings in, each by the lifecycle; gives what changed. All of them or, after a crash, none. */
  record(findings: readonly Finding[], nowAt: number): Promise<Exclude<Step, { change: 'none' }>[]>;
  get(id: string): AlertRecord | null;
  /** Newest first. `snoozed` compares with `nowAt`. */
  list(filter: {
    kinds: readonly AlertKind[];
    nowAt: number;
    snoozed?: boolean;
    ownerId?: string;
    limit: number;
  }): { rows: AlertRecord[]; total: number };
  openSubjects(kind: AlertKind, subjectKind: string): string[];
  /** How often the open alert of this subject was seen; 0 when none is open. */
  openCount(kind: AlertKind, subject: Pick<AlertRecord['subject'], 'kind' | 'id'>): number;
  /** The first end of a snooze of an open alert after `nowAt`. */
  nextSnoozeEndAt(nowAt: number): number | null;
  /** Changes an open alert; null when it is not open any more. */
  change(
    id: string,
    patch: Partial<Pick<AlertRecord, 'owner' | 'snoozedUntilAt'>>,
  ): Promise<{ before: AlertRecord; after: AlertRecord } | null>;
}

export function createAlertBook(store: Store): AlertBook {
  const { db } = store;

  function get(id: string): AlertRecord | null {
    const row = firstRow(store, db.selectFrom('alerts').selectAll().where('id', '=', id).compile());
    return row && toAlert(row);
  }

  function latest({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): AlertRecord | null {
    const row = firstRow(
      store,
      db
        .selectFrom('alerts')
        .selectAll()
        .where('kind', '=', kind)
        .where('subject_kind', '=', subject.kind)
        .where('subject_id', '=', subject.id)
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .compile(),
    );
    return row && toAlert(row);
  }

  function keep(alert: AlertRecord): void {
    const { id, ...rest } = toRow(alert);
    change(
      store,
      db
        .insertInto('alerts')
        .values({ id, ...rest })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
        .compile(),
    );
  }

  return {
    get,
    async record(findings, nowAt) {
      if (findings.length === 0) return [];
      return ledgerTransaction(store, () =>
        findings.flatMap((finding) => {
          const result = step(latest(finding), finding, nowAt, () => newId('al'));
          if (result.change === 'none') return [];
          keep(result.alert);
          return [result];
        }),
      );
    },
    list({ kinds, nowAt, snoozed, ownerId, limit }) {
      if (kinds.length === 0) return { rows: [], total: 0 };
      let query = db
        .selectFrom('alerts')
        .where('state', '=', 'open')
        .where('kind', 'in', [...kinds]);
      if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
      if (snoozed === true) query = query.where('snoozed_until_at', '>', nowAt);
      if (snoozed === false)
        query = query.where((is) =>
          is.or([is('snoozed_until_at', 'is', null), is('snoozed_until_at', '<=', nowAt)]),
        );
      const rows = allRows(
        store,
        query.selectAll().orderBy('last_seen_at', 'desc').orderBy('id', 'desc').limit(limit).compile(),
      );
      const count = firstRow(store, query.select((is) => is.fn.countAll<number>().as('total')).compile());
      return { rows: rows.map(toAlert), total: count?.total ?? 0 };
    },
    openSubjects: (kind, subjectKind) =>
      allRows(
        store,
        db
          .selectFrom('alerts')
          .select('subject_id')
          .where('state', '=', 'open')
          .where('kind', '=', kind)
          .where('subject_kind', '=', subjectKind)
          .compile(),
      ).map((row) => row.subject_id),
    openCount(kind, subject) {
      const alert = latest({ kind, subject: { ...subject, name: '' } });
      return alert?.state === 'open' ? alert.count : 0;
    },
    nextSnoozeEndAt(nowAt) {
      const row = firstRow(
        store,
        db
          .selectFrom('alerts')
          .select((is) => is.fn.min<number | null>('snoozed_until_at').as('at'))
          .where('state', '=', 'open')
          .where('snoozed_until_at', '>', nowAt)
          .compile(),
      );
      return row?.at ?? null;
    },
    change: (id, patch) =>
      ledgerTransaction(store, () => {
        const before = get(id);
        if (before?.state !== 'open') return null;
        const after = { ...before, ...patch, revision: before.revision + 1 };
        keep(after);
        return { before, after };
      }),
  };
}

export function toAlert(row: Row): AlertRecord {
  const { kind, state, facts } = rowSchema.parse(row);
  return {
    ...{ id: row.id, kind, state, facts, title: row.title, detail: row.detail, count: row.count },
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    amount:
      row.amount_minor === null || row.currency === null
        ? null
        : { minor: row.amount_minor, currency: row.currency },
    owner: row.owner_id === null ? null : { userId: row.owner_id, name: row.owner_name ?? row.owner_id },
    snoozedUntilAt: row.snoozed_until_at,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at,
    resolution: row.resolution,
    revision: row.revision,
  };
}

function toRow(alert: AlertRecord): Row {
  return {
    id: alert.id,
    kind: alert.kind,
    subject_kind: alert.subject.kind,
    subject_id: alert.subject.id,
    subject_name: alert.subject.name,
    state: alert.state,
    title: alert.title,
    detail: alert.detail,
    facts: JSON.stringify(alert.facts),
    amount_minor: alert.amount?.minor ?? null,
    currency: alert.amount?.currency ?? null,
    count: alert.count,
    owner_id: alert.owner?.userId ?? null,
    owner_name: alert.owner?.name ?? null,
    snoozed_until_at: alert.snoozedUntilAt,
    opened_at: alert.openedAt,
    last_seen_at: alert.lastSeenAt,
    resolved_at: alert.resolvedAt,
    resolution: alert.resolution,
    revision: alert.revision,
  };
}
