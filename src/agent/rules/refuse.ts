import type { Utterance } from '../../domain/language/utterance.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric } from '../../domain/metrics/match.ts';
import type { Choice } from '../../lib/errors.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import type { Decision, RulesContext } from './decision.ts';
import { numbersTool } from './last-calls.ts';
import { workingExamples } from './nearest.ts';
import { recognized } from './recognized.ts';
import { isAboutTargets, isAboutTheFuture, isPrivateMatter, PRIVATE_MATTER } from './refusals.ts';

type Say = Extract<Decision, { kind: 'say' }>;

/** What is refused by rules: private matters, and numbers that nobody here knows. Null for everything else. */
export function refusal(utterance: Utterance, context: RulesContext): Say | null {
  if (isPrivateMatter(utterance)) return refusedPrivately();
  // What exactly is read is for tools to say first: "snooze it until Monday" is no forecast.
  if (isAboutTheFuture(utterance) && !isOrder(utterance, context) && !isForeseen(utterance, context)) {
    const text =
      'I do not know the future: there is no forecast of that here, and I do not extend a trend on my own. What has happened I can show you, month by month.';
    return { kind: 'say', text, suggestions: histories(utterance, context) };
  }
  if (isAboutTargets(utterance) && !ordersSomething(utterance)) {
    const text =
      'Targets and budgets are not known to me: no system that I read has them. I can show you the number itself and how it has moved.';
    return { kind: 'say', text, suggestions: histories(utterance, context) };
  }
  return null;
}

/** In every mode, and the same words whatever was asked and whoever is named. */
export function refusedPrivately(): Say {
  return { kind: 'say', text: PRIVATE_MATTER, suggestions: [] };
}

/** "Put Acme on scale from next month" is to happen, not to be foreseen. */
function isOrder(utterance: Utterance, { tools }: RulesContext): boolean {
  return tools.some(
    (tool) => mayPropose(tool) && recognized(tool, utterance).some(({ confidence }) => confidence >= 0.6),
  );
}

/** A number of the company is forecast, with how sure that is, by a tool of its own. */
function isForeseen(utterance: Utterance, { tools }: RulesContext): boolean {
  return tools.some((tool) => tool.foresees && recognized(tool, utterance).length > 0);
}

function ordersSomething({ words }: Utterance): boolean {
  return /^(?:refund|remind|send|snooze|approve|set|move)$/.test(words[0] ?? '');
}

/** The history of what was asked about; of MRR where no number was named. */
function histories(utterance: Utterance, context: RulesContext): Choice[] {
  if (!numbersTool(context.permitted)) return workingExamples(context, 2);
  const [match] = matchMetric(utterance.text);
  const metric = findMetric(match?.metric ?? 'mrr');
  const name = metric?.synonyms[0] ?? 'mrr';
  return [`${name} by month`, `${name} last month vs the month before`].map((say) => ({ label: say, say }));
}
