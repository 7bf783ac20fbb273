import { describe, expect, it } from 'vitest';
import { buildLexicon, isPlainWord, mend } from '../../../src/domain/language/lexicon.ts';
import { conceptWords } from '../../../src/domain/metrics/concepts.ts';
import { METRICS } from '../../../src/domain/metrics/index.ts';
import { matchMetric } from '../../../src/domain/metrics/match.ts';

const FRAMES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `${name}?`,
  (name) => `${name} pls`,
  (name) => `hey psi, ${name}`,
  (name) => `please show me ${name}`,
  (name) => `can you give me ${name}`,
  (name) => `i would like to see ${name}`,
  (name) => `tell me ${name}, thanks`,
  (name) => `${name} by plan`,
  (name) => `quick one: ${name}`,
];

const WORDS = new Set(METRICS.flatMap(({ synonyms }) => synonyms.flatMap((name) => name.split(' '))));

/** Two letters in the middle of the longest word swapped; null where that makes another word, or none is long. */
function slipped(name: string): string | null {
  const longest = name.split(' ').sort((a, b) => b.length - a.length)[0] ?? '';
  const at = Math.floor(longest.length / 2);
  if (longest.length < 6 || /\d/.test(longest) || longest[at] === longest[at - 1]) return null;
  const wrong = `${longest.slice(0, at - 1)}${longest[at]}${longest[at - 1]}${longest.slice(at + 1)}`;
  return WORDS.has(wrong) || isPlainWord(wrong) ? null : name.replace(longest, wrong);
}

const LEXICON = buildLexicon(
  METRICS.flatMap(({ synonyms }) => synonyms),
  [],
  conceptWords(),
);

/** As a message is read: what is misspelt in it is mended first. */
const reached = (said: string) => {
  const mended = said.replace(/[a-z]+/g, (word) => mend(word, LEXICON));
  return matchMetric(mended).map(({ metric }) => metric);
};

describe('every number is reached by each of its names', () => {
  it.each(METRICS.map((metric) => [metric.title, metric] as const))('%s', (_, metric) => {
    const missed = metric.synonyms.flatMap((name, index) => {
      const framed = FRAMES[index % FRAMES.length]?.(name) ?? name;
      const wrong = slipped(name);
      return [framed, ...(wrong === null ? [] : [wrong])].filter(
        (said) => !reached(said).includes(metric.name),
      );
    });
    expect(missed).toEqual([]);
  });

  it.each(METRICS.map((metric) => [metric.title, metric] as const))('%s, in every frame', (_, metric) => {
    const [name = ''] = metric.synonyms;
    expect(FRAMES.map((frame) => reached(frame(name))[0])).toEqual(FRAMES.map(() => metric.name));
  });
});
