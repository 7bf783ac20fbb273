import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/books/export-journal.ts';
import { NOON } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { type BooksRoom, DAY, NOVEMBER, openBooks } from './room.ts';

let room: BooksRoom;
beforeEach(() => {
  room = openBooks();
  room.invoice('in_1', 11_900, {
    tax_minor: 1_900,
    status: 'paid',
    amount_paid_minor: 11_900,
    amount_remaining_minor: 0,
    paid_at: NOVEMBER + DAY,
  });
  room.payment('ch_1', 'in_1', 11_900);
  room.movement('txn_1', 'charge', 'ch_1', 11_900, 375);
});
afterEach(() => room.close());

const november = () => tool.run({ period: 'this month' }, room.ctx);

it('posts every record once and says that the books tie', async () => {
  const first = await november();
  expect(tool.narrate(first)).toMatch(
    /^2 journal entries in .*balances.*ties to Stripe's balance: 1 movement/,
  );
  const again = await november();
  expect(again.rows).toEqual(first.rows);
  expect(first.trial.map(({ name, balance }) => [name, balance.minor])).toEqual([
    ['Stripe balance', 11_525],
    ['Accounts receivable', 0],
    ['Sales tax and VAT payable', -1_900],
    ['Revenue', -10_000],
    ['Payment fees', 375],
  ]);
});

it('names a movement that no entry speaks of, and does not claim to tie', async () => {
  room.movement('txn_2', 'topup', 'tu_1', 5_000);
  const data = await november();
  expect(data.ties).toBe(false);
  expect(tool.narrate(data)).toContain('Stripe moved $50.00 (topup, txn_2) that no entry speaks of.');
});

it('leaves what was posted as it is when the records change, and says so', async () => {
  await november();
  room.invoice('in_1', 12_000, {
    tax_minor: 1_900,
    status: 'paid',
    paid_at: NOVEMBER + DAY,
    amount_paid_minor: 11_900,
  });
  const data = await november();
  expect(data.remarks.join()).toContain('invoice:in_1');
  expect(data.trial.find(({ name }) => name === 'Revenue')?.balance.minor).toBe(-10_000);
});

it('cannot be rewritten: the journal only grows', async () => {
  await november();
  expect(() => room.store.sqlite.exec('UPDATE journal_lines SET amount_minor = 1')).toThrow(/append-only/);
  expect(() => room.store.sqlite.exec('DELETE FROM journal_entries')).toThrow(/append-only/);
});

it('earns what lasts month by month, the day after each month has ended', async () => {
  const service = { service_start_at: NOVEMBER, service_end_at: NOVEMBER + 61 * DAY };
  room.invoice('in_2', 61_000, { ...service });
  await november();
  const deferred = async () =>
    (await november()).trial.find(({ name }) => name === 'Deferred revenue')?.balance.minor;
  expect(await deferred()).toBe(-61_000);
  room.clock.set(Date.parse('2026-12-02T10:00:00Z'));
  const december = await tool.run({ period: 'last month' }, room.ctx);
  expect(december.trial.find(({ name }) => name === 'Deferred revenue')?.balance.minor).toBe(-31_000);
});

it.each([
  ['xero', 'DRAFT'],
  ['quickbooks', 'JournalEntryLineDetail'],
] as const)('gives bodies for %s', async (format, words) => {
  const data = await tool.run({ period: 'this month', format }, room.ctx);
  expect(data.rows[0]?.[2]).toContain(words);
});

it('shows the trial balance alone when that is asked for', async () => {
  const data = await tool.run({ period: 'this month', what: 'trial_balance' }, room.ctx);
  expect(tool.exhibits?.(data)).toHaveLength(1);
});

it.each([
  ['export the journal of last month', {}],
  ['show the trial balance', { what: 'trial_balance' }],
  ['export the journal for Xero', { format: 'xero' }],
])('"%s" asks for it', (text, input) => {
  expect(tool.recognize(saying(text, { nowAt: NOON }))).toMatchObject([{ input }]);
});
