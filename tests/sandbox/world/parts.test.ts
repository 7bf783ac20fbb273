import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../sandbox/world/calendar.ts';
import { fxRate } from '../../../sandbox/world/fx.ts';
import { divideHalfUp, percentOf, toCompany } from '../../../sandbox/world/money.ts';
import { companyName } from '../../../sandbox/world/names.ts';
import { arrivals } from '../../../sandbox/world/ordinary.ts';
import { DutyQueue } from '../../../sandbox/world/queue.ts';
import { NOW } from './given.ts';

describe('names', () => {
  it.each([0, 7, 99, 2_147_483_647])(
    'are all different, with first words of their own at first (seed %i)',
    (seed) => {
      const names = Array.from({ length: 12_000 }, (_, n) => companyName(seed, n));
      expect(new Set(names).size).toBe(names.length);
      const first = names.slice(0, 1_440).map((name) => name.split(' ')[0]);
      expect(new Set(first).size).toBe(first.length);
    },
  );
});

describe('arrivals', () => {
  it.each([0.1, 1, 25])(
    'come in order, so many before now as the scale says, and go on after (scale %d)',
    (scale) => {
      const arrival = arrivals({ seed: 7, now: NOW, scale });
      const total = Math.round(372 * scale);
      const instants = Array.from({ length: total + 50 }, (_, n) => arrival(n));
      expect(instants).toEqual([...instants].sort((a, b) => a - b));
      expect(instants[0]).toBeGreaterThanOrEqual(NOW - 730 * DAY);
      expect(instants.filter((at) => at <= NOW).length).toBe(total);
    },
  );
});

describe('rates', () => {
  it('have six decimals and move a little from day to day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 18_000, max: 25_000 }),
        fc.constantFrom('EUR', 'JPY'),
        (day, currency) => {
          const text = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);
          const [today, next] = [fxRate(7, currency, text(day)), fxRate(7, currency, text(day + 1))];
          expect(today).toMatch(/^\d+\.\d{6}$/);
          expect(Math.abs(Number(next) / Number(today) - 1)).toBeLessThan(0.02);
        },
      ),
    );
  });

  it('are refused of unknown currencies and days', () => {
    expect(() => fxRate(7, 'GBP', '2026-11-01')).toThrow(/GBP/);
    expect(() => fxRate(7, 'EUR', '2026-11-31')).toThrow(/2026-11-31/);
  });
});

describe('money', () => {
  it.each([
    [5n, 2n, 3n],
    [4n, 2n, 2n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
    [0n, 3n, 0n],
  ])('%i / %i is %i, half up', (a, b, expected) => {
    expect(divideHalfUp(a, b)).toBe(expected);
  });

  it.each([
    [22_900, 19, 4_351],
    [4_500, 12.5, 563],
    [1, 50, 1],
    [999, 0, 0],
  ])('%i at %d %% is %i', (minor, percent, expected) => {
    expect(percentOf(minor, percent)).toBe(expected);
  });

  it.each([
    [36_800n, 'JPY', '0.006712', 24_700n],
    [100n, 'EUR', '1.087500', 109n],
    [1n, 'USD', '1.000000', 1n],
  ])('%i %s at %s is %i cents', (minor, currency, rate, expected) => {
    expect(toCompany(minor, currency, rate)).toBe(expected);
  });
});

describe('the queue of what falls due', () => {
  it('gives the earliest first, and of one instant the one that was planned first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (instants) => {
        const queue = new DutyQueue();
        const duties = instants.map((at, id) => ({ id, at, kind: 'signup' as const, subject: '' }));
        for (const duty of duties) queue.push(duty);
        const given = duties.map(() => queue.pop());
        expect(given).toEqual([...duties].sort((a, b) => a.at - b.at || a.id - b.id));
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });
});
