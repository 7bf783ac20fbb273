import { describeInstant } from './periods/describe-period.ts';
import type { Freshness, SourceName } from './types.ts';

const HOLDS: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'PsiZero',
};

/** "PsiZero data ends Nov 22, 2026, 02:00 PST." for each source that is behind, once; nothing when none is. */
export function lateSentences(freshness: readonly Freshness[], tz: string): string[] {
  const late = new Map(freshness.filter((entry) => entry.stale).map((entry) => [entry.source, entry]));
  return [...late.values()].map(({ source, throughAt }) =>
    throughAt === null
      ? `${HOLDS[source]} has not been read yet, so its part is missing.`
      : `${HOLDS[source]} data ends ${describeInstant(throughAt, tz)}; what came later is not in this answer.`,
  );
}
