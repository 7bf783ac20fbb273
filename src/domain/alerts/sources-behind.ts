import type { SourceStatus } from '../ports.ts';
import type { QualityResult } from '../quality/check.ts';
import type { SourceName } from '../types.ts';
import type { Finding } from './finding.ts';
import { instant } from './words.ts';

const NAMES: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'The PsiZero API',
};

/** One failed reading is no news: a source is behind when it has been for this long. */
export const BEHIND_FOR_MS = 15 * 60_000;

export interface SourceState {
  status: Pick<SourceStatus, 'source' | 'connected' | 'throughAt' | 'lastError'>;
  stale: boolean;
  /** Since when it has been seen to be stale, without a break; null when it is not. */
  staleSinceAt: number | null;
}

/** Sources that have been behind for a while. What never was read is not yet behind but not yet there. */
export function sourcesBehind(states: readonly SourceState[], at: { nowAt: number; tz: string }): Finding[] {
  return states.flatMap(({ status, stale, staleSinceAt }): Finding[] => {
    const { source, throughAt, lastError } = status;
    const subject = { kind: 'source', id: source, name: NAMES[source] };
    if (!status.connected || !stale) {
      const words = status.connected
        ? `${NAMES[source]} is read again.`
        : `${NAMES[source]} is no longer connected.`;
      return [{ verdict: 'clear', kind: 'source_stale', subject, words }];
    }
    if (throughAt === null || staleSinceAt === null || at.nowAt - staleSinceAt < BEHIND_FOR_MS) return [];
    const failing = lastError !== null && lastError.at >= staleSinceAt;
    return [
      {
        verdict: 'raise',
        kind: 'source_stale',
        subject,
        title: `${NAMES[source]} data ends ${instant(throughAt, at.tz)}.`,
        detail: failing
          ? `Reading it has failed since ${instant(staleSinceAt, at.tz)}: ${lastError.message.replace(/\.$/, '')}. Answers use what was read before.`
          : 'It is read without error, yet brings nothing newer. Answers use what was read before.',
        facts: [`Data through ${instant(throughAt, at.tz)}`, ...(failing ? [lastError.message] : [])],
        amount: null,
        count: 1,
        lastSeenAt: staleSinceAt,
      },
    ];
  });
}

const CHECKS: Record<QualityResult['check'], string> = {
  freshness: 'is late',
  volume: 'has an unusual number of rows',
  nulls: 'has gaps',
  duplicates: 'has duplicates',
  references: 'names records nobody knows',
  reconciliation: 'does not add up',
  schema: 'has changed its shape',
};

/** Checks that fail; a warning opens nothing and closes nothing. */
export function qualityFailed(results: readonly QualityResult[]): Finding[] {
  return results.flatMap(({ source, check, state, words, checkedAt }): Finding[] => {
    const subject = { kind: 'check', id: `${source}:${check}`, name: NAMES[source] };
    // A source that is behind is told as such.
    if (check === 'freshness') return [];
    if (state === 'ok') return [{ verdict: 'clear', kind: 'data_quality', subject, words }];
    if (state !== 'fail') return [];
    return [
      {
        verdict: 'raise',
        kind: 'data_quality',
        subject,
        title: `${NAMES[source]} data ${CHECKS[check]}.`,
        detail: words,
        facts: [`Check ${check} of ${NAMES[source]}: ${words}`],
        amount: null,
        count: 1,
        // A check repeated with the same words has nothing new to say.
        lastSeenAt: Math.floor(checkedAt / 86_400_000) * 86_400_000,
      },
    ];
  });
}
