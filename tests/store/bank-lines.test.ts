import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StatementLine } from '../../src/domain/books/books-desk.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { createBankLines } from '../../src/store/bank-lines.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

const line = (over: Partial<StatementLine> = {}): StatementLine => ({
  ...{ at: 1_000, amountMinor: 500n, currency: 'USD', reference: 'INV-1', payer: null, bankId: null },
  ...over,
});
const desk = () => createBankLines(store, fixedClock(5_000), 'USD');

it('takes a statement in once, however often and in whatever pieces it comes', async () => {
  const first = [line(), line({ reference: 'INV-2' })];
  expect(await desk().importLines(first, 'nov.csv')).toEqual({ added: 2, known: 0 });
  expect(await desk().importLines([...first, line({ reference: 'INV-3' })], 'again.csv')).toEqual({
    added: 1,
    known: 2,
  });
  expect(await desk().openLines()).toHaveLength(3);
});

it('keeps two payments apart that are alike in everything', async () => {
  expect(await desk().importLines([line(), line()], 'nov.csv')).toEqual({ added: 2, known: 0 });
  expect(await desk().importLines([line(), line()], 'nov.csv')).toEqual({ added: 0, known: 2 });
});

it('knows a line by the bank’s own id, whatever else it says', async () => {
  await desk().importLines([line({ bankId: 'tx1' })], 'nov.csv');
  expect(await desk().importLines([line({ bankId: 'tx1', reference: 'INV-1 ' })], 'dec.csv')).toEqual({
    added: 0,
    known: 1,
  });
});

it('takes nothing when one line cannot be kept', async () => {
  const huge = line({ amountMinor: 10n ** 20n, reference: 'huge' });
  await expect(desk().importLines([line(), huge], 'nov.csv')).rejects.toThrow(/too large/);
  expect(await desk().openLines()).toEqual([]);
});
