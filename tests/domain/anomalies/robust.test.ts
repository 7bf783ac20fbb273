import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MovingWindow, quantileOf } from '../../../src/domain/anomalies/robust.ts';
import { seasonOf } from '../../../src/domain/anomalies/series.ts';

describe('a moving window', () => {
  it('has the quantiles of its last values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.integer({ min: 1, max: 12 }),
        (values, size) => {
          const window = new MovingWindow(size);
          for (const value of values) window.add(value);
          const kept = values.slice(-size).sort((a, b) => a - b);
          expect(window.count).toBe(kept.length);
          for (const q of [0, 0.25, 0.5, 0.98, 1]) expect(window.quantile(q)).toBe(quantileOf(kept, q));
        },
      ),
    );
  });
});

describe('the season of an instant', () => {
  it.each([
    ['2026-11-22T14:30:00Z', 'day', 'UTC', ['w7']],
    ['2026-11-23T02:00:00Z', 'day', 'America/Los_Angeles', ['w7']],
    ['2026-11-23T09:00:00Z', 'hour', 'America/Los_Angeles', ['h1', 'w1h1']],
    ['2026-03-08T10:30:00Z', 'hour', 'America/Los_Angeles', ['h3', 'w7h3']],
  ] as const)('at %s by %s in %s is %j', (at, step, tz, slots) => {
    expect(seasonOf(Date.parse(at), { step, tz }).slots).toEqual(slots);
  });
});
