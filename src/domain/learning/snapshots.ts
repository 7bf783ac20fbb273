import { UserError } from '../../lib/errors.ts';
import type { RawColumn } from './encoding.ts';

export type FeatureValue = number | string | null;

/** What was known of a customer at an instant. */
export interface Snapshot {
  customer: string;
  at: number;
  features: Readonly<Record<string, FeatureValue>>;
}

/** Snapshots with what became of them, in the order of time. */
export interface SnapshotTable {
  columns: RawColumn[];
  /** 1 where the customer left within the horizon. */
  labels: Uint8Array;
  at: Float64Array;
  customers: string[];
}

/**
 * Labels snapshots by whether the customer left in (at, at + horizon]. Those whose horizon is not over at `knownUntil`
 * are left out, leavers too: to keep only these would say that everybody recent leaves. Of each customer, snapshots
 * nearer than `apartMs` to the one kept before are left out, so that the same days are not counted twice. Throws
 * `invalid_input` where a feature is a number in one snapshot and a word in another, or nothing remains.
 */
export function labelSnapshots(
  snapshots: readonly Snapshot[],
  leftAt: ReadonlyMap<string, readonly number[]>,
  { horizonMs, knownUntil, apartMs = 0 }: { horizonMs: number; knownUntil: number; apartMs?: number },
): SnapshotTable {
  const keptAt = new Map<string, number>();
  const kept = [...snapshots]
    .sort((a, b) => a.at - b.at || (a.customer < b.customer ? -1 : 1))
    .filter(({ customer, at }) => {
      const before = keptAt.get(customer);
      if (at + horizonMs > knownUntil || (before !== undefined && at - before < apartMs)) return false;
      keptAt.set(customer, at);
      return true;
    });
  if (kept.length === 0) {
    throw new UserError('invalid_input', 'No snapshot is old enough to know what became of it.');
  }
  const names = [...new Set(kept.flatMap(({ features }) => Object.keys(features)))].sort();
  return {
    columns: names.map((name) => columnOf(name, kept)),
    labels: Uint8Array.from(kept, ({ customer, at }) =>
      (leftAt.get(customer) ?? []).some((left) => left > at && left <= at + horizonMs) ? 1 : 0,
    ),
    at: Float64Array.from(kept, ({ at }) => at),
    customers: kept.map(({ customer }) => customer),
  };
}

/** Columns as a classifier takes them, of any snapshots in their order. */
export function columnsOf(snapshots: readonly Snapshot[], like: readonly RawColumn[]): RawColumn[] {
  return like.map(({ name, kind }) => {
    const column = columnOf(name, snapshots);
    const empty = column.values.every((value) => value === null);
    return empty ? { name, kind, values: snapshots.map(() => null) } : column;
  });
}

function columnOf(name: string, snapshots: readonly Snapshot[]): RawColumn {
  const values = snapshots.map(({ features }) => features[name] ?? null);
  const numbers = values.map((value) => (typeof value === 'string' ? undefined : value));
  if (numbers.every((value) => value !== undefined)) return { name, kind: 'number', values: numbers };
  const words = values.map((value) => (typeof value === 'number' ? undefined : value));
  if (words.every((value) => value !== undefined)) return { name, kind: 'category', values: words };
  throw new UserError('invalid_input', `Feature ${name} is a number in one snapshot and a word in another.`);
}

/** A feature that knew more than its instant allows. */
export interface Leak {
  feature: string;
  customer: string;
  at: number;
}

/**
 * Computes every row twice, from all facts and from those known before its instant alone; a feature that differs has
 * looked ahead. `factsBefore` is the judge: it must cut by when a fact became known.
 */
export function findLeaks<Facts>(
  rows: readonly { customer: string; at: number }[],
  facts: Facts,
  factsBefore: (facts: Facts, at: number) => Facts,
  featuresOf: (facts: Facts, customer: string, at: number) => Readonly<Record<string, FeatureValue>>,
): Leak[] {
  return rows.flatMap(({ customer, at }) => {
    const withAll = featuresOf(facts, customer, at);
    const thenKnown = featuresOf(factsBefore(facts, at), customer, at);
    return [...new Set([...Object.keys(withAll), ...Object.keys(thenKnown)])]
      .filter((feature) => !Object.is(withAll[feature] ?? null, thenKnown[feature] ?? null))
      .map((feature) => ({ feature, customer, at }));
  });
}
