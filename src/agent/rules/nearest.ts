import { toWords } from '../../domain/language/lexicon.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Choice } from '../../lib/errors.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { sayable } from '../../tools/sayable.ts';

/** The known questions that share most words with this one, one a tool; any others fill the rest. */
export function nearestExamples(utterance: Utterance, tools: readonly Tool[], count: number): Choice[] {
  const asked = new Set(utterance.words);
  // One with a link in it would be shown with the link taken out.
  const scored = tools.flatMap((tool) =>
    sayable(tool)
      .filter((say) => plainCell(say) === say)
      .map((say) => ({ say, score: overlap(asked, toWords(say)) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 1),
  );
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ say }) => ({ label: say.slice(0, 75), say }));
}

function overlap(asked: ReadonlySet<string>, words: readonly string[]): number {
  const shared = words.filter((word) => word.length > 2 && asked.has(word)).length;
  return words.length === 0 ? 0 : shared / Math.sqrt(words.length);
}
