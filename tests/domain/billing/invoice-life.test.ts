import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { INVOICE_STATES } from '../../../src/domain/billing/invoice.ts';
import { frozenFields, INVOICE_ACTIONS, transition } from '../../../src/domain/billing/invoice-states.ts';
import { draftNumber, type InvoiceToNumber, planNumbers } from '../../../src/domain/billing/numbering.ts';
import { recogniseByMonth, recognisedUntil } from '../../../src/domain/billing/revenue/recognise.ts';
import { revenueMonths } from '../../../src/domain/billing/revenue/revenue-months.ts';
import { planRollback } from '../../../src/domain/billing/rollback.ts';
import { at, ZONES } from './given.ts';

const STRIPE = BillingConventions.parse({});
const LAGO = BillingConventions.parse({ voiding: { paidInvoice: 'credit_note' } });

describe('the states of an invoice', () => {
  it('allow these moves and no others', () => {
    const allowed = INVOICE_STATES.flatMap((state) =>
      INVOICE_ACTIONS.flatMap((action) => {
        const move = transition(state, action, STRIPE.voiding);
        return move.allowed ? [`${state} ${action} ${move.state}`] : [];
      }),
    );
    expect(allowed.sort()).toEqual(
      [
        'draft delete deleted',
        'draft finalize open',
        'open mark_uncollectible uncollectible',
        'open pay paid',
        'open pay_fails open',
        'open void void',
        'uncollectible pay paid',
        'uncollectible pay_fails uncollectible',
        'uncollectible void void',
      ].sort(),
    );
  });

  it('say why a move is refused', () => {
    expect(transition('paid', 'void', STRIPE.voiding)).toEqual({
      allowed: false,
      because: 'A paid invoice cannot be voided.',
    });
    expect(transition('open', 'delete', STRIPE.voiding)).toMatchObject({
      because: 'An open invoice cannot be deleted.',
    });
  });

  it('let a paid one be voided with a credit note where that is the convention', () => {
    expect(transition('paid', 'void', LAGO.voiding)).toEqual({
      allowed: true,
      state: 'void',
      needsCreditNote: true,
    });
  });

  it('freeze what a finalised invoice says', () => {
    expect(frozenFields('open', ['lines', 'tax', 'customer_address', 'metadata'])).toEqual([
      'lines',
      'tax',
      'customer_address',
    ]);
    expect(frozenFields('paid', ['metadata', 'delivery'])).toEqual([]);
    expect(frozenFields('draft', ['lines', 'number'])).toEqual(['number']);
  });
});

describe('invoice numbers', () => {
  const invoice = (id: string, of: Partial<InvoiceToNumber> = {}): InvoiceToNumber => ({
    id,
    customerSequence: 1,
    finalizedAt: 0,
    yearMonth: '202310',
    number: null,
    ...of,
  });
  const none = { entity: 0, customers: new Map<number, number>() };
  const perEntity = { scheme: 'per_entity', prefix: 'PSI' } as const;
  const perCustomer = { scheme: 'per_customer', prefix: 'PSI' } as const;

  it('go on without a gap in the order of finalising, over months', () => {
    const plan = planNumbers(
      [invoice('b', { finalizedAt: 2, yearMonth: '202311' }), invoice('a', { finalizedAt: 1 })],
      { ...none, entity: 9 },
      perEntity,
    );
    expect([...plan.numbers.values()]).toEqual(['PSI-202310-010', 'PSI-202311-011']);
    expect(plan.counters.entity).toBe(11);
  });

  it('are each customer own where that is the scheme', () => {
    const plan = planNumbers(
      [invoice('a'), invoice('b', { customerSequence: 2 }), invoice('c', { finalizedAt: 3 })],
      none,
      perCustomer,
    );
    expect(plan.numbers).toEqual(
      new Map([
        ['a', 'PSI-001-001'],
        ['b', 'PSI-002-001'],
        ['c', 'PSI-001-002'],
      ]),
    );
  });

  it('are kept by whoever has one, so that a run can be repeated', () => {
    const invoices = [invoice('a'), invoice('b', { finalizedAt: 1 })];
    const first = planNumbers(invoices, none, perEntity);
    const again = planNumbers(
      invoices.map((one) => ({ ...one, number: first.numbers.get(one.id) ?? null })),
      first.counters,
      perEntity,
    );
    expect(again).toEqual(first);
  });

  it('are given to every invoice once, in whatever order they come', () => {
    const some = fc.uniqueArray(fc.record({ id: fc.uuid(), finalizedAt: fc.integer({ min: 0, max: 3 }) }), {
      selector: ({ id }) => id,
      maxLength: 20,
    });
    fc.assert(
      fc.property(some, (given) => {
        const invoices = given.map(({ id, finalizedAt }) => invoice(id, { finalizedAt }));
        const { numbers } = planNumbers(invoices, none, perEntity);
        expect(planNumbers([...invoices].reverse(), none, perEntity).numbers).toEqual(numbers);
        const counts = [...numbers.values()]
          .map((number) => Number(number.split('-')[2]))
          .sort((a, b) => a - b);
        expect(counts).toEqual(invoices.map((_, index) => index + 1));
      }),
    );
  });

  it('are not on drafts', () => {
    expect(draftNumber(perEntity)).toBe('PSI-DRAFT');
  });
});

describe('unwinding a run', () => {
  const invoice = (id: string, of: object) => ({
    id,
    state: 'open' as const,
    issuedAt: 0,
    totalMinor: 1000n,
    paidMinor: 0n,
    creditedMinor: 0n,
    ...of,
  });

  it('goes from the latest to the first, each by its state', () => {
    const steps = planRollback([
      invoice('open', { issuedAt: 1 }),
      invoice('draft', { issuedAt: 5, state: 'draft' }),
      invoice('paid', { issuedAt: 3, state: 'paid', paidMinor: 1000n }),
      invoice('part', { issuedAt: 4, paidMinor: 400n }),
      invoice('credited', { issuedAt: 2, state: 'paid', paidMinor: 1000n, creditedMinor: 300n }),
      invoice('void', { issuedAt: 0, state: 'void' }),
    ]);
    expect(steps).toEqual([
      { invoiceId: 'draft', do: 'delete' },
      { invoiceId: 'part', do: 'credit_note', amountMinor: 1000n, refundMinor: 400n },
      { invoiceId: 'paid', do: 'credit_note', amountMinor: 1000n, refundMinor: 1000n },
      { invoiceId: 'credited', do: 'credit_note', amountMinor: 700n, refundMinor: 700n },
      { invoiceId: 'open', do: 'void' },
      { invoiceId: 'void', do: 'nothing', because: 'it is voided already' },
    ]);
  });
});

describe('revenue', () => {
  const period = { startAt: at('2026-01-15'), endAt: at('2026-02-15') };

  it('is earned by the day, and the rest is deferred', () => {
    expect(recogniseByMonth(3100n, period, 'UTC')).toEqual([
      { month: '2026-01', days: 17, amountMinor: 1700n },
      { month: '2026-02', days: 14, amountMinor: 1400n },
    ]);
    expect(recognisedUntil(3100n, period, at('2026-02-01'), 'UTC')).toEqual({
      recognisedMinor: 1700n,
      deferredMinor: 1400n,
    });
  });

  it('shows credit that was used against the receivable', () => {
    const payments = [{ at: at('2026-02-09'), amountMinor: 2000n }];
    const months = revenueMonths(
      { amountMinor: 3100n, period, invoicedAt: period.startAt, balanceUsedMinor: 1100n, payments },
      'UTC',
    );
    expect(months).toMatchObject([
      {
        receivableMinor: 2000n,
        customerBalanceMinor: -1100n,
        revenueMinor: 1700n,
        deferredMinor: 1400n,
        cashMinor: 0n,
      },
      {
        receivableMinor: -2000n,
        customerBalanceMinor: 0n,
        revenueMinor: 1400n,
        deferredMinor: -1400n,
        cashMinor: 2000n,
      },
    ]);
  });

  it('sums to the invoice, and every month balances', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-9999n, 99999n),
        fc.integer({ min: at('2026-01-01'), max: at('2028-12-31') }),
        fc.integer({ min: 1, max: 800 * 24 }),
        fc.constantFrom(...ZONES),
        (amountMinor, startAt, hours, tz) => {
          const of = { startAt, endAt: startAt + hours * 3_600_000 };
          const earned = recogniseByMonth(amountMinor, of, tz);
          expect(sumMinor(earned.map((month) => month.amountMinor))).toBe(amountMinor);
          const months = revenueMonths(
            {
              amountMinor,
              period: of,
              invoicedAt: startAt,
              balanceUsedMinor: 7n,
              payments: [{ at: of.endAt, amountMinor: 5n }],
            },
            tz,
          );
          for (const month of months) {
            const assets = month.receivableMinor + month.cashMinor;
            expect(assets - month.customerBalanceMinor).toBe(month.revenueMinor + month.deferredMinor);
          }
          expect(sumMinor(months.map((month) => month.deferredMinor))).toBe(0n);
        },
      ),
      { numRuns: 80 },
    );
  });
});
