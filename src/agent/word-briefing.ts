import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { Briefing } from '../domain/briefing/briefing.ts';
import { evidenceOf } from '../domain/briefing/figures.ts';
import type { Logger } from '../lib/logger.ts';
import { projectRoot } from '../lib/paths.ts';
import type { ModelSource } from './models.ts';
import { checkProse, makeSafe } from './output-gate.ts';
import { wrapForModel } from './outside-boundary.ts';

const MOST_SENTENCES = 4;
const MODEL_PATIENCE_MS = 20_000;

/**
 * The summary of a briefing in the model's words. Null, so that the rules' words stay, without a model, when it
 * does not answer in 20 s, or when a figure of its words stands in none of the briefing's data.
 */
export function createSummaryWording(parts: {
  models: ModelSource;
  logger: Logger;
  promptPath?: string;
}): (briefing: Briefing, signal: AbortSignal) => Promise<string[] | null> {
  const { models, logger, promptPath = join(projectRoot(), 'prompts', 'morning-briefing.md') } = parts;
  return async (briefing, signal) => {
    const model = models.current();
    if (!model) return null;
    try {
      const chat = await model.chat();
      const answer = await chat.invoke(
        [new SystemMessage(readFileSync(promptPath, 'utf8')), new HumanMessage(factsOf(briefing))],
        { signal: AbortSignal.any([signal, AbortSignal.timeout(MODEL_PATIENCE_MS)]) },
      );
      const prose = answer.text.trim();
      const verdict = checkProse(prose, evidenceOf(briefing));
      if (prose === '' || !verdict.ok) {
        logger.info(
          { problems: verdict.ok ? ['empty'] : verdict.problems },
          "a model's briefing words were not used",
        );
        return null;
      }
      return sentencesOf(makeSafe(prose, []));
    } catch (error) {
      logger.warn({ err: error }, 'the model did not word the briefing');
      return null;
    }
  };
}

/** What the model is given: sentences and numbers as data, since names of customers stand in them. */
function factsOf(briefing: Briefing): string {
  const numbers = briefing.metrics.map(
    ({ label, value, comparisons }) =>
      `${label}: ${value} (${comparisons.map(({ words }) => words).join('; ')})`,
  );
  const sentences = [...briefing.summary, ...briefing.changes].map(({ text }) => text);
  const facts = { numbers, rules_would_say: [...sentences, ...briefing.cautions] };
  return wrapForModel(facts, true);
}

function sentencesOf(prose: string): string[] | null {
  const sentences = prose
    .replace(/\s+/g, ' ')
    .split(/(?<=[.?])\s+(?=\p{Lu})/u)
    .filter((sentence) => sentence.trim() !== '');
  return sentences.length >= 1 ? sentences.slice(0, MOST_SENTENCES) : null;
}
