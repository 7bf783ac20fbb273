import type { Contribution } from '../metrics/metric.ts';
import { add, type Fraction, fraction, multiply, NOTHING } from './fraction.ts';
import type { EffectKind } from './moves.ts';
import { roundToSum, shapley } from './shapley.ts';

/** A customer's rows of one plan and one currency on one side. */
interface Cell {
  rows: bigint;
  /** In the rows' own currency. */
  original: bigint;
  /** In the company's. */
  converted: bigint;
}

type Cells = ReadonlyMap<string, Cell>;

function cellsOf(rows: readonly Contribution[], currency: string): Cells {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const key = `${row.plan ?? ''} ${row.original?.currency ?? currency}`;
    const cell = cells.get(key) ?? { rows: 0n, original: 0n, converted: 0n };
    cells.set(key, {
      rows: cell.rows + 1n,
      original: cell.original + BigInt(row.original?.minor ?? row.amount),
      converted: cell.converted + BigInt(row.amount),
    });
  }
  return cells;
}

/** In the order of the bits of a mask. */
const FACTORS = ['count', 'plan', 'average', 'fx'] as const satisfies readonly EffectKind[];

/** One side as factors: how many rows in all, and of each cell its share, the average row and the rate. */
interface Side {
  count: bigint;
  share(key: string): Fraction;
  average(key: string): Fraction | null;
  rate(key: string): Fraction | null;
}

function sideOf(cells: Cells): Side {
  const count = [...cells.values()].reduce((sum, cell) => sum + cell.rows, 0n);
  return {
    count,
    share: (key) => fraction(cells.get(key)?.rows ?? 0n, count),
    average: (key) => {
      const cell = cells.get(key);
      return cell ? fraction(cell.original, cell.rows) : null;
    },
    rate: (key) => {
      const cell = cells.get(key);
      return cell && cell.original !== 0n ? fraction(cell.converted, cell.original) : null;
    },
  };
}

/**
 * The change of a customer who has rows on both sides, as the number of rows, the mix of plans (and currencies), the
 * average row in its own currency and the exchange rate; whole units that sum to the change. Where a plan is on one
 * side only, its average and rate are taken from that side, so that all of it is mix. Rows must all have one sign.
 */
export function splitRows(
  before: readonly Contribution[],
  after: readonly Contribution[],
  currency: string,
): { kind: EffectKind; by: bigint }[] {
  const [old, now] = [cellsOf(before, currency), cellsOf(after, currency)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  const sides = [sideOf(old), sideOf(now)] as const;
  const pick = (mask: number, factor: number) => sides[mask & (1 << factor) ? 1 : 0];
  const other = (mask: number, factor: number) => sides[mask & (1 << factor) ? 0 : 1];
  const valueAt = (mask: number): Fraction => {
    let sum = NOTHING;
    for (const key of keys) {
      const average = pick(mask, 2).average(key) ?? other(mask, 2).average(key) ?? NOTHING;
      const rate = pick(mask, 3).rate(key) ?? other(mask, 3).rate(key) ?? NOTHING;
      const rows = multiply(fraction(pick(mask, 0).count), pick(mask, 1).share(key));
      sum = add(sum, multiply(rows, multiply(average, rate)));
    }
    return sum;
  };
  const total = sumOf(after) - sumOf(before);
  return roundToSum(shapley(FACTORS.length, valueAt), total).flatMap((by, index) => {
    const kind = FACTORS[index];
    return kind === undefined || by === 0n ? [] : [{ kind, by }];
  });
}

export function sumOf(rows: readonly Contribution[]): bigint {
  return rows.reduce((sum, row) => sum + BigInt(row.amount), 0n);
}
