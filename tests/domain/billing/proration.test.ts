import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import {
  type ChangedPeriod,
  periodLines,
  prorateInAdvance,
  prorateInArrears,
  stopCharges,
} from '../../../src/domain/billing/changes/plan-changes.ts';
import { placeProrationCredit } from '../../../src/domain/billing/changes/proration-credit.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { prorate, shareOf } from '../../../src/domain/billing/proration.ts';
import { add, exact, fraction } from '../../../src/domain/money/exact.ts';
import { anyProration, at, charge, DAY_MS, ZONES } from './given.ts';

const BY_SECOND = BillingConventions.parse({}).proration;
const BY_DAY = BillingConventions.parse({ proration: { by: 'day' } }).proration;

describe('the share of a period', () => {
  const march = {
    startAt: Date.parse('2026-03-01T00:00:00-08:00'),
    endAt: Date.parse('2026-04-01T00:00:00-07:00'),
  };
  const firstHalf = { startAt: march.startAt, endAt: Date.parse('2026-03-16T00:00:00-07:00') };

  it('is by the second an hour short where the clock was put forward', () => {
    expect(shareOf(firstHalf, march, BY_SECOND, 'America/Los_Angeles')).toEqual(fraction(359n, 743n));
  });

  it('is by the day what the calendar says, whatever the clock did', () => {
    expect(shareOf(firstHalf, march, BY_DAY, 'America/Los_Angeles')).toEqual(fraction(15n, 31n));
  });

  it('counts Feb 29 in a leap year', () => {
    const leap = { startAt: at('2028-02-01'), endAt: at('2028-03-01') };
    const part = { startAt: at('2028-02-15'), endAt: at('2028-03-01') };
    expect(shareOf(part, leap, BY_DAY, 'UTC')).toEqual(fraction(15n, 29n));
  });

  it('gives the day of a change to the new plan or to the old one', () => {
    const month = { startAt: at('2026-03-01'), endAt: at('2026-04-01') };
    const rest = { startAt: at('2026-03-12T15:00'), endAt: at('2026-04-01') };
    expect(shareOf(rest, month, BY_DAY, 'UTC')).toEqual(fraction(20n, 31n));
    expect(shareOf(rest, month, { ...BY_DAY, changeDay: 'old_plan' }, 'UTC')).toEqual(fraction(19n, 31n));
  });

  it('is of months of 30 days where that is the rule', () => {
    const month = { startAt: at('2026-05-15'), endAt: at('2026-06-15') };
    const part = { startAt: at('2026-05-23'), endAt: at('2026-06-15') };
    expect(shareOf(part, month, { ...BY_DAY, by: 'thirty_day_month' }, 'UTC')).toEqual(fraction(22n, 30n));
  });

  it('is refused for a part that is not in the period', () => {
    const month = { startAt: at('2026-05-15'), endAt: at('2026-06-15') };
    expect(() =>
      shareOf({ startAt: at('2026-05-01'), endAt: at('2026-06-15') }, month, BY_DAY, 'UTC'),
    ).toThrow('inside');
  });

  it('of two halves is the whole, and rounded is the whole within one unit, under every rule and in every zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-01-01'), max: at('2028-12-31') }),
        fc.integer({ min: 3600, max: 400 * 86_400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        anyProration,
        fc.constantFrom(...ZONES),
        fc.bigInt(0n, 10_000_00n),
        (startAt, seconds, cut, rule, tz, amount) => {
          const whole = { startAt, endAt: startAt + seconds * 1000 };
          const middle = startAt + Math.floor(seconds * cut) * 1000;
          const one = shareOf({ startAt, endAt: middle }, whole, rule, tz);
          const other = shareOf({ startAt: middle, endAt: whole.endAt }, whole, rule, tz);
          expect(add(one, other)).toEqual(exact(1n));
          const parts = [one, other].map((share) => prorate(exact(amount), share, rule).amountMinor);
          const off = sumMinor(parts) - amount;
          expect(off >= -1n && off <= 1n).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a change in the middle of a period', () => {
  const whole = { startAt: at('2026-04-01'), endAt: at('2026-05-01') };
  const middle = at('2026-04-16');
  const given = (of: Partial<ChangedPeriod>): ChangedPeriod => ({
    subscriptionId: 'sub_1',
    whole,
    served: whole,
    initial: [charge(1000n)],
    changes: [],
    rule: BY_SECOND,
    tz: 'UTC',
    ...of,
  });
  const amounts = (period: ChangedPeriod) => prorateInAdvance(period).map((line) => line.amountMinor);
  const to = (amount: bigint | null, when = middle, sequence = 1, priceId = 'plan') => ({
    at: when,
    sequence,
    priceId,
    charge: amount === null ? null : charge(amount, { priceId }),
  });

  it.each([
    ['an upgrade credits the old plan and debits the new', [to(2000n)], [-500n, 1000n]],
    ['a downgrade credits more than it debits', [to(400n)], [-500n, 200n]],
    ['a pause credits the rest', [to(null)], [-500n]],
    ['a pause and a resume charge what was served', [to(null), to(1000n, at('2026-04-25'))], [-500n, 200n]],
    ['a change back at the same instant leaves nothing', [to(2000n), to(1000n, middle, 2)], []],
    ['a price that is new only debits', [to(300n, middle, 1, 'seats')], [150n]],
    ['a change to what it is leaves nothing', [to(1000n)], []],
    ['a change at the very end leaves nothing', [to(2000n, at('2026-05-01'))], []],
  ] as const)('%s', (_name, changes, expected) => {
    expect(amounts(given({ changes }))).toEqual(expected);
  });

  it('is credited in whole at the first instant, and debited in whole', () => {
    expect(amounts(given({ changes: [to(2000n, at('2026-04-01'))] }))).toEqual([]);
    expect(periodLines(given({ initial: [charge(2000n)] }))[0]?.amountMinor).toBe(2000n);
  });

  it('is said on lines that no coupon takes off again', () => {
    const lines = prorateInAdvance(given({ changes: [to(2000n)] }));
    expect(lines.map(({ kind, discountable }) => [kind, discountable])).toEqual([
      ['proration', false],
      ['proration', false],
    ]);
    expect(lines[0]?.period).toEqual({ startAt: middle, endAt: whole.endAt });
  });

  it('costs nothing where a price is not prorated, and its first stretch is owed whole', () => {
    const fixed = { prorated: false };
    const period = given({
      initial: [charge(1000n, fixed)],
      changes: [{ at: middle, sequence: 1, priceId: 'plan', charge: charge(2000n, fixed) }],
    });
    expect(amounts(period)).toEqual([]);
    expect(prorateInArrears(period).map((line) => line.amountMinor)).toEqual([1000n, 0n]);
  });

  it('is refused when the source gave two changes of one price the same number', () => {
    expect(() => amounts(given({ changes: [to(2000n), to(3000n)] }))).toThrow('same number');
  });

  it('gives back what a cancellation at once did not serve', () => {
    expect(amounts(given({ changes: stopCharges([charge(1000n)], at('2026-04-11'), 1) }))).toEqual([-667n]);
  });

  const anyChange = fc.record({
    at: fc.integer({ min: 0, max: 30 }).map((day) => whole.startAt + day * DAY_MS + (day % 3) * 5_000_000),
    priceId: fc.constantFrom('plan', 'seats'),
    amount: fc.option(fc.bigInt(0n, 9999n)),
  });
  const anyChanges = fc
    .array(anyChange, { maxLength: 6 })
    .map((changes) =>
      changes.map(({ at: when, priceId, amount }, index) =>
        to(amount, Math.min(when, whole.endAt), index, priceId),
      ),
    );

  it('comes out the same in whatever order changes are told', () => {
    fc.assert(
      fc.property(anyChanges, anyProration, (changes, rule) => {
        const told = given({ changes, rule });
        const backwards = given({ changes: [...changes].reverse(), rule });
        expect(prorateInAdvance(backwards)).toEqual(prorateInAdvance(told));
        expect(prorateInArrears(backwards)).toEqual(prorateInArrears(told));
      }),
    );
  });

  it('in advance and in arrears is the same amount before rounding', () => {
    fc.assert(
      fc.property(anyChanges, anyProration, fc.constantFrom(...ZONES), (changes, rule, tz) => {
        const later = changes.filter((change) => change.at > whole.startAt);
        const period = given({ changes: later, rule, tz });
        const sum = (lines: readonly { exactMinor: ReturnType<typeof exact> }[]) =>
          add(exact(0n), ...lines.map((line) => line.exactMinor));
        expect(sum([...periodLines(period), ...prorateInAdvance(period)])).toEqual(
          sum(prorateInArrears(period)),
        );
      }),
    );
  });
});

describe('the credit of a proration', () => {
  it.each([
    ['pending', 'same_invoice'],
    ['invoiced_unpaid', 'deferred_until_paid'],
    ['paid', 'next_invoice'],
  ] as const)('of a debit that is %s goes to %s', (debit, place) => {
    expect(placeProrationCredit(debit)).toBe(place);
  });
});
