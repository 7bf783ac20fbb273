import { UserError } from '../../lib/errors.ts';

/**
 * One stretch of observation: at risk for every time in (start, stop], and over at `stop` with the event or without
 * it. Times are in whatever unit the data has. Who is observed from the beginning has start 0 (or -Infinity).
 */
export interface Spell {
  start: number;
  stop: number;
  event: boolean;
}

/** Throws `invalid_input`, naming the row counted from 1, unless every spell ends after it starts. */
export function checkSpells(spells: readonly Spell[]): void {
  if (spells.length === 0) throw new UserError('invalid_input', 'There is nobody to observe: no rows.');
  for (const [at, { start, stop }] of spells.entries()) {
    if (!Number.isFinite(stop) || !(stop > start)) {
      throw new UserError(
        'invalid_input',
        `Row ${at + 1} ends at ${stop}, which is not after its start ${start}.`,
      );
    }
  }
}

/** What sees the risk sets of one stratum after another, in each from the last event time back to the first. */
export interface RiskSetVisitor {
  /** A new stratum begins with nobody at risk. */
  begin(stratum: string): void;
  enter(row: number): void;
  leave(row: number): void;
  /** All rows at risk have entered, those who have the event now included. */
  at(time: number, events: readonly number[]): void;
}

/**
 * Walks the risk sets: each row enters once and leaves at most once, so that sums over risk sets cost one pass. Rows
 * under observation from before the first event never leave, and their sums are never taken off again.
 */
export function walkRiskSets(
  spells: readonly Spell[],
  strata: readonly string[] | null,
  visitor: RiskSetVisitor,
): void {
  for (const [stratum, rows] of byStratum(spells.length, strata)) {
    visitor.begin(stratum);
    const stopOf = (row: number) => spells[row]?.stop ?? 0;
    const startOf = (row: number) => spells[row]?.start ?? 0;
    const byStop = rows.toSorted((a, b) => stopOf(b) - stopOf(a) || a - b);
    const byStart = rows.toSorted((a, b) => startOf(b) - startOf(a) || a - b);
    const inside = new Set<number>();
    let [entered, left] = [0, 0];
    for (const [time, events] of eventsByTime(spells, byStop)) {
      for (; stopOf(byStop[entered] ?? -1) >= time && entered < byStop.length; entered += 1) {
        const row = byStop[entered] ?? 0;
        // Who came later than this was at risk of nothing that is still to be visited.
        if (startOf(row) >= time) continue;
        inside.add(row);
        visitor.enter(row);
      }
      for (; startOf(byStart[left] ?? -1) >= time && left < byStart.length; left += 1) {
        const row = byStart[left] ?? 0;
        if (inside.delete(row)) visitor.leave(row);
      }
      visitor.at(time, events);
    }
  }
}

/** The times at which anybody had the event with who had it, in the order of the rows given. */
function eventsByTime(spells: readonly Spell[], rows: readonly number[]): Map<number, number[]> {
  const times = new Map<number, number[]>();
  for (const row of rows) {
    const spell = spells[row];
    if (!spell?.event) continue;
    const known = times.get(spell.stop);
    if (known) known.push(row);
    else times.set(spell.stop, [row]);
  }
  return times;
}

/** Rows by stratum, strata in the order of their names (numbers as numbers); without strata one named "". */
export function byStratum(count: number, strata: readonly string[] | null): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < count; row += 1) {
    const name = strata?.[row] ?? '';
    const known = groups.get(name);
    if (known) known.push(row);
    else groups.set(name, [row]);
  }
  return [...groups].sort(([a], [b]) => compareNames(a, b));
}

/** Numbers by size, before names by their letters. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  const [isX, isY] = [a !== '' && Number.isFinite(x), b !== '' && Number.isFinite(y)];
  if (isX && isY) return x - y;
  if (isX !== isY) return isX ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
