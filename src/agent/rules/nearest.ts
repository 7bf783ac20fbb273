import { toWords } from '../../domain/language/lexicon.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Choice } from '../../lib/errors.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { inTurn, sayable } from '../../tools/sayable.ts';

/** A tool's sentences that may be offered as they stand: one with a link would be shown with the link taken out. */
export function workingSentences(tool: Pick<Tool, 'examples'>): string[] {
  return sayable(tool).filter((say) => plainCell(say) === say);
}

/** One sentence each of the first tools this person may use; questions only, never an action. */
export function workingExamples({ permitted }: { permitted: readonly Tool[] }, count: number): Choice[] {
  return inTurn(permitted.filter((tool) => tool.effect === 'read' && !mayPropose(tool)))
    .flatMap((tool) => workingSentences(tool).slice(0, 1))
    .slice(0, count)
    .map(toChoice);
}

/** The known questions that share most words with this one, one a tool; any others fill the rest. Never an action. */
export function nearestExamples(utterance: Utterance, tools: readonly Tool[], count: number): Choice[] {
  const asked = new Set(utterance.words);
  const scored = inTurn(tools.filter((tool) => !mayPropose(tool))).flatMap((tool) =>
    workingSentences(tool)
      .map((say) => ({ say, score: overlap(asked, toWords(say)) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 1),
  );
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ say }) => toChoice(say));
}

function toChoice(say: string): Choice {
  return { label: say.slice(0, 75), say };
}

function overlap(asked: ReadonlySet<string>, words: readonly string[]): number {
  const shared = words.filter((word) => word.length > 2 && asked.has(word)).length;
  return words.length === 0 ? 0 : shared / Math.sqrt(words.length);
}
