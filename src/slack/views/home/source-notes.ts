import { describeFirstReading } from '../../../domain/first-reading.ts';
import type { SourceStatus } from '../../../domain/ports.ts';
import type { QualityResult } from '../../../domain/quality/check.ts';

/** A section of App Home has room for so many sentences of this length. */
const MOST = 250;

/** What is to be said below a source: how far a first reading is, and which checks are not well. */
export function sourceNotes(
  status: Pick<SourceStatus, 'source' | 'connected' | 'firstReading'>,
  results: readonly QualityResult[],
  tz: string,
): string[] {
  const { source, connected, firstReading } = status;
  if (!connected) return [];
  if (firstReading) return [describeFirstReading(source, firstReading, tz)];
  return results
    .filter((result) => result.source === source && result.check !== 'freshness')
    .filter(({ state }) => state === 'fail' || state === 'warn')
    .map(({ words }) => (words.length > MOST ? `${words.slice(0, MOST - 1)}\u2026` : words));
}
