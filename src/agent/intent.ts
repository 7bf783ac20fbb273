import { toWords } from '../domain/language/lexicon.ts';
import type { Utterance } from '../domain/language/utterance.ts';
import type { Tool } from '../tools/define-tool.ts';
import { orderIn } from '../tools/request-wording.ts';

/** "Yes", "the second one", "Acme Robotics": an answer to a question, too short to name the action again. */
const LONGEST_ANSWER = 6;

/**
 * Whether the person asked for what this tool does: the message is no question and no negation, and it, or the
 * message that a short answer goes on from, says one of the words the tool is known by. What a model concludes
 * beyond that is not enough for a card.
 */
export function isAskedFor(
  tool: Pick<Tool, 'name' | 'examples' | 'recognize'>,
  utterance: Utterance,
  ownWords: readonly string[],
): boolean {
  if (orderIn(utterance) === null) return false;
  if (tool.recognize(utterance).length > 0) return true;
  const verbs = actionWords(tool);
  const names = (text: string) => toWords(text).some((word) => verbs.has(word));
  if (utterance.words.some((word) => verbs.has(word))) return true;
  const earlier = ownWords.at(-2);
  return toWords(utterance.text).length <= LONGEST_ANSWER && earlier !== undefined && names(earlier);
}

/** The verb in the tool's name and those its examples begin with; "send" alone could be anything. */
function actionWords({ name, examples }: Pick<Tool, 'name' | 'examples'>): Set<string> {
  const verbs = [name.split('_')[0] ?? '', ...examples.map((example) => toWords(example.say)[0] ?? '')];
  return new Set(verbs.filter((verb) => !VAGUE.has(verb)));
}

const VAGUE = new Set(['', 'give', 'send', 'make', 'do', 'get', 'create', 'set']);
