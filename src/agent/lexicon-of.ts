import { spoken } from '../domain/language/find-skill.ts';
import { buildLexicon, type Lexicon } from '../domain/language/lexicon.ts';
import { conceptWords } from '../domain/metrics/concepts.ts';
import { METRICS } from '../domain/metrics/index.ts';
import type { AgentDeps } from './runtime.ts';

/** The words that are known: those of the tools' examples, the metrics and the skills. */
export function lexiconOf(deps: Pick<AgentDeps, 'tools' | 'skills'>): Lexicon {
  return buildLexicon(
    deps.tools.flatMap((tool) => tool.examples.map((example) => example.say)),
    [...METRICS.flatMap((metric) => metric.synonyms), ...deps.skills.skills().flatMap(spoken)],
    conceptWords(),
  );
}
