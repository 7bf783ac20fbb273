import { UserError } from '../../lib/errors.ts';
import { chiSquareTail } from '../statistics/distributions.ts';
import { dot, factor, zeroMatrix } from '../statistics/positive-systems.ts';
import { byStratum, checkSpells, type Spell, walkRiskSets } from './spells.ts';

export interface LogRank {
  chiSquare: number;
  degreesOfFreedom: number;
  p: number;
  /** By group, in the order of their names: events seen, and events to be expected were all groups alike. */
  groups: { name: string; rows: number; observed: number; expected: number }[];
}

/**
 * Whether groups differ in survival (Mantel 1966), over strata where they are given. Throws `invalid_input` unless at
 * least two groups are ever at risk together with an event.
 */
export function logRank(
  spells: readonly Spell[],
  groups: readonly string[],
  strata: readonly string[] | null = null,
): LogRank {
  checkSpells(spells);
  const named = byStratum(spells.length, groups);
  const groupOf = new Map(named.flatMap(([, rows], at) => rows.map((row) => [row, at] as const)));
  const size = named.length;
  let atRisk: number[] = [];
  const observed = new Array<number>(size).fill(0);
  const expected = new Array<number>(size).fill(0);
  const variance = zeroMatrix(size);
  const move = (row: number, by: number) => {
    const group = groupOf.get(row) ?? 0;
    atRisk[group] = (atRisk[group] ?? 0) + by;
  };
  walkRiskSets(spells, strata, {
    begin: () => {
      atRisk = new Array<number>(size).fill(0);
    },
    enter: (row) => move(row, 1),
    leave: (row) => move(row, -1),
    at: (_, events) => {
      const all = atRisk.reduce((sum, count) => sum + count, 0);
      for (const row of events) add(observed, groupOf.get(row) ?? 0, 1);
      const shares = atRisk.map((count) => count / all);
      const scale = all > 1 ? (events.length * (all - events.length)) / (all - 1) : 0;
      for (const [one, share] of shares.entries()) {
        add(expected, one, events.length * share);
        const row = variance[one] ?? [];
        for (const [other, against] of shares.entries()) {
          add(row, other, scale * share * ((one === other ? 1 : 0) - against));
        }
      }
    },
  });
  return {
    ...testOf(observed, expected, variance),
    groups: named.map(([name, rows], at) => ({
      name,
      rows: rows.length,
      observed: observed[at] ?? 0,
      expected: expected[at] ?? 0,
    })),
  };
}

function add(values: number[], at: number, by: number): void {
  values[at] = (values[at] ?? 0) + by;
}

/** One group fewer than take part: the differences sum to nothing. */
function testOf(observed: readonly number[], expected: readonly number[], variance: readonly number[][]) {
  const used = expected.flatMap((value, at) => (value > 0 ? [at] : [])).slice(1);
  const away = used.map((at) => (observed[at] ?? 0) - (expected[at] ?? 0));
  const system = factor(used.map((row) => used.map((column) => variance[row]?.[column] ?? 0)));
  if (used.length === 0 || 'dependent' in system) {
    throw new UserError(
      'invalid_input',
      'The groups cannot be compared: no two of them are ever observed at the same time as an event.',
    );
  }
  const chiSquare = dot(away, system.solve(away));
  return { chiSquare, degreesOfFreedom: used.length, p: chiSquareTail(chiSquare, used.length) };
}
