import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BillingConventions, DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import { PriceModel } from '../../../../src/domain/billing/price.ts';
import { type RatingContext, rate } from '../../../../src/domain/billing/rating/rate.ts';
import { replays, sumOfSteps } from '../../../../src/domain/billing/rating/steps.ts';
import { add, compare, type Exact, exact, toDecimal } from '../../../../src/domain/money/exact.ts';
import { amounts, models, monotone, quantities } from './models.ts';

const eachTier = BillingConventions.parse({ rounding: { tiers: 'each' } });
const unused = BillingConventions.parse({ tiers: { zeroUsageFlat: 'charged', zeroUsagePackage: 'one' } });
const conventions = fc.constantFrom(DEFAULT_CONVENTIONS, eachTier, unused);

function cost(pricing: PriceModel, quantity: string, context: RatingContext = {}): string {
  return toDecimal(rate(pricing, exact(quantity), DEFAULT_CONVENTIONS, context).exactMinor, 30);
}

const graduated: PriceModel = {
  model: 'graduated',
  tiers: [
    { upTo: '100', unitAmount: '0', flatAmount: '500' },
    { upTo: '1000', unitAmount: '2', flatAmount: '0' },
    { upTo: null, unitAmount: '0.5', flatAmount: '100' },
  ],
};

const volume: PriceModel = { ...graduated, model: 'volume' };

const packages: PriceModel = {
  model: 'package',
  packageSize: '10',
  packageAmount: '15',
  freeUnits: '20',
};

const blocks: PriceModel = {
  model: 'graduated_blocks',
  tiers: [
    { blockSize: '100', maxBlocks: 10, blockAmount: '7' },
    { blockSize: '1000', maxBlocks: null, blockAmount: '30' },
  ],
};

describe('the price of a quantity', () => {
  test.each<[string, PriceModel, string, string]>([
    ['flat, whatever is used', { model: 'flat', amount: '1200' }, '0', '1200'],
    ['per unit', { model: 'per_unit', unitAmount: '0.05' }, '12401', '620.05'],
    ['nothing used', graduated, '0', '0'],
    ['the last unit of a tier is its own', graduated, '100', '500'],
    ['a part of a unit reaches the next', graduated, '100.5', '501'],
    ['every tier with its flat amount', graduated, '1200', '2500'],
    ['volume: one tier for all', volume, '1200', '700'],
    ['volume at the edge', volume, '1000', '2000'],
    ['a stairstep', { ...graduated, model: 'stairstep' }, '50', '500'],
    ['packages are free up to the free units', packages, '20', '0'],
    ['a begun package is a whole one', packages, '30.001', '30'],
    ['blocks of each tier', blocks, '1001', '100'],
    ['one block below', blocks, '901', '70'],
    ['volume by blocks: the tier it ends in prices all', { ...blocks, model: 'volume_blocks' }, '1001', '60'],
    ['below zero is nothing', graduated, '-5', '0'],
  ])('%s', (_, pricing, quantity, expected) => {
    expect(cost(pricing, quantity)).toBe(expected);
  });

  test('beyond the last block tier, the last goes on', () => {
    const tiers = [{ blockSize: '10', maxBlocks: 2, blockAmount: '3' }];
    expect(cost({ model: 'graduated_blocks', tiers }, '45')).toBe('15');
    expect(cost({ model: 'volume_blocks', tiers }, '45')).toBe('15');
  });

  test('included units are taken before any tier', () => {
    expect(cost(graduated, '1200', { included: exact('1000') })).toBe('700');
    expect(cost(graduated, '900', { included: exact('1000') })).toBe('0');
  });

  test('without usage, a first tier and a package are owed where the convention says so', () => {
    const nothing = exact('0');
    expect(rate(graduated, nothing, unused).amountMinor).toBe(500n);
    expect(rate(volume, nothing, unused).amountMinor).toBe(500n);
    expect(rate(packages, nothing, unused).amountMinor).toBe(15n);
    expect(rate(packages, exact('25'), unused).amountMinor).toBe(15n);
  });

  test('tiers rounded one by one come to more than the line rounded once', () => {
    const halves: PriceModel = {
      model: 'graduated',
      tiers: [
        { upTo: '1', unitAmount: '0.5', flatAmount: '0' },
        { upTo: null, unitAmount: '0.5', flatAmount: '0' },
      ],
    };
    expect(rate(halves, exact('2'), DEFAULT_CONVENTIONS).amountMinor).toBe(1n);
    expect(rate(halves, exact('2'), eachTier).amountMinor).toBe(2n);
  });

  it('says each step', () => {
    const { steps } = rate(graduated, exact('1200.3'), DEFAULT_CONVENTIONS, { included: exact('100') });
    expect(steps.map(({ rule, amount }) => `${rule} ${toDecimal(amount, 4)}`)).toEqual([
      'included 0',
      'tier 1 flat 500',
      'tier 2 1800',
      'tier 3 50.15',
      'tier 3 flat 100',
      'rounding -0.15',
    ]);
  });
});

describe('a percentage of each event', () => {
  const events = (...values: string[]) => values.map((value) => exact(value));
  const base = { model: 'percentage', ratePercent: '2', fixedPerEvent: '30' } as const;
  const of = (extra: object, ...values: string[]) =>
    cost(PriceModel.parse({ ...base, ...extra }), '0', { events: events(...values) });

  test.each<[string, object, string[], string]>([
    ['rate and fixed fee', {}, ['1000', '500'], '90'],
    ['free events are the first', { freeEvents: 1 }, ['1000', '500'], '40'],
    ['an event free in part is charged for the rest', { freeTotal: '1200' }, ['1000', '500'], '36'],
    ['an event that fills the free total is free', { freeTotal: '1000' }, ['1000', '500'], '40'],
    ['the first allowance used up ends both', { freeEvents: 1, freeTotal: '9000' }, ['1000', '500'], '40'],
    ['a least', { minPerEvent: '45' }, ['1000', '500'], '95'],
    ['a most', { maxPerEvent: '41' }, ['1000', '500'], '81'],
    ['a free event has no least', { freeEvents: 1, minPerEvent: '45' }, ['1000', '500'], '45'],
    ['no events', {}, [], '0'],
    ['an event of nothing pays the fixed fee', {}, ['0'], '30'],
  ])('%s', (_, extra, values, expected) => {
    expect(of(extra, ...values)).toBe(expected);
  });

  test('in advance, each run bills what its events add', () => {
    const pricing = PriceModel.parse({ ...base, freeTotal: '1200' });
    const values = events('1000', '500', '100');
    const upTo = (now: number, before: number) =>
      rate(pricing, exact('0'), DEFAULT_CONVENTIONS, { events: values.slice(0, now), previousEvents: before })
        .amountMinor;
    expect([upTo(1, 0), upTo(2, 1), upTo(3, 2)]).toEqual([0n, 36n, 32n]);
  });
});

describe('for every model, quantity and convention', () => {
  it('the steps replay, and sum to the amount', () => {
    fc.assert(
      fc.property(models, quantities, quantities, conventions, (pricing, quantity, included, rules) => {
        const { steps, amountMinor, exactMinor } = rate(pricing, quantity, rules, { included });
        expect(steps.every(replays)).toBe(true);
        expect(sumOfSteps(steps)).toEqual(exact(amountMinor));
        expect(sumOfSteps(steps.filter(({ rule }) => rule !== 'rounding'))).toEqual(exactMinor);
      }),
    );
  });

  it('runs within a period lose no cent: they sum to one run over all of it', () => {
    fc.assert(
      fc.property(
        models,
        fc.array(quantities, { minLength: 1, maxLength: 5 }),
        conventions,
        (pricing, parts, rules) => {
          let before: Exact | undefined;
          let billed = 0n;
          for (const part of parts) {
            const whole = before ? add(before, part) : part;
            const run = rate(pricing, whole, rules, { previousQuantity: before });
            expect(run.steps.every(replays)).toBe(true);
            expect(sumOfSteps(run.steps)).toEqual(exact(run.amountMinor));
            billed += run.amountMinor;
            before = whole;
          }
          expect(billed).toBe(rate(pricing, add(...parts), rules).amountMinor);
        },
      ),
    );
  });

  it('more never costs less, but by volume', () => {
    fc.assert(
      fc.property(monotone, quantities, quantities, conventions, (pricing, one, more, rules) => {
        const less = rate(pricing, one, rules);
        const all = rate(pricing, add(one, more), rules);
        expect(all.amountMinor >= less.amountMinor).toBe(true);
        expect(compare(all.exactMinor, less.exactMinor)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of one tier, volume and graduated are the same', () => {
    fc.assert(
      fc.property(amounts, amounts, quantities, conventions, (unitAmount, flatAmount, quantity, rules) => {
        const tiers = [{ upTo: null, unitAmount, flatAmount }];
        expect(rate({ model: 'volume', tiers }, quantity, rules)).toEqual(
          rate({ model: 'graduated', tiers }, quantity, rules),
        );
      }),
    );
  });
});

describe('a price is refused', () => {
  const tier = (upTo: string | null) => ({ upTo, unitAmount: '1', flatAmount: '0' });
  test.each<[string, unknown]>([
    ['whose last tier ends', { model: 'graduated', tiers: [tier('10')] }],
    ['whose tiers do not ascend', { model: 'volume', tiers: [tier('10'), tier('10'), tier(null)] }],
    ['with an open tier before another', { model: 'volume', tiers: [tier(null), tier(null)] }],
    ['with packages of nothing', { model: 'package', packageSize: '0.0', packageAmount: '1' }],
    ['with a negative amount', { model: 'per_unit', unitAmount: '-1' }],
  ])('%s', (_, pricing) => {
    expect(PriceModel.safeParse(pricing).success).toBe(false);
  });
});
