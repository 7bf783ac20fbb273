import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AIMessageChunk, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { Briefing } from '../domain/briefing/briefing.ts';
import { evidenceOf } from '../domain/briefing/figures.ts';
import { newId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { projectRoot } from '../lib/paths.ts';
import { asModelFailure } from './model-failure.ts';
import type { ModelGuard } from './model-guard.ts';
import { type ModelUsage, noUsage } from './model-usage.ts';
import type { LanguageModel, ModelSource } from './models.ts';
import { checkProse, makeSafe } from './output-gate.ts';
import { wrapForModel } from './outside-boundary.ts';
import { hashOf } from './prompts.ts';

const MOST_SENTENCES = 4;
const MODEL_PATIENCE_MS = 20_000;

/**
 * The summary of a briefing in the model's words. Null, so that the rules' words stay, without a model, when it
 * does not answer in 20 s, or when a figure of its words stands in none of the briefing's data.
 */
export function createSummaryWording(parts: {
  models: ModelSource;
  guard: Pick<ModelGuard, 'admit' | 'succeeded' | 'failed' | 'record'>;
  logger: Logger;
  promptPath?: string;
}): (briefing: Briefing, signal: AbortSignal) => Promise<string[] | null> {
  const { models, guard, logger, promptPath = join(projectRoot(), 'prompts', 'morning-briefing.md') } = parts;
  return async (briefing, signal) => {
    const model = models.current();
    if (!model || !(await guard.admit(model)).ok) return null;
    const prompt = readFileSync(promptPath, 'utf8');
    const usage = noUsage();
    try {
      const answer = await asked(model, prompt, briefing, { usage, signal });
      guard.succeeded(model);
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
      if (!signal.aborted) guard.failed(model, asModelFailure(error).kind);
      logger.warn({ err: error }, 'the model did not word the briefing');
      return null;
    } finally {
      const { teamId, userId } = briefing.reader;
      await guard.record({
        ...{ id: newId('use'), teamId, userId, purpose: 'briefing', model, usage },
        promptHash: hashOf(prompt),
        outcome: usage.failures === 0 ? 'answered' : 'fallback',
      });
    }
  };
}

/** One call, not repeated: the rules' words are ready. What it took is added to `usage`. */
async function asked(
  model: LanguageModel,
  prompt: string,
  briefing: Briefing,
  { usage, signal }: { usage: ModelUsage; signal: AbortSignal },
): Promise<AIMessageChunk> {
  const startedAt = performance.now();
  usage.calls = 1;
  usage.failures = 1;
  try {
    const chat = await model.chat();
    const answer = await chat.invoke([new SystemMessage(prompt), new HumanMessage(factsOf(briefing))], {
      signal: AbortSignal.any([signal, AbortSignal.timeout(MODEL_PATIENCE_MS)]),
    });
    usage.failures = 0;
    usage.inputTokens = answer.usage_metadata?.input_tokens ?? 0;
    usage.outputTokens = answer.usage_metadata?.output_tokens ?? 0;
    usage.cachedTokens = answer.usage_metadata?.input_token_details?.cache_read ?? 0;
    return answer;
  } finally {
    usage.latencyMs = Math.round(performance.now() - startedAt);
  }
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
