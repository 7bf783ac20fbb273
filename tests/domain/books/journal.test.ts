import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chart, DEFAULT_CHART } from '../../../src/domain/books/chart.ts';
import { journalTable } from '../../../src/domain/books/export.ts';
import { assertBalanced, type JournalEntry, post, trialBalance } from '../../../src/domain/books/journal.ts';
import { type BookFact, entryOf } from '../../../src/domain/books/postings.ts';
import { QUICKBOOKS } from '../../../src/domain/books/quickbooks.ts';
import { type BalanceTransaction, reconcileBalance } from '../../../src/domain/books/reconcile-balance.ts';
import { XERO } from '../../../src/domain/books/xero.ts';
import { majorUnits } from '../../../src/domain/money/format.ts';
import { csvOf } from '../../../src/slack/views/csv.ts';

const AT = Date.UTC(2026, 9, 31, 23);
const END = Date.UTC(2027, 0, 1);

type Given<F> = F extends BookFact ? Omit<F, 'at' | 'currency'> & { currency?: string } : never;

function fact(one: Given<BookFact>): JournalEntry {
  return entryOf({ at: AT, currency: 'USD', customerId: 'c1', ...one });
}

const INVOICE = { netMinor: 10_000n, taxMinor: 1900n, deferredMinor: 4000n };

function balancesOf(entries: JournalEntry[]): Record<string, bigint> {
  return Object.fromEntries(
    trialBalance(entries, END).rows.map(({ account, currency, balanceMinor }) => [
      `${account} ${currency}`,
      balanceMinor,
    ]),
  );
}

const open = (balances: Record<string, bigint>) =>
  Object.fromEntries(Object.entries(balances).filter(([, balance]) => balance !== 0n));

describe('an invoice through its life', () => {
  const invoice = fact({ kind: 'invoice', id: 'in_1', ...INVOICE });
  const paid = fact({
    kind: 'payment',
    id: 'ch_1',
    amountMinor: 11_900n,
    settled: { currency: 'USD', amountMinor: 11_900n },
    feeMinor: 375n,
    balanceTransactionId: 'txn_1',
  });

  it.each<[string, JournalEntry[], Record<string, bigint>]>([
    [
      'finalised',
      [invoice],
      {
        'receivable USD': 11_900n,
        'deferred_revenue USD': -4000n,
        'tax_payable USD': -1900n,
        'revenue USD': -6000n,
      },
    ],
    ['voided', [invoice, fact({ kind: 'void', id: 'in_1', ...INVOICE })], {}],
    [
      'paid',
      [invoice, paid],
      {
        'stripe_balance USD': 11_525n,
        'fees USD': 375n,
        'deferred_revenue USD': -4000n,
        'tax_payable USD': -1900n,
        'revenue USD': -6000n,
      },
    ],
    [
      'earned',
      [invoice, paid, fact({ kind: 'revenue_earned', id: 'in_1:2026-11', amountMinor: 4000n })],
      { 'stripe_balance USD': 11_525n, 'fees USD': 375n, 'tax_payable USD': -1900n, 'revenue USD': -10_000n },
    ],
    [
      'credited and refunded in full',
      [
        invoice,
        paid,
        fact({ kind: 'credit_note', id: 'cn_1', to: 'receivable', ...INVOICE }),
        fact({ kind: 'refund', id: 're_1', amountMinor: 11_900n, after: 'credit_note' }),
      ],
      { 'stripe_balance USD': -375n, 'fees USD': 375n },
    ],
    [
      'credited to the balance, then used',
      [
        invoice,
        fact({ kind: 'credit_note', id: 'cn_1', to: 'customer_balance', ...INVOICE }),
        fact({ kind: 'balance_used', id: 'in_1', amountMinor: 11_900n }),
      ],
      {},
    ],
    [
      'written off',
      [invoice, fact({ kind: 'write_off', id: 'in_1', amountMinor: 11_900n })],
      {
        'bad_debt USD': 11_900n,
        'deferred_revenue USD': -4000n,
        'tax_payable USD': -1900n,
        'revenue USD': -6000n,
      },
    ],
    [
      'disputed and won',
      [
        invoice,
        paid,
        fact({ kind: 'dispute_opened', id: 'dp_1', amountMinor: 11_900n, feeMinor: 1500n }),
        fact({ kind: 'dispute_won', id: 'dp_1', amountMinor: 11_900n, feeMinor: 1500n }),
      ],
      {
        'stripe_balance USD': 11_525n,
        'fees USD': 375n,
        'deferred_revenue USD': -4000n,
        'tax_payable USD': -1900n,
        'revenue USD': -6000n,
      },
    ],
    [
      'disputed and lost',
      [
        invoice,
        paid,
        fact({ kind: 'dispute_opened', id: 'dp_1', amountMinor: 11_900n, feeMinor: 1500n }),
        fact({ kind: 'dispute_lost', id: 'dp_1', amountMinor: 11_900n }),
      ],
      {
        'stripe_balance USD': -1875n,
        'fees USD': 1875n,
        'dispute_losses USD': 11_900n,
        'deferred_revenue USD': -4000n,
        'tax_payable USD': -1900n,
        'revenue USD': -6000n,
      },
    ],
    [
      'paid out',
      [paid, fact({ kind: 'payout', id: 'po_1', amountMinor: 11_525n })],
      { 'bank USD': 11_525n, 'fees USD': 375n, 'receivable USD': -11_900n },
    ],
  ])('%s leaves these balances', (_name, entries, expected) => {
    expect(open(balancesOf(post([], entries)))).toEqual(expected);
    expect(trialBalance(entries, END).balanced).toBe(true);
  });

  it('paid in another currency balances in both', () => {
    const entry = fact({
      kind: 'payment',
      id: 'ch_2',
      currency: 'EUR',
      amountMinor: 10_000n,
      settled: { currency: 'USD', amountMinor: 10_850n },
      feeMinor: 345n,
    });
    expect(balancesOf([entry])).toEqual({
      'receivable EUR': -10_000n,
      'exchange_clearing EUR': 10_000n,
      'stripe_balance USD': 10_505n,
      'fees USD': 345n,
      'exchange_clearing USD': -10_850n,
    });
  });

  it('is posted once, and never changed', () => {
    const journal = post([], [invoice, paid]);
    expect(post(journal, [paid, invoice])).toEqual(journal);
    const other = fact({ kind: 'invoice', id: 'in_1', ...INVOICE, netMinor: 10_001n });
    expect(() => post(journal, [other])).toThrow('already, with other amounts');
  });

  it('refuses what cannot be', () => {
    expect(() => fact({ kind: 'write_off', id: 'x', amountMinor: -1n })).toThrow('negative');
    expect(() => fact({ kind: 'invoice', id: 'x', netMinor: 1n, taxMinor: 0n, deferredMinor: 2n })).toThrow(
      'deferred',
    );
    const lines = [{ account: 'bank' as const, currency: 'USD', amountMinor: 1n }];
    expect(() => assertBalanced({ ...invoice, lines })).toThrow('does not balance');
    expect(() => post([], [{ ...invoice, lines }])).toThrow('does not balance');
  });
});

const amount = fc.bigInt({ min: 0n, max: 10n ** 14n });
/** One record has the fields of every kind; a kind reads its own, which no type can say of a generated value. */
const facts: fc.Arbitrary<BookFact> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(
      'invoice',
      'void',
      'credit_note',
      'revenue_earned',
      'payment',
      'bank_payment',
      'refund',
      'write_off',
      'balance_granted',
      'balance_used',
      'overpaid',
      'dispute_opened',
      'dispute_won',
      'dispute_lost',
      'payout',
      'payout_failed',
      'stripe_fee',
    ),
    currency: fc.constantFrom('USD', 'EUR', 'JPY'),
    amountMinor: amount,
    taxMinor: amount,
    feeMinor: amount,
    share: fc.bigInt({ min: 0n, max: 100n }),
    to: fc.constantFrom('receivable', 'customer_balance'),
    after: fc.constantFrom('credit_note', 'nothing'),
    balance: fc.constantFrom('USD', 'EUR'),
  })
  .map(
    ({ share, amountMinor, balance, ...rest }) =>
      ({
        ...rest,
        at: AT,
        amountMinor,
        netMinor: amountMinor,
        deferredMinor: (amountMinor * share) / 100n,
        settled: {
          currency: balance,
          amountMinor: balance === rest.currency ? amountMinor : (amountMinor * share) / 90n,
        },
        balanceTransactionId: `txn ${rest.id}`,
      }) as BookFact,
  );

describe('whatever happens', () => {
  it('every entry balances in each currency, and so does the trial balance', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 30 }), (all) => {
        const journal = post([], all.map(entryOf));
        expect(trialBalance(journal, END).balanced).toBe(true);
        for (const { rows } of [trialBalance(journal, END)]) {
          for (const currency of ['USD', 'EUR', 'JPY']) {
            const sum = rows
              .filter((row) => row.currency === currency)
              .reduce((total, row) => total + row.balanceMinor, 0n);
            expect(sum).toBe(0n);
          }
        }
      }),
    );
  });

  it('the journal ties to the balance transactions it came from, and to no others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(facts, { maxLength: 20, selector: ({ id }) => id }),
        fc.nat(),
        (all, pick) => {
          const journal = all.map(entryOf);
          const transactions = journal.flatMap((entry) => transactionsOf(entry));
          expect(reconcileBalance(transactions, journal).ties).toBe(true);
          expect(reconcileBalance([...transactions, ...transactions], journal).ties).toBe(true);
          const victim = transactions[pick % Math.max(1, transactions.length)];
          if (!victim || victim.netMinor === 0n) return;
          const without = transactions.filter(({ id }) => id !== victim.id);
          expect(reconcileBalance(without, journal)).toMatchObject({ ties: false });
          const changed = transactions.map((one) =>
            one === victim ? { ...one, amountMinor: one.amountMinor + 1n, netMinor: one.netMinor + 1n } : one,
          );
          expect(reconcileBalance(changed, journal).problems).toContainEqual(
            expect.objectContaining({ kind: 'differs', id: victim.id }),
          );
          const lost = journal.filter(({ balanceTransactionId }) => balanceTransactionId !== victim.id);
          expect(reconcileBalance(transactions, lost).problems).toContainEqual(
            expect.objectContaining({ kind: 'not_in_journal', id: victim.id }),
          );
        },
      ),
    );
  });
});

function transactionsOf({ balanceTransactionId, lines, at }: JournalEntry): BalanceTransaction[] {
  const fees = lines
    .filter(({ account }) => account === 'fees')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return lines
    .filter(({ account }) => account === 'stripe_balance')
    .map(({ currency, amountMinor }) => ({
      id: balanceTransactionId ?? '',
      type: 'any',
      at,
      currency,
      amountMinor: amountMinor + fees,
      feeMinor: fees,
      netMinor: amountMinor,
    }));
}

describe('handed to other books', () => {
  const settings = {
    chart: DEFAULT_CHART,
    tz: 'America/Los_Angeles',
    baseCurrency: 'USD',
    customerIds: { c1: '58' },
  };
  const entry = fact({
    kind: 'payment',
    id: 'ch_1',
    amountMinor: 11_900n,
    settled: { currency: 'USD', amountMinor: 11_900n },
    feeMinor: 375n,
    invoiceId: 'in_1',
  });

  it('a CSV has one row a line, with company days, and runs nobody’s formula', () => {
    const risky = { ...entry, invoiceId: '=HYPERLINK("x")' };
    const lines = csvOf(journalTable([risky], settings))
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('2026-10-31,payment:ch_1,Payment,1010,Stripe balance,USD,115.25,,c1');
    expect(lines[3]).toContain(',119.00,c1,"\'=HYPERLINK');
  });

  it('Xero gets a draft whose lines sum to nothing', () => {
    const [journal] = XERO.payloads(entry, settings);
    expect(journal).toEqual({
      Narration: 'Payment (payment:ch_1)',
      Date: '2026-10-31',
      Status: 'DRAFT',
      LineAmountTypes: 'NoTax',
      JournalLines: [
        { LineAmount: 115.25, AccountCode: '1010', Description: 'in_1', TaxType: 'NONE' },
        { LineAmount: 3.75, AccountCode: '6000', Description: 'in_1', TaxType: 'NONE' },
        { LineAmount: -119, AccountCode: '1100', Description: 'in_1', TaxType: 'NONE' },
      ],
    });
    expect(() => XERO.payloads(entry, { ...settings, baseCurrency: 'EUR' })).toThrow('in EUR only');
  });

  it('QuickBooks gets one entry a currency, with the customer on receivables', () => {
    const foreign = fact({
      kind: 'payment',
      id: 'ch_2',
      currency: 'EUR',
      amountMinor: 10_000n,
      settled: { currency: 'USD', amountMinor: 10_850n },
      feeMinor: 345n,
    });
    const payloads = QUICKBOOKS.payloads(foreign, { ...settings, accountIds: { fees: '77' } });
    expect(payloads).toHaveLength(2);
    expect(payloads[0]).toMatchObject({
      TxnDate: '2026-10-31',
      CurrencyRef: { value: 'USD' },
      Line: [
        { Amount: 105.05, JournalEntryLineDetail: { PostingType: 'Debit', AccountRef: { value: '1010' } } },
        { Amount: 3.45, JournalEntryLineDetail: { PostingType: 'Debit', AccountRef: { value: '77' } } },
        { Amount: 108.5, JournalEntryLineDetail: { PostingType: 'Credit' } },
      ],
    });
    expect(payloads[1]).toMatchObject({
      Line: [{}, { JournalEntryLineDetail: { Entity: { Type: 'Customer', EntityRef: { value: '58' } } } }],
    });
    expect(() => QUICKBOOKS.payloads(foreign, { ...settings, customerIds: {} })).toThrow('wants a customer');
  });

  it('amounts keep their currency’s decimals', () => {
    expect([majorUnits(5n, 'USD'), majorUnits(-1234n, 'KWD'), majorUnits(70n, 'JPY')]).toEqual([
      '0.05',
      '-1.234',
      '70',
    ]);
  });

  it('a chart with a gap or a double is refused', () => {
    expect(Chart.safeParse(DEFAULT_CHART).success).toBe(true);
    expect(Chart.safeParse(DEFAULT_CHART.slice(1)).error?.message).toContain('bank is there 0 times');
    const double = DEFAULT_CHART.map((account) =>
      account.key === 'fees' ? { ...account, code: '1000' } : account,
    );
    expect(Chart.safeParse(double).error?.message).toContain('two accounts have the code 1000');
  });
});
