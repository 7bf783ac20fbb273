import type { SourceName } from '../types.ts';
import type { QualityResult } from './check.ts';

const SOURCE_WORDS: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'PsiZero',
};

/**
 * One short sentence for each source of which a check fails: "Stripe data is in doubt: 3 of 4,102 payments name a
 * customer nobody knows." Lateness is said by itself (`lateSentences`), and a warning is no reason to doubt.
 */
export function doubtSentences(results: readonly QualityResult[]): string[] {
  const failed = results.filter(({ state, check }) => state === 'fail' && check !== 'freshness');
  const sources = [...new Set(failed.map(({ source }) => source))];
  return sources.flatMap((source) => {
    const [first, ...others] = failed.filter((result) => result.source === source);
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` (and ${others.length} more; see psi doctor)`;
    return [`${SOURCE_WORDS[source]} data is in doubt: ${firstSentence(first.words)}${more}.`];
  });
}

function firstSentence(words: string): string {
  return (words.split(/\.(?: |$)/)[0] ?? words).split('; ')[0] ?? words;
}

/** "Stripe: 31,201 rows checked, nothing wrong" for each source whose records were held against each other and agree. */
export function reconciledSentences(results: readonly QualityResult[]): string[] {
  return results
    .filter(({ state, check }) => state === 'ok' && check === 'reconciliation')
    .map(({ source, words }) => `${SOURCE_WORDS[source]}: ${firstSentence(words)}`);
}
