import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from '../../../src/domain/books/csv-rows.ts';
import { isPayoutLine } from '../../../src/domain/books/payout-lines.ts';
import { readStatement } from '../../../src/domain/books/read-statement.ts';

const settings = { currency: 'USD', tz: 'America/Los_Angeles', dates: null };
const read = (text: string, over: Partial<Parameters<typeof readStatement>[1]> = {}) =>
  readStatement(text, { ...settings, ...over });

describe('a bank statement', () => {
  it('is read with its references, payers and ids', () => {
    const text =
      'Date,Amount,Currency,Description,Name,Transaction ID\n2026-11-05,"1,234.56",EUR,"INV-1; ""thanks""",Acme,tx9\n';
    expect(read(text)).toEqual([
      {
        at: Date.parse('2026-11-05T08:00:00Z'),
        amountMinor: 123_456n,
        currency: 'EUR',
        reference: 'INV-1; "thanks"',
        payer: 'Acme',
        bankId: 'tx9',
      },
    ]);
  });

  it.each<[string, string, bigint]>([
    ['1.234,56', 'EUR', 123_456n],
    ['1234.5', 'USD', 123_450n],
    ['-12.00', 'USD', -1_200n],
    ['(12.00)', 'USD', -1_200n],
    ['12,00-', 'EUR', -1_200n],
    ['1,234', 'USD', 123_400n],
    ['1.234.567', 'JPY', 1_234_567n],
    ['12,345', 'JPY', 12_345n],
    ['1.234', 'KWD', 1_234n],
    ["1'000.00", 'CHF', 100_000n],
    ['$ 7', 'USD', 700n],
  ])('reads "%s" %s', (amount, currency, minor) => {
    expect(read(`Date;Amount\n2026-11-05;${amount}\n`, { currency })[0]?.amountMinor).toBe(minor);
  });

  it.each<[string, string]>([
    ['Amount\n5\n', 'no column for the date'],
    ['Date\n2026-11-05\n', 'no column for the amount'],
    ['Date,Amount\n', 'no lines'],
    ['Date,Amount\n2026-02-30,5\n', 'Line 2: "2026-02-30" is no day'],
    ['Date,Amount\n2026-11-05,5\n2026-11-05,five\n', 'Line 3: "five" is not an amount'],
    ['Date,Amount\n2026-11-05,5.005\n2026-11-05,5.05\n', 'Line 2'],
    ['Date,Amount\n2026-11-05,5.0055\n', 'Line 2'],
    ['Date,Amount,Currency\n2026-11-05,5,dollars\n', 'is no currency'],
    ['Date,Amount\n03/04/2026,5\n', 'cannot be told'],
    ['Date,Credit,Debit\n2026-11-05,5,6\n', 'going in and out'],
  ])('is refused whole: %j', (text, words) => {
    expect(() => read(text)).toThrow(words);
  });

  it.each<[string, 'dmy' | 'mdy' | null, string]>([
    ['03/04/2026', 'dmy', '2026-04-03'],
    ['03/04/2026', 'mdy', '2026-03-04'],
    ['31/10/2026', null, '2026-10-31'],
    ['10/31/2026', null, '2026-10-31'],
    ['31.10.2026', null, '2026-10-31'],
  ])('reads %s (%s) as %s', (text, dates, day) => {
    const [line] = read(`Date,Amount\n${text},5\n`, { dates });
    expect(new Date(line?.at ?? 0).toISOString().slice(0, 10)).toBe(day);
  });

  it('takes money in and out from two columns', () => {
    expect(
      read('Date,Paid in,Paid out\n2026-11-05,5,\n2026-11-05,,6\n').map((one) => one.amountMinor),
    ).toEqual([500n, -600n]);
  });

  it('gives every cell back that was quoted as CSV wants it', () => {
    const cell = fc
      .string({ maxLength: 12 })
      .filter((one) => one === one.trim() && one !== '' && !one.includes('\r'));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const quoted = (one: string) => `"${one.replaceAll('"', '""')}"`;
          const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
          expect(csvRows(text)).toEqual([['a', 'b'], ...rows]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const line = {
  id: 'bl',
  at: 0,
  amountMinor: 500n,
  currency: 'USD',
  reference: 'STRIPE TRANSFER',
  payer: null,
  customerId: null,
};
it.each<[string, Partial<typeof line>, boolean]>([
  ['a payout that has just been made', {}, true],
  ['another sum', { amountMinor: 501n }, false],
  ['another currency', { currency: 'EUR' }, false],
  ['a month later', { at: 31 * 86_400_000 }, false],
  ['no word of Stripe', { reference: 'invoice' }, false],
])('a bank line is taken for a payout or not: %s', (_name, over, expected) => {
  expect(isPayoutLine({ ...line, ...over }, [{ at: 0, amountMinor: 500n, currency: 'USD' }])).toBe(expected);
});
