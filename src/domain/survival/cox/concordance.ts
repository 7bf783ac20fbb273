import { byStratum, type Spell } from '../spells.ts';

/**
 * The share of comparable pairs in which who had the event earlier had the higher risk (Harrell 1982): a pair is
 * comparable when one has the event while the other is at risk and goes on longer; equal risks count half, two events
 * at the same time not at all. Pairs are of one stratum. Null where no pair is comparable.
 */
export function concordanceOf(
  spells: readonly Spell[],
  risks: readonly number[],
  strata: readonly string[] | null = null,
): number | null {
  let [agreeing, pairs] = [0, 0];
  for (const [, rows] of byStratum(spells.length, strata)) {
    for (const one of rows) {
      const early = spells[one];
      if (!early?.event) continue;
      for (const other of rows) {
        const late = spells[other];
        if (!late || late.start >= early.stop || !goesOn(late, early.stop)) continue;
        const difference = (risks[one] ?? 0) - (risks[other] ?? 0);
        pairs += 1;
        agreeing += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      }
    }
  }
  return pairs === 0 ? null : agreeing / pairs;
}

function goesOn({ stop, event }: Spell, time: number): boolean {
  return stop > time || (stop === time && !event);
}
