import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contribution, type Factors, NOBODY, sumAmounts } from '../../../src/domain/metrics/metric.ts';
import { effectsOf, NAMED_ACCOUNTS } from '../../../src/domain/why/effects.ts';
import type { EffectKind } from '../../../src/domain/why/moves.ts';
import { amountOf } from '../../../src/domain/why/priced-lines.ts';
import { splitSum } from '../../../src/domain/why/split-sum.ts';

const MONEY = { unit: 'money', additivity: 'snapshot', total: sumAmounts } as const;
const COUNT = { unit: 'count', additivity: 'sum', total: sumAmounts } as const;
const RATES: Record<string, readonly string[]> = {
  USD: ['1'],
  EUR: ['1.08', '1.0713'],
  JPY: ['0.0067', '0.0071'],
};

interface Terms {
  customer: number;
  of: number;
  plan: string;
  unit: number;
  quantity: number;
  yearly: boolean;
  percent: string | null;
  currency: string;
  rate: number;
}

function line(
  terms: Partial<Terms> & { customer: number },
  name = (id: number) => `Customer ${id}`,
): Contribution {
  const t = {
    ...{ of: terms.customer, plan: 'growth', unit: 10_000, quantity: 1, yearly: false, percent: null },
    ...{ currency: 'USD', rate: 0 },
    ...terms,
  };
  const factors: Factors = {
    of: `sub_${t.of}`,
    price: {
      unitAmountMinor: t.unit,
      quantity: t.quantity,
      interval: t.yearly ? 'year' : 'month',
      intervalCount: 1,
      discount: t.percent === null ? null : { percent: t.percent, amountMinor: null },
    },
    currency: t.currency,
    rate: RATES[t.currency]?.[t.rate] ?? RATES[t.currency]?.[0] ?? '1',
    times: 1,
  };
  return {
    ...NOBODY,
    customerId: `c${t.customer}`,
    customerName: name(t.customer),
    plan: t.plan,
    currency: t.currency,
    amount: amountOf(factors, 'USD'),
    factors,
  };
}

const all: (plan: string | null) => boolean = () => true;
const options = { counts: all, currency: 'USD', wasThere: () => false };

function effects(before: Contribution[], after: Contribution[], over: Partial<typeof options> = {}) {
  const moves = splitSum(MONEY, { before, after, ...options, ...over });
  return Object.fromEntries(effectsOf(moves).map((effect) => [effect.kind, effect.value]));
}

describe('a change of MRR is put down to', () => {
  it.each<[string, Partial<Terms>, Partial<Terms>, Partial<Record<EffectKind, number>>]>([
    ['nothing, where nothing changed', {}, {}, {}],
    ['the price at the same quantity', { unit: 10_000 }, { unit: 12_000 }, { price: 2_000 }],
    ['the quantity at the same price', { quantity: 3 }, { quantity: 5 }, { quantity: 20_000 }],
    [
      'both, each at the mean of the other',
      { quantity: 2 },
      { unit: 11_000, quantity: 4 },
      { quantity: 21_000, price: 3_000 },
    ],
    [
      'the plan, with its price',
      { plan: 'starter', unit: 4_900 },
      { plan: 'scale', unit: 49_900 },
      { plan: 45_000 },
    ],
    ['a discount that began', {}, { percent: '20' }, { discount: -2_000 }],
    ['the exchange rate at the same amount', { currency: 'EUR' }, { currency: 'EUR', rate: 1 }, { fx: -87 }],
    ['the price, for a year instead of a month', {}, { unit: 96_000, yearly: true }, { price: -2_000 }],
    ['the price, in another currency', {}, { currency: 'EUR', unit: 9_000 }, { price: -280 }],
    [
      'the plan, of a subscription that replaced another',
      { of: 1, plan: 'starter', unit: 4_900 },
      { of: 2, unit: 19_900 },
      { plan: 15_000 },
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(effects([line({ customer: 1, ...before })], [line({ customer: 1, ...after })])).toEqual(expected);
  });

  it('customers who are new, have come back, or were lost', () => {
    const [one, two] = [line({ customer: 1 }), line({ customer: 2, unit: 500 })];
    expect(effects([one], [two])).toEqual({ lost: -10_000, new: 500 });
    expect(effects([one], [two], { wasThere: () => true })).toEqual({ lost: -10_000, returned: 500 });
  });

  it('a subscription a customer of both sides has added, or ended', () => {
    const [one, more] = [line({ customer: 1 }), line({ customer: 1, of: 9, unit: 700 })];
    expect(effects([one], [one, more])).toEqual({ subscriptions: 700 });
    expect(effects([one, more], [one])).toEqual({ subscriptions: -700 });
  });

  it('moving into a plan, where only that plan is counted', () => {
    const before = [line({ customer: 1, plan: 'growth', unit: 19_900 })];
    const after = [line({ customer: 1, plan: 'scale', unit: 49_900 })];
    const counts = (plan: string | null) => plan === 'scale';
    expect(effects(before, after, { counts })).toEqual({ plan: 49_900 });
    expect(effects(after, before, { counts })).toEqual({ plan: -49_900 });
  });
});

function invoice(customer: number, amount: number, over: Partial<Contribution> = {}): Contribution {
  return {
    ...NOBODY,
    customerId: `c${customer}`,
    customerName: `Customer ${customer}`,
    plan: 'growth',
    amount,
    ...over,
  };
}

describe('a change of paid invoices is put down to', () => {
  const eur = (minor: number) => ({ original: { minor, currency: 'EUR' } });
  it.each<[string, Contribution[], Contribution[], Partial<Record<EffectKind, number>>]>([
    ['how many a customer paid', [invoice(1, 100)], [invoice(1, 100), invoice(1, 100)], { count: 100 }],
    ['how large each was', [invoice(1, 100)], [invoice(1, 130)], { average: 30 }],
    ['another plan', [invoice(1, 100)], [invoice(1, 300, { plan: 'scale' })], { plan: 200 }],
    ['the exchange rate', [invoice(1, 108, eur(100))], [invoice(1, 110, eur(100))], { fx: 2 }],
    ['what was paid back', [invoice(1, 100)], [invoice(1, 100), invoice(1, -40)], { given_back: -40 }],
    ['who paid nothing this time', [invoice(1, 100), invoice(2, 50)], [invoice(1, 100)], { lost: -50 }],
  ])('%s', (_name, before, after, expected) => {
    expect(effects(before, after)).toEqual(expected);
  });
});

const terms = fc.record({
  customer: fc.nat({ max: 12 }),
  of: fc.nat({ max: 20 }),
  plan: fc.constantFrom('starter', 'growth', 'scale'),
  unit: fc.integer({ min: 0, max: 99_999 }),
  quantity: fc.integer({ min: 0, max: 50 }),
  yearly: fc.boolean(),
  percent: fc.constantFrom(null, '10', '33.33', '100'),
  currency: fc.constantFrom('USD', 'EUR', 'JPY'),
  rate: fc.nat({ max: 1 }),
});
const priced = fc.array(terms, { maxLength: 14 });
const row = fc.record({
  customer: fc.nat({ max: 6 }),
  amount: fc.integer({ min: -5_000, max: 50_000 }),
  plan: fc.constantFrom('starter', 'growth', null),
  euros: fc.boolean(),
});
const unpriced = fc.array(row, { maxLength: 20 }).map((rows) =>
  rows.map(({ customer, amount, plan, euros }) =>
    invoice(customer, amount, {
      plan,
      original: euros ? { minor: Math.round(amount / 1.0837), currency: 'EUR' } : null,
    }),
  ),
);
const lines = priced.map((each) => each.map((own) => line(own)));
const anySide = fc.oneof(fc.tuple(lines, lines), fc.tuple(unpriced, unpriced));
const plans = fc.constantFrom(all, (plan: string | null) => plan === 'growth');

const total = (rows: readonly Contribution[], counts: typeof all) =>
  rows.filter((each) => counts(each.plan)).reduce((sum, each) => sum + each.amount, 0);

describe('whatever changed', () => {
  it.each([
    ['money', MONEY],
    ['counts', COUNT],
  ] as const)(
    'the effects of %s sum to the change exactly, and the accounts to their effect',
    (_name, metric) => {
      fc.assert(
        fc.property(anySide, plans, ([before, after], counts) => {
          const told = effectsOf(splitSum(metric, { before, after, ...options, counts }));
          const sum = told.reduce((add, effect) => add + effect.value, 0);
          expect(sum).toBe(total(after, counts) - total(before, counts));
          for (const effect of told) {
            const named = effect.accounts.reduce((add, account) => add + account.value, 0);
            expect(named + (effect.others?.value ?? 0)).toBe(effect.value);
            expect(effect.accounts.length).toBeLessThanOrEqual(NAMED_ACCOUNTS);
            for (const account of effect.accounts) expect(account.value).not.toBe(0);
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it('the way back has the same effects with the signs turned; who came is then who was lost', () => {
    const turned = (effect: EffectKind) =>
      effect === 'new' || effect === 'returned' ? 'lost' : effect === 'lost' ? 'new' : effect;
    const flat = (from: Contribution[], to: Contribution[], counts: (plan: string | null) => boolean) =>
      splitSum(MONEY, { before: from, after: to, ...options, counts })
        .map(({ kind, id, by }) => `${kind} ${id} ${by}`)
        .sort();
    fc.assert(
      fc.property(anySide, plans, ([before, after], counts) => {
        const back = splitSum(MONEY, { before: after, after: before, ...options, counts })
          .map(({ kind, id, by }) => `${turned(kind)} ${id} ${-by}`)
          .sort();
        expect(flat(before, after, counts)).toEqual(back);
      }),
      { numRuns: 150 },
    );
  });

  it('what customers are called changes nothing', () => {
    fc.assert(
      fc.property(priced, priced, (before, after) => {
        const amounts = (name: (id: number) => string) =>
          effectsOf(
            splitSum(MONEY, {
              before: before.map((own) => line(own, name)),
              after: after.map((own) => line(own, name)),
              ...options,
            }),
          )
            .map(({ kind, value }) => `${kind} ${value}`)
            .sort();
        expect(amounts((id) => `Z${99 - id}`)).toEqual(amounts((id) => `A${id}`));
      }),
      { numRuns: 60 },
    );
  });

  it('nobody is named who is the same before and after', () => {
    fc.assert(
      fc.property(priced, priced, fc.nat({ max: 12 }), (before, after, still) => {
        const same = [line({ customer: 77, of: 770 + still })];
        const told = splitSum(MONEY, {
          before: [...before.map((own) => line(own)), ...same],
          after: [...same, ...after.map((own) => line(own))],
          ...options,
        });
        expect(told.some(({ id }) => id === 'c77')).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
