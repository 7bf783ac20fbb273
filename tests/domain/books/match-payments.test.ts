import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainPayment } from '../../../src/domain/books/explain-payment.ts';
import { matchPayments } from '../../../src/domain/books/match-payments.ts';
import { DEFAULT_MATCH_SETTINGS } from '../../../src/domain/books/match-settings.ts';
import {
  type IncomingPayment,
  namedIn,
  nameLikeness,
  type OpenInvoice,
} from '../../../src/domain/books/payment-evidence.ts';
import { subsetsWithSum } from '../../../src/domain/books/subset-sum.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 20);
const SETTINGS = { ...DEFAULT_MATCH_SETTINGS, rates: [{ from: 'EUR', to: 'USD', rate: '1.08' }] };

function invoice(number: string, amountMinor: bigint, more: Partial<OpenInvoice> = {}): OpenInvoice {
  return {
    id: number,
    number,
    customerId: 'acme',
    customerName: 'Acme Robotics Inc.',
    currency: 'USD',
    remainingMinor: amountMinor,
    issuedAt: NOW - 30 * DAY_MS,
    dueAt: NOW,
    ...more,
  };
}

function payment(amountMinor: bigint, more: Partial<IncomingPayment> = {}): IncomingPayment {
  return {
    id: 'p1',
    at: NOW,
    amountMinor,
    currency: 'USD',
    reference: '',
    payer: null,
    customerId: null,
    ...more,
  };
}

const OPEN = [
  invoice('PSI-2026-0041', 120_000n, { dueAt: NOW - 9 * DAY_MS }),
  invoice('PSI-2026-0042', 75_000n),
  invoice('PSI-2026-0043', 33_300n),
  invoice('PSI-2026-0044', 480_000n, { customerId: 'bolt', customerName: 'Bolt & Söhne GmbH' }),
];

describe('what a payment pays', () => {
  it.each<[string, Partial<IncomingPayment> & { amountMinor: bigint }, string, [string, bigint][], RegExp]>([
    [
      'exactly one invoice, by its number',
      { amountMinor: 75_000n, reference: 'inv psi 2026 0042 thanks' },
      'exact',
      [['PSI-2026-0042', 75_000n]],
      /names the invoice/,
    ],
    [
      'exactly one, by the name of the payer',
      { amountMinor: 480_000n, payer: 'BOLT SOHNE' },
      'exact',
      [['PSI-2026-0044', 480_000n]],
      /name of the payer/,
    ],
    [
      'several, by their numbers',
      { amountMinor: 108_300n, reference: 'PSI-2026-0042 + PSI-2026-0043' },
      'bundled',
      [
        ['PSI-2026-0042', 75_000n],
        ['PSI-2026-0043', 33_300n],
      ],
      /2 invoices/,
    ],
    [
      'several, by their sum',
      { amountMinor: 153_300n, customerId: 'acme' },
      'bundled',
      [
        ['PSI-2026-0041', 120_000n],
        ['PSI-2026-0043', 33_300n],
      ],
      /come to exactly this/,
    ],
    [
      'one, less a bank’s fee',
      { amountMinor: 118_500n, reference: 'PSI-2026-0041' },
      'fee_deducted',
      [['PSI-2026-0041', 120_000n]],
      /fee/,
    ],
    [
      'a part of one',
      { amountMinor: 40_000n, reference: 'PSI-2026-0042 part 1', customerId: 'acme' },
      'partial',
      [['PSI-2026-0042', 40_000n]],
      /less was paid/,
    ],
    [
      'one, and too much',
      { amountMinor: 90_000n, reference: 'PSI-2026-0042', customerId: 'acme' },
      'overpaid',
      [['PSI-2026-0042', 75_000n]],
      /more was paid/,
    ],
    [
      'one in another currency',
      { amountMinor: 69_000n, currency: 'EUR', reference: 'PSI-2026-0042' },
      'fx',
      [['PSI-2026-0042', 75_000n]],
      /published rate/,
    ],
  ])('is %s', (_name, given, kind, allocations, why) => {
    const [match] = matchPayments([payment(given.amountMinor, given)], OPEN, SETTINGS);
    expect(match?.chosen?.kind).toBe(kind);
    expect(
      match?.chosen?.allocations.map(({ invoiceId, amountMinor }) => [invoiceId, amountMinor]).sort(),
    ).toEqual(allocations);
    expect(match?.chosen?.why.join(', ')).toMatch(why);
    expect(match?.unmatched).toBeNull();
  });

  it.each<[string, Partial<IncomingPayment> & { amountMinor: bigint }, OpenInvoice[], RegExp]>([
    [
      'an amount alone convinces nobody',
      { amountMinor: 75_000n },
      OPEN,
      /not sure enough: the amount is exactly/,
    ],
    [
      'two equal invoices are for a person',
      { amountMinor: 75_000n, customerId: 'acme' },
      [...OPEN, invoice('PSI-2026-0050', 75_000n)],
      /not sure enough.*other reading fits/,
    ],
    ['nothing fits', { amountMinor: 1n }, OPEN, /Nothing points to a customer/],
    ['nothing is open', { amountMinor: 75_000n }, [], /No invoice is open/],
    [
      'no rate is known',
      { amountMinor: 75_000n, currency: 'JPY', customerId: 'acme' },
      OPEN,
      /another currency than JPY/,
    ],
  ])('is left open where %s', (_name, given, open, words) => {
    const [match] = matchPayments([payment(given.amountMinor, given)], open, SETTINGS);
    expect(match?.chosen).toBeNull();
    expect(match?.unmatched).toMatch(words);
  });

  it('a customer the provider names outweighs an equal amount of another', () => {
    const twin = invoice('PSI-2026-0060', 75_000n, { customerId: 'zeta', customerName: 'Zeta' });
    const [first] = explainPayment(payment(75_000n, { customerId: 'zeta' }), [...OPEN, twin], SETTINGS);
    expect(first?.allocations[0]?.invoiceId).toBe('PSI-2026-0060');
  });
});

describe('invoice numbers in a text', () => {
  const two = [{ number: 'PSI-2026-0042' }, { number: 'PSI-2026-00421' }, { number: '12' }];
  it.each([
    ['PSI-2026-0042', ['PSI-2026-0042']],
    ['psi2026/0042.', ['PSI-2026-0042']],
    ['RE: PSI 2026 00421', ['PSI-2026-00421']],
    ['XPSI-2026-0042', []],
    ['12 months', []],
    ['', []],
  ])('"%s"', (text, numbers) => {
    expect(namedIn(text, two).map(({ number }) => number)).toEqual(numbers);
  });

  it('names are alike whatever their legal form, accents and order', () => {
    expect(nameLikeness('BOLT SOHNE', 'Bolt & Söhne GmbH')).toBe(1);
    expect(nameLikeness('Acme Inc', 'Apex Inc')).toBe(0);
    expect(nameLikeness('', 'Acme')).toBe(0);
  });
});

describe('sums', () => {
  it('every subset found adds up, and small sets lose none', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 60n }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(amounts, fc.nat(), (all, mask) => {
        const chosen = all.filter((_, index) => (mask >> index) & 1);
        const target = chosen.reduce((sum, amount) => sum + amount, 0n);
        const { subsets, complete } = subsetsWithSum(all, target, { size: 10, found: 2000, steps: 100_000 });
        for (const subset of subsets) {
          expect(subset.reduce((sum, index) => sum + (all[index] ?? 0n), 0n)).toBe(target);
          expect(new Set(subset).size).toBe(subset.length);
        }
        expect(complete).toBe(true);
        let count = 0;
        for (let bits = 1; bits < 2 ** all.length; bits += 1) {
          const members = all.filter((_, index) => (bits >> index) & 1);
          if (members.length >= 2 && members.reduce((sum, amount) => sum + amount, 0n) === target) count += 1;
        }
        expect(subsets.length).toBe(count);
      }),
    );
  });

  it('gives up in time, and says so', () => {
    const many = Array.from({ length: 60 }, (_, index) => BigInt(1000 + index));
    const { subsets, complete } = subsetsWithSum(many, 30_001n, { size: 8, found: 5, steps: 5000 });
    expect(subsets.length).toBeLessThanOrEqual(5);
    expect(complete).toBe(false);
  });
});

/** Customers with their invoices, and payments whose truth is known. */
const plantedWorld = fc
  .record({
    amounts: fc.uniqueArray(fc.bigInt({ min: 5000n, max: 9_000_000n }), { minLength: 4, maxLength: 14 }),
    ways: fc.array(fc.constantFrom('exact', 'bundled', 'fee', 'partial', 'fx', 'stranger'), {
      minLength: 1,
      maxLength: 6,
    }),
    signs: fc.array(fc.constantFrom('number', 'provider', 'name', 'none'), { minLength: 6, maxLength: 6 }),
  })
  .map(({ amounts, ways, signs }) => {
    const invoices = amounts.map((amount, index) =>
      invoice(`PSI-26-${1000 + index}`, amount, {
        customerId: `c${index % 3}`,
        customerName: ['Northwind Traders', 'Lumen Health', 'Kestrel Maps'][index % 3] ?? '',
        dueAt: NOW + index * DAY_MS,
      }),
    );
    const free = [...invoices];
    const payments: IncomingPayment[] = [];
    const truth = new Map<string, string[]>();
    for (const [index, way] of ways.entries()) {
      const first = free.shift();
      if (!first) break;
      const mate =
        way === 'bundled' ? free.find(({ customerId }) => customerId === first.customerId) : undefined;
      if (mate) free.splice(free.indexOf(mate), 1);
      const paid = mate ? [first, mate] : [first];
      const total = paid.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0n);
      const amountMinor =
        way === 'fee'
          ? total - total / 40n
          : way === 'partial'
            ? total / 2n
            : way === 'fx'
              ? (total * 100n) / 108n
              : total;
      const sign = way === 'stranger' ? 'none' : (signs[index] ?? 'none');
      payments.push(
        payment(amountMinor, {
          id: `p${index}`,
          currency: way === 'fx' ? 'EUR' : 'USD',
          reference:
            sign === 'number' ? `payment ${paid.map(({ number }) => number).join(' and ')}` : 'thank you',
          customerId: sign === 'provider' ? first.customerId : null,
          payer: sign === 'name' ? first.customerName.toUpperCase() : null,
        }),
      );
      truth.set(`p${index}`, paid.map(({ id }) => id).sort());
    }
    return { invoices, payments, truth, ways };
  });

describe('with planted truths', () => {
  it('what is proposed is nearly always what was planted, and numbers are always followed', () => {
    const count = { right: 0, wrong: 0, open: 0 };
    fc.assert(
      fc.property(plantedWorld, ({ invoices, payments, truth }) => {
        for (const match of matchPayments(payments, invoices, SETTINGS)) {
          const expected = truth.get(match.paymentId) ?? [];
          const got = match.chosen?.allocations.map(({ invoiceId }) => invoiceId).sort();
          if (!got) count.open += 1;
          else if (got.join() === expected.join()) count.right += 1;
          else count.wrong += 1;
          const given = payments.find(({ id }) => id === match.paymentId);
          if (given?.reference.includes('PSI') && match.chosen) expect(got).toEqual(expected);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(count.right).toBeGreaterThan(300);
    expect(count.wrong / (count.right + count.wrong)).toBeLessThan(0.01);
  });

  it('no cent is allocated twice, none is invented, and the order of the lists changes nothing', () => {
    fc.assert(
      fc.property(plantedWorld, fc.boolean(), ({ invoices, payments }, twice) => {
        const all = twice
          ? [...payments, ...payments.map((one) => ({ ...one, id: `${one.id} again` }))]
          : payments;
        const matches = matchPayments(all, invoices, SETTINGS);
        const allocated = new Map<string, bigint>();
        for (const { paymentId, chosen } of matches) {
          let sum = 0n;
          for (const { invoiceId, amountMinor } of chosen?.allocations ?? []) {
            expect(amountMinor).toBeGreaterThan(0n);
            allocated.set(invoiceId, (allocated.get(invoiceId) ?? 0n) + amountMinor);
            sum += amountMinor;
          }
          const given = all.find(({ id }) => id === paymentId);
          if (chosen && given && chosen.kind !== 'fx') {
            expect(sum + chosen.unallocatedMinor - chosen.differenceMinor).toBe(given.amountMinor);
          }
        }
        for (const { id, remainingMinor } of invoices) {
          expect((allocated.get(id) ?? 0n) <= remainingMinor).toBe(true);
        }
        const reversed = matchPayments([...all].reverse(), [...invoices].reverse(), SETTINGS);
        expect([...reversed].reverse()).toEqual(matches);
      }),
      { numRuns: 60 },
    );
  });
});
