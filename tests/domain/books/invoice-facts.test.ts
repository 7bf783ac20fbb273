import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookedInvoice, BookedNote } from '../../../src/domain/books/book-records.ts';
import { invoiceFacts } from '../../../src/domain/books/invoice-facts.ts';
import { trialBalance } from '../../../src/domain/books/journal.ts';
import { grantFact, movementFacts } from '../../../src/domain/books/movement-facts.ts';
import { type BookFact, entryOf } from '../../../src/domain/books/postings.ts';

const DAY = 86_400_000;
const AT = Date.parse('2026-03-10T18:00:00Z');
const clock = { nowAt: AT + 400 * DAY, tz: 'America/Los_Angeles' };

const invoice = (over: Partial<BookedInvoice> = {}): BookedInvoice => ({
  ...{
    id: 'in_1',
    customerId: 'c1',
    currency: 'USD',
    netMinor: 10_000n,
    taxMinor: 1_900n,
    balanceUsedMinor: 0n,
  },
  ...{
    amountPaidMinor: 0n,
    finalizedAt: AT,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    service: null,
  },
  ...{ charges: [], notes: [], bankPayments: [] },
  ...over,
});

const note = (over: Partial<BookedNote> = {}): BookedNote => ({
  ...{ id: 'cn_1', invoiceId: 'in_1', customerId: 'c1', currency: 'USD', at: AT + DAY, totalMinor: 1_190n },
  ...{
    taxMinor: 190n,
    beforePaymentMinor: 1_190n,
    refundedMinor: 0n,
    outsideMinor: 0n,
    refundIds: [],
    voidedAt: null,
  },
  ...over,
});

function balances(facts: BookFact[]): Record<string, number> {
  const { rows } = trialBalance(facts.map(entryOf), AT + 1_000 * DAY);
  return Object.fromEntries(
    rows
      .filter(({ balanceMinor }) => balanceMinor !== 0n)
      .map(({ account, balanceMinor }) => [account, Number(balanceMinor)]),
  );
}

describe('an invoice in the books', () => {
  it.each<[string, BookedInvoice, Record<string, number>]>([
    ['open', invoice(), { receivable: 11_900, revenue: -10_000, tax_payable: -1_900 }],
    ['void', invoice({ voidedAt: AT + DAY }), {}],
    ['void after a credit note', invoice({ notes: [note()], voidedAt: AT + 2 * DAY }), {}],
    [
      'written off',
      invoice({ uncollectibleAt: AT + DAY }),
      { bad_debt: 11_900, revenue: -10_000, tax_payable: -1_900 },
    ],
    [
      'written off and paid to the bank after all',
      invoice({ uncollectibleAt: AT + DAY, paidAt: AT + 2 * DAY, amountPaidMinor: 11_900n }),
      { bank: 11_900, revenue: -10_000, tax_payable: -1_900 },
    ],
    [
      'paid in part from credit, then outside',
      invoice({ balanceUsedMinor: 900n, paidAt: AT + DAY, amountPaidMinor: 11_000n }),
      { bank: 11_000, customer_balance: 900, revenue: -10_000, tax_payable: -1_900 },
    ],
    [
      'credited before payment',
      invoice({ notes: [note()] }),
      { receivable: 10_710, revenue: -9_000, tax_payable: -1_710 },
    ],
    [
      'credited, and the note taken back',
      invoice({ notes: [note({ voidedAt: AT + 2 * DAY })] }),
      { receivable: 11_900, revenue: -10_000, tax_payable: -1_900 },
    ],
    [
      'credited after payment, half to the balance and half outside',
      invoice({ notes: [note({ beforePaymentMinor: 0n, outsideMinor: 595n })] }),
      { receivable: 11_900, bank: -595, customer_balance: -595, revenue: -9_000, tax_payable: -1_710 },
    ],
    [
      'owing the customer',
      invoice({ netMinor: -500n, taxMinor: -95n }),
      { customer_balance: -595, revenue: 500, tax_payable: 95 },
    ],
  ])('%s', (_name, given, expected) => {
    expect(balances(invoiceFacts(given, clock))).toEqual(expected);
  });

  it('waits a day before it takes a payment nobody knows for one to the bank', () => {
    const paid = invoice({ paidAt: AT, amountPaidMinor: 11_900n });
    expect(invoiceFacts(paid, { ...clock, nowAt: AT + DAY - 1 }).map(({ kind }) => kind)).toEqual([
      'invoice',
    ]);
    expect(invoiceFacts(paid, { ...clock, nowAt: AT + DAY }).map(({ kind }) => kind)).toContain(
      'bank_payment',
    );
  });

  it('earns exactly what it deferred, whatever the service and however often it is looked at', () => {
    const given = fc.record({
      net: fc.bigInt({ min: 0n, max: 10_000_000n }),
      from: fc.integer({ min: -60, max: 60 }),
      days: fc.integer({ min: 1, max: 365 }),
      look: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(given, ({ net, from, days, look }) => {
        const startAt = AT + from * DAY;
        const one = invoice({
          netMinor: net,
          taxMinor: 0n,
          service: { startAt, endAt: startAt + days * DAY },
        });
        const later = balances(invoiceFacts(one, { ...clock, nowAt: AT + 600 * DAY }));
        expect(later).toEqual(net === 0n ? {} : { receivable: Number(net), revenue: -Number(net) });
        const all = new Map(
          invoiceFacts(one, { ...clock, nowAt: AT + 600 * DAY }).map((fact) => [entryOf(fact).key, fact]),
        );
        // What was posted early is what is posted late.
        for (const fact of invoiceFacts(one, { ...clock, nowAt: AT + look * DAY }))
          expect(all.get(entryOf(fact).key)).toEqual(fact);
      }),
      { numRuns: 100 },
    );
  });
});

const movement = (type: string, amountMinor: bigint, feeMinor = 0n) => ({
  ...{ id: 'txn_1', sourceId: 'x_1', type, at: AT, currency: 'USD', amountMinor, feeMinor },
  ...{ netMinor: amountMinor - feeMinor, customerId: 'c1' },
  charge: type === 'charge' ? { customerId: 'c1', invoiceId: null, amountMinor, currency: 'USD' } : null,
});

describe('a movement of the balance at Stripe', () => {
  it.each<[string, bigint, bigint]>([
    ['charge', 10_000n, 320n],
    ['refund', -10_000n, 0n],
    ['dispute', -10_000n, 1_500n],
    ['dispute_reversal', 10_000n, -1_500n],
    ['payout', -9_000n, 25n],
    ['payout_reversal', 9_000n, 0n],
    ['fee', -700n, 0n],
  ])('%s moves the account by exactly its net', (type, amount, fee) => {
    const { stripe_balance: moved } = balances(movementFacts(movement(type, amount, fee), new Set()));
    expect(moved).toBe(Number(amount - fee));
  });

  it('of a kind nobody knows makes no entry, so that the reconciliation names it', () => {
    expect(movementFacts(movement('topup', 5n), new Set())).toEqual([]);
  });

  it('a refund made by a credit note takes no revenue back a second time', () => {
    expect(balances(movementFacts(movement('refund', -500n), new Set(['x_1'])))).toEqual({
      receivable: 500,
      stripe_balance: -500,
    });
    expect(balances(movementFacts(movement('refund', -500n), new Set()))).toEqual({
      refunds: 500,
      stripe_balance: -500,
    });
  });

  it('credit given and taken back leaves nothing', () => {
    const grant = { id: 'k', at: AT, currency: 'USD', amountMinor: 500n, customerId: null };
    expect(balances([grantFact(grant)])).toEqual({ customer_balance: -500, credits_granted: 500 });
    expect(balances([grantFact(grant), grantFact({ ...grant, id: 'l', amountMinor: -500n })])).toEqual({});
  });
});
