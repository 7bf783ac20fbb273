import type { Utterance } from '../domain/language/utterance.ts';
import type { Tool } from '../tools/define-tool.ts';

/** Earlier calls of a thread that a message may go on from. */
const RECALLED = 3;

/**
 * The tools a model is shown for a message, in the order of the registry, so that messages about the same share
 * their list to the byte: those whose grammar reads the message, whose subject it names or that the thread has just
 * used, with everything else of their areas, and the ones that are always shown. All of them when that leaves the
 * subject open.
 */
export function subsetFor(utterance: Utterance, permitted: readonly Tool[]): readonly Tool[] {
  const recent = new Set(utterance.previous.slice(0, RECALLED).map((call) => call.tool));
  const words = new Set(utterance.words.map(stem));
  const meant = permitted.filter(
    (tool) =>
      recent.has(tool.name) ||
      subjectsOf(tool).some((subject) => words.has(subject)) ||
      tool.recognize(utterance).some((reading) => reading.confidence > 0),
  );
  if (meant.length === 0) return permitted;
  const areas = new Set(meant.flatMap(areasOf));
  return permitted.filter((tool) => tool.alwaysOffered || areasOf(tool).some((area) => areas.has(area)));
}

/** What a tool is about: the nouns of its name, and what its scope opens. Everybody reads metrics: that is no area. */
function areasOf(tool: Tool): readonly string[] {
  if (tool.about) return tool.about;
  const resource = tool.scope.split(':')[0] ?? '';
  return resource === 'metrics' ? subjectsOf(tool) : [...subjectsOf(tool), stem(resource)];
}

function subjectsOf({ name, about }: Tool): readonly string[] {
  if (about) return about;
  return name.split('_').slice(1).map(stem);
}

function stem(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
}
