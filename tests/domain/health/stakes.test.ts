import { describe, expect, it } from 'vitest';
import type { Band } from '../../../src/domain/health/bands.ts';
import { greenButLeft, leftWhen, stakeOf } from '../../../src/domain/health/stakes.ts';
import { DAY, NOW, subscription } from './account.ts';

const seen = (customerId: string, daysAgo: number, band: Band, score = 50) => ({
  customerId,
  at: NOW - daysAgo * DAY,
  band,
  score,
});

describe('churn with a stake', () => {
  const many = Array.from({ length: 20 }, (_, index) => `psz_${index}`);
  const flagged = many.flatMap((id) => [
    seen(id, 200, 'stable'),
    seen(id, 150, 'warning'),
    seen(id, 140, 'warning'),
  ]);
  const others = Array.from({ length: 80 }, (_, index) => seen(`other_${index}`, 150, 'healthy'));
  const left = new Map<string, number | null>([
    ...many.slice(0, 6).map((id) => [id, NOW - 100 * DAY] as const),
    // Too late to count for the flag.
    [many[7] ?? '', NOW - 10 * DAY],
  ]);

  it('counts of those flagged so long ago that it is known who left in time', () => {
    const stake = stakeOf([...flagged, ...others], left, 'warning', NOW);
    expect(stake).toMatchObject({ flagged: 20, left: 6, days: 90 });
    expect(stake?.low).toBeCloseTo(0.1455, 3);
    expect(stake?.high).toBeCloseTo(0.519, 3);
    expect(stake?.baseRate).toBeCloseTo(12 / 140, 6);
  });

  it('says nothing of a handful, nor of flags that are too young', () => {
    expect(stakeOf(flagged.slice(0, 27), left, 'warning', NOW)).toBeNull();
    expect(
      stakeOf(
        flagged.map((one) => ({ ...one, at: one.at + 80 * DAY })),
        left,
        'warning',
        NOW,
      ),
    ).toBeNull();
    expect(stakeOf(flagged, left, 'critical', NOW)).toBeNull();
  });

  it('counts an account again only when it had been better in between', () => {
    const again = many.flatMap((id) => [seen(id, 120, 'stable'), seen(id, 110, 'warning')]);
    expect(stakeOf([...flagged, ...again], new Map(), 'warning', NOW)?.flagged).toBe(40);
  });

  it('takes the last 50', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => seen(`c_${index}`, 100 + index, 'critical'));
    const gone = new Map(hundred.slice(60).map(({ customerId }) => [customerId, NOW - 95 * DAY]));
    expect(stakeOf(hundred, gone, 'warning', NOW)).toMatchObject({ flagged: 50, left: 0 });
  });
});

describe('green but left', () => {
  it('finds who was not flagged when last seen, the newest first', () => {
    const snapshots = [
      seen('green', 40, 'healthy', 88),
      seen('green', 20, 'stable', 70),
      seen('red', 20, 'critical', 12),
      seen('stays', 20, 'healthy', 95),
      seen('late', 5, 'healthy', 90),
      seen('late', 30, 'warning', 40),
    ];
    const left = new Map([
      ['green', NOW - 10 * DAY],
      ['red', NOW - 10 * DAY],
      ['stays', null],
      // Seen as healthy only after it had left: that is no look at it.
      ['late', NOW - 8 * DAY],
    ]);
    expect(greenButLeft(snapshots, left, { startAt: NOW - 30 * DAY, endAt: NOW })).toEqual([
      {
        customerId: 'green',
        leftAt: NOW - 10 * DAY,
        last: { at: NOW - 20 * DAY, band: 'stable', score: 70 },
      },
    ]);
  });

  it('an account has left when its last live subscription ended, and not while one lives', () => {
    const ended = subscription({ validTo: NOW - 9 * DAY });
    const over = subscription({ status: 'canceled', validFrom: NOW - 9 * DAY });
    expect(leftWhen([ended, over], NOW)).toBe(NOW - 9 * DAY);
    expect(leftWhen([ended, subscription({ subscriptionId: 's2' })], NOW)).toBeNull();
    expect(leftWhen([over], NOW)).toBeNull();
    expect(leftWhen([ended], NOW - 10 * DAY)).toBeNull();
  });
});
