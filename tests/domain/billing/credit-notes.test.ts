import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import { calculateInvoice } from '../../../src/domain/billing/calculate-invoice.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import {
  type CreditNote,
  creditableLines,
  creditTheRest,
  creditUnused,
  planCreditNote,
  spreadCredit,
} from '../../../src/domain/billing/credit-notes/plan-credit-note.ts';
import { planReissue } from '../../../src/domain/billing/credit-notes/reissue.ts';
import {
  mayVoidCreditNote,
  settleCreditNote,
  voidWithCredit,
} from '../../../src/domain/billing/credit-notes/settle-credit-note.ts';
import { anyConventions, at, line, taxRate } from './given.ts';

const HALF = 'half_away';
const one = [{ lineKey: 'a', netMinor: 76900n, taxes: [{ name: 'VAT', amountMinor: 15380n }] }];

describe('credit notes', () => {
  it('give back the tax of what they cover, and together all of it', () => {
    const first = planCreditNote(one, [], new Map([['a', 72686n]]), HALF);
    const second = planCreditNote(one, [first], new Map([['a', 4214n]]), HALF);
    expect([first.taxMinor, first.totalMinor, second.taxMinor, second.totalMinor]).toEqual([
      14537n,
      87223n,
      843n,
      5057n,
    ]);
  });

  it.each([
    ['a line the invoice does not have', new Map([['b', 1n]])],
    ['more than the line', new Map([['a', 76901n]])],
    ['less than nothing', new Map([['a', -1n]])],
  ])('are refused for %s', (_name, wanted) => {
    expect(() => planCreditNote(one, [], wanted, HALF)).toThrow();
  });

  it('are refused for more than earlier ones left', () => {
    const first = planCreditNote(one, [], new Map([['a', 76000n]]), HALF);
    expect(() => planCreditNote(one, [first], new Map([['a', 901n]]), HALF)).toThrow('what is left');
  });

  it('equal the invoice exactly, however many and however cut', () => {
    const cuts = fc.array(fc.bigInt(1n, 5000n), { maxLength: 5 });
    const lines = fc.array(fc.bigInt(1n, 20000n), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lines, cuts, anyConventions, fc.boolean(), (amounts, parts, conventions, inclusive) => {
        const invoice = calculateInvoice({
          customerId: 'c',
          entityId: 'e',
          currency: 'USD',
          period: { startAt: 0, endAt: 1 },
          at: at('2026-01-01'),
          tz: 'UTC',
          lines: amounts.map((amount, index) => line(`l${index}`, amount)),
          coupons: [],
          grants: [],
          balanceMinor: 0n,
          minimumChargeMinor: 0n,
          taxesOf: () => [taxRate('19', { inclusive })],
          conventions,
        });
        const creditable = creditableLines(invoice);
        const notes: CreditNote[] = [];
        for (const part of parts) {
          const left =
            sumMinor(creditable.map((of) => of.netMinor)) - sumMinor(notes.map((note) => note.netMinor));
          const wanted = spreadCredit(creditable, notes, part < left ? part : left);
          notes.push(planCreditNote(creditable, notes, wanted, conventions.rounding.line));
        }
        notes.push(creditTheRest(creditable, notes, conventions.rounding.line));
        expect(sumMinor(notes.map((note) => note.taxMinor))).toBe(invoice.taxMinor);
        expect(sumMinor(notes.map((note) => note.totalMinor))).toBe(invoice.totalMinor);
        for (const note of notes) {
          expect(note.netMinor >= 0n && note.taxMinor >= 0n).toBe(true);
          expect(sumMinor(note.lines.map((of) => of.netMinor))).toBe(note.netMinor);
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['rounded_parts', 20000n, '25', 24166n],
    ['exact_sum', 20000n, '25', 24167n],
    ['rounded_parts', 16000n, '25', 19334n],
    ['exact_sum', 16000n, '25', 19333n],
  ] as const)('of an unused part by %s: %s at %s%% gives %s', (total, paidMinor, taxPercent, expected) => {
    const unused = { numerator: 29n, denominator: 30n };
    expect(creditUnused({ paidMinor, taxPercent, unused }, { total, rounding: HALF }).totalMinor).toBe(
      expected,
    );
  });

  it('come with a new invoice when one is issued again', () => {
    const corrected = [line('b', 500n)];
    const reissue = planReissue({ id: 'in_1', lines: one, creditNotes: [] }, corrected, HALF);
    expect(reissue).toMatchObject({ replaces: 'in_1', creditNote: { totalMinor: 92280n }, lines: corrected });
  });
});

describe('what a credit note does to its invoice', () => {
  const split = (refundMinor = 0n, balanceMinor = 0n, outOfBandMinor = 0n) => ({
    refundMinor,
    balanceMinor,
    outOfBandMinor,
  });

  it.each([
    [
      'a paid one stays paid, split three ways',
      { state: 'paid', dueMinor: 0n, paidMinor: 1000n },
      500n,
      split(100n, 200n, 200n),
      { accepted: true, state: 'paid', dueChangeMinor: 0n },
    ],
    [
      'an open one owes less',
      { state: 'open', dueMinor: 500n, paidMinor: 0n },
      200n,
      split(),
      { accepted: true, state: 'open', dueChangeMinor: -200n },
    ],
    [
      'an open one brought to 0 is paid',
      { state: 'open', dueMinor: 500n, paidMinor: 0n },
      500n,
      split(),
      { accepted: true, state: 'paid' },
    ],
    [
      'a part paid one gives back what was paid',
      { state: 'open', dueMinor: 300n, paidMinor: 700n },
      1000n,
      split(700n),
      { accepted: true, state: 'paid', dueChangeMinor: -300n },
    ],
    [
      'a split that does not sum',
      { state: 'paid', dueMinor: 0n, paidMinor: 1000n },
      500n,
      split(100n),
      { accepted: false, code: 'split_differs' },
    ],
    [
      'more than it asked for',
      { state: 'open', dueMinor: 500n, paidMinor: 0n },
      600n,
      split(),
      { accepted: false, code: 'too_much' },
    ],
    [
      'a draft',
      { state: 'draft', dueMinor: 500n, paidMinor: 0n },
      100n,
      split(),
      { accepted: false, code: 'not_finalised' },
    ],
  ] as const)('%s', (_name, invoice, credit, settlement, expected) => {
    expect(settleCreditNote(invoice, credit, settlement)).toMatchObject(expected);
  });

  it('is undone only while the invoice is open', () => {
    expect((['draft', 'open', 'paid', 'void'] as const).map(mayVoidCreditNote)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('voiding with a credit note', () => {
  const lago = BillingConventions.parse({ voiding: { paidInvoice: 'credit_note' } }).voiding;
  const stripe = BillingConventions.parse({}).voiding;
  const paid = { state: 'paid', creditableMinor: 1200n, paidMinor: 1200n } as const;

  it('gives a paid invoice back where the convention allows it', () => {
    expect(voidWithCredit(paid, { creditMinor: 0n, refundMinor: 1200n }, lago)).toMatchObject({
      accepted: true,
      state: 'void',
      creditNoteMinor: 1200n,
    });
    expect(voidWithCredit(paid, { creditMinor: 0n, refundMinor: 1200n }, stripe)).toMatchObject({
      code: 'not_voidable',
    });
  });

  it.each([
    [{ creditMinor: 1000n, refundMinor: 300n }, 'exceeds_creditable'],
    [{ creditMinor: 0n, refundMinor: 1200n }, 'refund_exceeds_paid'],
  ])('is refused for %s', (given, code) => {
    expect(voidWithCredit({ ...paid, state: 'open', paidMinor: 0n }, given, lago)).toMatchObject({ code });
  });
});
