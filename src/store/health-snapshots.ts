import type { Band } from '../domain/health/bands.ts';
import { type Snapshot, snapshotText } from '../domain/health/snapshot.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** How every customer stood, day by day: written once by (customer, day, version), never changed. */
export interface HealthSnapshots {
  /** Those of a day and version that are there already stay as they are. @returns how many were new. */
  add(snapshots: readonly Snapshot[]): Promise<number>;
  /** The band each customer was last known to be in before the day. */
  bandsBefore(day: string, version: string): Map<string, Band>;
  /** Days that have snapshots, oldest first. */
  days(version: string): string[];
  /** One customer's, oldest first. */
  ofCustomer(customerId: string, version: string): Snapshot[];
  /** Who was in which band when: all of them, oldest first, without their features. */
  bands(version: string): { customerId: string; at: number; band: Band; score: number }[];
}

/** A band that was last seen longer ago than this no longer holds anybody in it. */
const REMEMBERED_DAYS = 14;

export function createHealthSnapshots(store: Store): HealthSnapshots {
  const { db } = store;
  return {
    add: (snapshots) =>
      ledgerTransaction(store, () =>
        snapshots.reduce((added, one) => {
          const insert = db
            .insertInto('health_snapshots')
            .values(toRow(one))
            .onConflict((conflict) => conflict.columns(['customer_id', 'day', 'version']).doNothing());
          return added + change(store, insert.compile());
        }, 0),
      ),
    bandsBefore(day, version) {
      const since = new Date(Date.parse(day) - REMEMBERED_DAYS * 86_400_000).toISOString().slice(0, 10);
      const newest = firstRow(
        store,
        db
          .selectFrom('health_snapshots')
          .select((is) => is.fn.max<string | null>('day').as('day'))
          .where('version', '=', version)
          .where('day', '<', day)
          .where('day', '>=', since)
          .compile(),
      );
      if (!newest?.day) return new Map();
      const rows = allRows(
        store,
        db
          .selectFrom('health_snapshots')
          .selectAll()
          .where('version', '=', version)
          .where('day', '=', newest.day)
          .compile(),
      );
      return new Map(
        rows.flatMap((row) => {
          const { customerId, band } = toSnapshot(row);
          return band === null ? [] : [[customerId, band] as const];
        }),
      );
    },
    days: (version) =>
      allRows(
        store,
        db
          .selectFrom('health_snapshots')
          .select('day')
          .distinct()
          .where('version', '=', version)
          .orderBy('day')
          .compile(),
      ).map(({ day }) => day),
    ofCustomer: (customerId, version) =>
      allRows(
        store,
        db
          .selectFrom('health_snapshots')
          .selectAll()
          .where('customer_id', '=', customerId)
          .where('version', '=', version)
          .orderBy('day')
          .compile(),
      ).map(toSnapshot),
    bands: (version) =>
      allRows(
        store,
        db
          .selectFrom('health_snapshots')
          .select(['customer_id', 'at', 'band', 'score'])
          .where('version', '=', version)
          .where('band', 'is not', null)
          .orderBy('at')
          .orderBy('customer_id')
          .compile(),
      ).map((row) => ({
        customerId: row.customer_id,
        at: row.at,
        band: snapshotText.shape.band.unwrap().parse(row.band),
        score: row.score ?? 0,
      })),
  };
}

function toSnapshot(row: Schema['health_snapshots']): Snapshot {
  const { band, features } = snapshotText.parse(row);
  return {
    customerId: row.customer_id,
    day: row.day,
    version: row.version,
    at: row.at,
    computedAt: row.computed_at,
    segment: row.segment,
    score: row.score,
    confidence: row.confidence,
    band,
    features,
  };
}

function toRow(one: Snapshot): Schema['health_snapshots'] {
  return {
    customer_id: one.customerId,
    day: one.day,
    version: one.version,
    at: one.at,
    computed_at: one.computedAt,
    segment: one.segment,
    score: one.score,
    confidence: one.confidence,
    band: one.band,
    features: JSON.stringify(one.features),
  };
}
