import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/books/list-bank-lines.ts';
import { saying } from '../saying.ts';
import { type BooksRoom, DAY, NOVEMBER, openBooks } from './room.ts';

let room: BooksRoom;
beforeEach(() => {
  room = openBooks();
});
afterEach(() => room.close());

it('says that nothing waits', async () => {
  expect(tool.narrate(await tool.run({}, room.ctx))).toBe('No bank line waits to be matched.');
});

it('ranks what a line can pay, and tells the sure from the unsure', async () => {
  room.invoice('in_1', 12_000);
  room.invoice('in_2', 12_000);
  await room.line(12_000, { reference: 'INV-0001', payer: 'Acme Robotics Inc' });
  await room.line(12_000, { reference: 'thanks', at: NOVEMBER + 6 * DAY });
  await room.line(777, { reference: 'who knows' });
  const data = await tool.run({}, room.ctx);
  expect(data).toMatchObject({ total: 3, sure: 1 });
  const [named] = data.rows.filter(({ words }) => words.includes('INV-0001'));
  expect(named?.readings[0]).toMatch(/^pays exactly INV-0001 of Acme Robotics \(.*names the invoice/);
  expect(data.rows.find(({ words }) => words.includes('who knows'))).toMatchObject({
    readings: [],
    sure: false,
  });
});

it('leaves out what Stripe paid out and what went out of the account', async () => {
  room.movement('txn_po', 'payout', 'po_1', -9_000);
  await room.line(9_000, { payer: 'STRIPE PAYMENTS', at: NOVEMBER + 2 * DAY });
  await room.line(-4_000, { reference: 'rent' });
  expect((await tool.run({}, room.ctx)).total).toBe(0);
});

it.each(['which bank lines are unmatched?', 'show unmatched bank payments'])('"%s" asks for it', (text) => {
  expect(tool.recognize(saying(text))).toHaveLength(1);
});
