import { describe, expect, it } from 'vitest';
import { lateSentences } from '../../src/domain/late-sources.ts';

const at = Date.parse('2026-11-22T10:00:00Z');

describe('a source that is behind', () => {
  it('is named once, with when its data ends in the reader’s zone', () => {
    const usage = { source: 'psizero' as const, throughAt: at, stale: true };
    expect(lateSentences([usage, usage], 'America/Los_Angeles')).toEqual([
      'PsiZero data ends Nov 22, 2026, 02:00 PST; what came later is not in this answer.',
    ]);
  });

  it('that was never read is said to be missing', () => {
    expect(lateSentences([{ source: 'stripe', throughAt: null, stale: true }], 'UTC')).toEqual([
      'Stripe has not been read yet, so its part is missing.',
    ]);
  });

  it('is not spoken of while it is fresh', () => {
    expect(lateSentences([{ source: 'stripe', throughAt: at, stale: false }], 'UTC')).toEqual([]);
  });
});
