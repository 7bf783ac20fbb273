import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthlyAreas } from '../../../src/domain/lifetime/curve-areas.ts';
import { knownAt, type Life, MONTH_MS, paidByMonth } from '../../../src/domain/lifetime/life.ts';
import { lifetimeValues, type Wanted } from '../../../src/domain/lifetime/lifetime-value.ts';
import { kaplanMeier, restrictedMean } from '../../../src/domain/survival/kaplan-meier.ts';
import { livesOf, NOW } from './story.ts';

const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  by: null,
  only: null,
  asOfAt: NOW,
  terms: { months: 24, margin: 1, discountRate: 0 },
  costByChannel: new Map(),
  seed: 'test',
  ...over,
});
const steady = livesOf({ count: 500, leaves: () => 0.03 });
const worthOf = (lives: readonly Life[], over: Partial<Wanted> = {}) => {
  const { value } = lifetimeValues(lives, wanted(over)).everybody;
  if (!value) throw new Error('no value');
  return value;
};
/** Of 100.00 a month for 24 months of which each is left with a chance of 3%, evenly within the month. */
const EXACT = Array.from({ length: 24 }, (_, month) => 10_000 * 0.97 ** month * (1 - 0.03 / 2)).reduce(
  (a, b) => a + b,
  0,
);

describe('the value of a customer', () => {
  it('is what a world without growth pays on average, within its interval', () => {
    const value = worthOf(steady);
    expect(Math.abs(value.valueMinor / EXACT - 1)).toBeLessThan(0.05);
    expect(value.lowMinor).toBeLessThan(EXACT);
    expect(value.highMinor).toBeGreaterThan(EXACT);
    expect(value.withoutGrowthMinor).toBe(value.valueMinor);
  });

  it('has an interval that holds the truth about as often as it says', () => {
    const held = Array.from({ length: 40 }, (_, at) => {
      const value = worthOf(livesOf({ count: 150, leaves: () => 0.03, seed: `world ${at}` }));
      return value.lowMinor <= EXACT && EXACT <= value.highMinor;
    });
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(34);
  });

  it('counts margin and discount', () => {
    const plain = worthOf(steady);
    const half = worthOf(steady, { terms: { months: 24, margin: 0.5, discountRate: 0 } });
    expect(half.valueMinor / plain.valueMinor).toBeCloseTo(0.5, 4);
    const later = worthOf(steady, { terms: { months: 24, margin: 1, discountRate: 0.1 } });
    expect(later.valueMinor / plain.valueMinor).toBeGreaterThan(0.9);
    expect(later.valueMinor / plain.valueMinor).toBeLessThan(0.93);
  });

  it('follows the growth of those who stay, and says what it adds', () => {
    const value = worthOf(livesOf({ count: 500, leaves: () => 0.03, growth: 0.02 }));
    expect(value.endMinor / value.startMinor).toBeCloseTo(1.02 ** 23, 2);
    expect(value.valueMinor / value.withoutGrowthMinor).toBeGreaterThan(1.15);
  });

  it('does not take larger newcomers for growth of each', () => {
    const value = worthOf(
      livesOf({ count: 500, leaves: () => 0.03, startMinor: (ago) => 20_000 - 400 * ago }),
    );
    expect(value.endMinor / value.startMinor).toBeCloseTo(1, 1);
  });

  it('counts no more months than enough customers were seen for', () => {
    const young = steady.filter(({ startAt }) => NOW - startAt < 10.5 * MONTH_MS);
    const { months } = lifetimeValues(young, wanted());
    expect(months).toBeGreaterThanOrEqual(8);
    expect(months).toBeLessThanOrEqual(10);
  });

  it('is refused where hardly anybody left', () => {
    expect(() => lifetimeValues(livesOf({ count: 100, leaves: () => 0 }), wanted())).toThrow(
      '100 customers ever paid and 0 of them left',
    );
  });

  it('is the same whenever it is asked again', () => {
    expect(worthOf(steady)).toEqual(worthOf(steady));
  });
});

describe('groups', () => {
  const loyal = livesOf({ count: 60, leaves: () => 0.0005, seed: 'loyal', traits: { channel: 'partner' } });
  const fickle = livesOf({ count: 200, leaves: () => 0.1, seed: 'fickle', traits: { channel: 'outbound' } });
  const few = livesOf({ count: 12, leaves: () => 0.03, seed: 'few', traits: { channel: 'event' } });
  const all = [...steady, ...loyal, ...fickle, ...few];
  const { groups, differ } = lifetimeValues(all, wanted({ by: 'channel' }));
  const group = (name: string) => groups.find((one) => one.name === name);

  it('stand in the order of their value, and are told apart where they differ', () => {
    expect(groups.map(({ name }) => name)).toEqual(['partner', 'ads', 'outbound', 'event']);
    expect(differ).toBeLessThan(0.001);
  });

  it('have no value below 20 customers, and the reason why', () => {
    expect(group('event')).toMatchObject({ value: null, refused: '12 customers, fewer than 20' });
  });

  it("are drawn towards everybody's churn where hardly anybody left, and no further than that", () => {
    const partner = group('partner')?.value;
    expect(partner?.expectedChurns).toBeGreaterThan(5);
    expect(partner?.months).toBeLessThan(24);
    expect(partner?.months).toBeGreaterThan(lifetimeValues(all, wanted()).everybody.value?.months ?? 24);
    expect(partner?.stillThere?.low).toBeLessThan(partner?.stillThere?.share ?? 0);
  });

  it("follow everybody's curve from where their own ends", () => {
    const late = livesOf({ count: 200, leaves: () => 0.05, seed: 'late', traits: { channel: 'new' } }).filter(
      ({ startAt }) => NOW - startAt < 9 * MONTH_MS,
    );
    const found = lifetimeValues([...steady, ...late], wanted({ by: 'channel' })).groups;
    const value = found.find(({ name }) => name === 'new')?.value;
    expect(value?.followedFrom).toBeGreaterThanOrEqual(7);
    expect(value?.followedFrom).toBeLessThan(9);
    expect(value?.months).toBeGreaterThan(12);
  });

  it('are held against what winning them costs, where that is known', () => {
    const costs = new Map([
      ['ads', 50_000],
      ['partner', 0],
    ]);
    const found = lifetimeValues(all, wanted({ by: 'channel', costByChannel: costs }));
    const of = (name: string) => found.groups.find((one) => one.name === name);
    expect(of('ads')?.acquisition).toMatchObject({ costMinor: 50_000, paybackMonths: 6 });
    expect(of('ads')?.acquisition?.ratio).toBeCloseTo((of('ads')?.value?.valueMinor ?? 0) / 50_000, 6);
    expect(of('partner')?.acquisition).toMatchObject({ ratio: null, paybackMonths: 0 });
    expect(of('outbound')).toMatchObject({ acquisition: null, costUnknown: ['outbound'] });
    expect(found.everybody.costUnknown).toEqual(['event', 'outbound']);
  });

  it('can be asked about alone, leaning on everybody', () => {
    const ids = new Set(loyal.map(({ customerId }) => customerId));
    const alone = lifetimeValues(all, wanted({ only: { name: 'partner', ids } }));
    expect(alone.everybody).toMatchObject({ name: 'partner', customers: 60 });
    expect(alone.everybody.value).toEqual(group('partner')?.value);
  });
});

describe('a life', () => {
  it('as known at an instant does not depend on what came after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: steady.length - 1 }),
        fc.integer({ min: 0, max: 36 }),
        (at, ago) => {
          const life = steady[at];
          if (!life) return;
          const then = NOW - ago * MONTH_MS;
          const later = {
            ...life,
            steps: [...life.steps.filter((one) => one.at <= then), { at: then + 1, minor: 99 }],
          };
          expect(knownAt(later, then)).toEqual(knownAt(life, then));
        },
      ),
    );
  });

  it('paid in a month what it stood for in it', () => {
    const startAt = 0;
    const steps = [
      { at: 0, minor: 1000 },
      { at: 1.5 * MONTH_MS, minor: 2000 },
      { at: 2.25 * MONTH_MS, minor: 0 },
    ];
    const [life] = steady;
    if (!life) throw new Error('no lives');
    const paid = paidByMonth({ ...life, startAt, steps }, 0, 4);
    expect(paid.map((minor) => Math.round(minor))).toEqual([1000, 1500, 500, 0]);
  });
});

describe('areas by month', () => {
  it('sum to the restricted mean', () => {
    const spells = fc.array(
      fc.record({
        start: fc.constant(0),
        stop: fc.double({ min: 0.1, max: 30, noNaN: true }),
        event: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(spells, fc.integer({ min: 1, max: 36 }), (some, months) => {
        const curve = kaplanMeier(some);
        const sum = monthlyAreas(curve.points, months).reduce((total, area) => total + area, 0);
        expect(sum).toBeCloseTo(restrictedMean(curve, months).mean, 8);
      }),
    );
  });
});
