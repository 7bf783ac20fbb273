import type { Contribution, Metric } from '../metrics/metric.ts';
import { splitRows, sumOf } from './cells.ts';
import type { EffectKind, Move } from './moves.ts';
import { pairLines } from './pair-lines.ts';
import { type Counts, isPriced, type PricedLine, splitLine } from './priced-lines.ts';

export interface SumSides {
  before: readonly Contribution[];
  after: readonly Contribution[];
  /** Which of the rows make up the metric; the others only tell that a customer was there. */
  counts: Counts;
  /** The company's. */
  currency: string;
  /** Whether a customer that is there only after had been there before both sides. */
  wasThere(customerId: string): boolean;
}

/**
 * Every customer's part of a change of something that adds up over customers, put down to what changed. The parts sum
 * to the change exactly: they are whole units, and each customer's are made to sum to that customer's own change.
 */
export function splitSum(metric: Pick<Metric, 'unit' | 'additivity' | 'total'>, sides: SumSides): Move[] {
  const before = byCustomer(sides.before);
  const after = byCustomer(sides.after);
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const all = [...sides.before, ...sides.after];
  const nature: Nature = { priced: all.every(isPriced), signed: all.some((row) => row.amount > 0) };
  return ids.flatMap((id) => {
    const rows = { before: before.get(id) ?? [], after: after.get(id) ?? [] };
    const first = rows.after[0] ?? rows.before[0];
    const name = first?.customerName ?? first?.customerId ?? 'no customer';
    const parts =
      metric.unit === 'money' ? splitMoney(id, rows, sides, nature) : splitCount(id, metric, rows, sides);
    return parts.map(({ kind, by }): Move => ({ kind, id, name, by }));
  });
}

/** What all rows have in common. */
interface Nature {
  priced: boolean;
  /** Some are above nothing, so that those below it are paid back. */
  signed: boolean;
}

interface Part {
  kind: EffectKind;
  by: bigint;
}

interface Rows {
  before: readonly Contribution[];
  after: readonly Contribution[];
}

function byCustomer(rows: readonly Contribution[]): Map<string | null, Contribution[]> {
  const groups = new Map<string | null, Contribution[]>();
  for (const row of rows) {
    const group = groups.get(row.customerId);
    if (group) group.push(row);
    else groups.set(row.customerId, [row]);
  }
  return groups;
}

function kept(rows: readonly Contribution[], counts: Counts): Contribution[] {
  return rows.filter((row) => counts(row.plan));
}

function part(kind: EffectKind, by: bigint): Part[] {
  return by === 0n ? [] : [{ kind, by }];
}

/** Who is there on one side only; null for a customer of both. */
function arrival(id: string | null, rows: Rows, sides: SumSides): EffectKind | null {
  if (rows.before.length > 0 && rows.after.length > 0) return null;
  if (rows.after.length === 0) return 'lost';
  return id !== null && sides.wasThere(id) ? 'returned' : 'new';
}

function splitMoney(id: string | null, rows: Rows, sides: SumSides, nature: Nature): Part[] {
  if (nature.priced) {
    const kind = arrival(id, rows, sides);
    const change = sumOf(kept(rows.after, sides.counts)) - sumOf(kept(rows.before, sides.counts));
    if (kind) return part(kind, change);
    const parts = splitPriced(rows.before.filter(isPriced), rows.after.filter(isPriced), sides);
    if (parts) return parts;
  }
  const counted = { before: kept(rows.before, sides.counts), after: kept(rows.after, sides.counts) };
  return splitUnpriced(id, counted, sides, nature);
}

function splitPriced(
  before: readonly PricedLine[],
  after: readonly PricedLine[],
  sides: SumSides,
): Part[] | null {
  const { both, ended, added } = pairLines(before, after);
  const parts: Part[] = part(
    'subscriptions',
    sumOf(kept(added, sides.counts)) - sumOf(kept(ended, sides.counts)),
  );
  for (const pair of both) {
    const split = splitLine(pair.before, pair.after, sides);
    if (!split) return null;
    parts.push(...split);
  }
  return parts;
}

/** Rows without a price and a quantity; what was paid back is told apart, since it has no count of its own to speak of. */
function splitUnpriced(id: string | null, rows: Rows, sides: SumSides, { signed }: Nature): Part[] {
  const own = (side: readonly Contribution[]) => (signed ? side.filter((row) => row.amount >= 0) : side);
  const back = (side: readonly Contribution[]) => (signed ? side.filter((row) => row.amount < 0) : []);
  const given = part('given_back', sumOf(back(rows.after)) - sumOf(back(rows.before)));
  const [before, after] = [own(rows.before), own(rows.after)];
  if (before.length === 0 && after.length === 0) return given;
  const kind = arrival(id, { before, after }, sides);
  const parts = kind ? part(kind, sumOf(after) - sumOf(before)) : splitRows(before, after, sides.currency);
  return [...parts, ...given];
}

/** Counts have no price: a customer of both sides has more of them, or less. A distinct thing counts once a customer. */
function splitCount(
  id: string | null,
  metric: Pick<Metric, 'additivity' | 'total'>,
  rows: Rows,
  sides: SumSides,
): Part[] {
  const before = kept(rows.before, sides.counts);
  const after = kept(rows.after, sides.counts);
  const value = (side: readonly Contribution[]) => BigInt(metric.total(side) ?? 0);
  const [old, now] = [value(before), value(after)];
  if (old === now) return [];
  if (old === 0n && now > 0n) return part(id !== null && sides.wasThere(id) ? 'returned' : 'new', now);
  if (now === 0n && old > 0n) return part('lost', -old);
  return part(now > old ? 'more' : 'less', now - old);
}
