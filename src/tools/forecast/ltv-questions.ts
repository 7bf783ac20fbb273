import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { lifetimeAsked } from '../../domain/metrics/lifetime-asked.ts';
import { narrowingOf } from '../../domain/metrics/narrowing.ts';
import { partsOf } from '../../domain/metrics/sentence-parts.ts';

/** Readings of "how long do customers stay?" and "lifetime value by channel". */
export function recognizeLtv(utterance: Utterance): Reading[] {
  const parts = partsOf(utterance, undefined);
  const asked = lifetimeAsked(utterance.text, parts);
  if (!asked) return [];
  const { by, months } = asked;
  const problem = parts.traits.find((trait) => trait.problem !== undefined)?.problem;
  const narrowed = narrowingOf(parts, by ?? undefined);
  const who = parts.traits.map(({ label, excluded }) => (excluded ? `without ${label}` : label));
  const words = [
    'How long customers stay and what they are worth',
    ...who,
    by === null ? null : `by ${by}`,
    months === null ? null : `first ${months} months`,
  ];
  return [
    {
      input: {
        ...narrowed,
        ...(by === null ? {} : { by }),
        ...(months === null ? {} : { months }),
      },
      confidence: problem === undefined ? 0.96 : 0.5,
      interpretation: words.filter((word) => word !== null).join(', '),
      ...(problem === undefined ? {} : { caveat: problem }),
    },
  ];
}
