import type { Spell } from '../survival/spells.ts';
import { type Life, MONTH_MS, mrrAtAge, spellOf } from './life.ts';

/** Lives as known at an instant, the shortest first. */
export interface Group {
  spells: readonly Spell[];
  /** MRR by month of age, as far as each was seen. */
  revenue: readonly (readonly number[])[];
}

/** Who came within the same moment has no time under observation yet, and is left out. */
export function groupOf(lives: readonly Life[], asOfAt: number, months: number): Group {
  const seen = lives
    .flatMap((life) => {
      const spell = spellOf(life, asOfAt);
      return spell ? [{ life, spell }] : [];
    })
    .sort((a, b) => a.spell.stop - b.spell.stop);
  return {
    spells: seen.map(({ spell }) => spell),
    revenue: seen.map(({ life }) => {
      const ages = Math.min(months + 1, Math.floor((asOfAt - life.startAt) / MONTH_MS) + 1);
      return Array.from({ length: ages }, (_, age) => mrrAtAge(life, age));
    }),
  };
}
