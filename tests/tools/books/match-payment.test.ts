import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/books/match-payment.ts';
import { acme } from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';
import { type BooksRoom, openBooks } from './room.ts';

let room: BooksRoom;
beforeEach(() => {
  room = openBooks();
  room.invoice('in_1', 12_000);
  room.invoice('in_2', 5_000);
});
afterEach(() => room.close());

const plan = (input: { [key: string]: string | number } = {}) => tool.plan(tool.input.parse(input), room.ctx);
const balances = async () => {
  await room.books.bringUp();
  const { rows } = await room.books.trialBalance(room.ctx.clock.now());
  return Object.fromEntries(
    rows.map(({ account, currency, balanceMinor }) => [`${currency} ${account}`, Number(balanceMinor)]),
  );
};
const applied = async (input: { [key: string]: string | number } = {}) =>
  tool.apply(await plan(input), room.ctx, room.effects);

describe('what a bank line pays', () => {
  it('exactly: the invoice is marked paid once, and the bank stands in the books', async () => {
    await room.line(12_000, { reference: 'inv 0001', payer: 'Acme Robotics' });
    expect(await plan()).toMatchObject({
      customer: { id: acme.id },
      amount: { minor: 12_000, currency: 'USD' },
      changes: [{ before: '$120.00', after: '$0.00, paid' }, { what: 'Because it' }],
      warnings: [expect.stringContaining('Another reading')],
    });
    await applied();
    expect(room.paid).toEqual(['in_1 key:1']);
    expect(await balances()).toMatchObject({ 'USD bank': 12_000, 'USD receivable': 5_000 });
    await expect(plan()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('several at once, less a fee: each is paid and the fee is booked', async () => {
    await room.line(16_900, { reference: 'INV-0001 INV-0002', payer: 'Acme Robotics' });
    expect((await plan()).warnings.join()).toContain('$1.00 of INV-0002 did not arrive');
    await applied();
    expect(room.paid.map((one) => one.split(' ')[0])).toEqual(['in_1', 'in_2']);
    expect(await balances()).toMatchObject({ 'USD bank': 16_900, 'USD fees': 100, 'USD receivable': 0 });
  });

  it('in another currency: the difference waits in currency exchange', async () => {
    await room.line(10_900, { reference: 'INV-0001', payer: 'Acme Robotics', currency: 'EUR' });
    await applied();
    expect(await balances()).toMatchObject({
      ...{ 'EUR bank': 10_900, 'EUR exchange_clearing': -10_900 },
      ...{ 'USD exchange_clearing': 12_000, 'USD receivable': 5_000 },
    });
  });

  it('a part: the books know it, Stripe is left alone, and the rest is what is owed next time', async () => {
    await room.line(7_000, { reference: 'INV-0001', payer: 'Acme Robotics' });
    expect(await plan({ reading: 1 })).toMatchObject({
      touches: [expect.stringContaining('Only the books')],
    });
    await applied({ reading: 1 });
    expect(room.paid).toEqual([]);
    expect((await room.books.openInvoices()).find(({ id }) => id === 'in_1')?.remainingMinor).toBe(5_000n);
    await room.line(5_000, { reference: 'INV-0001 rest', payer: 'Acme Robotics' });
    await applied();
    expect(room.paid).toEqual(['in_1 key:1']);
    expect(await balances()).toMatchObject({ 'USD bank': 12_000, 'USD receivable': 5_000 });
  });

  it('too much: what is over stands as the customer’s', async () => {
    await room.line(13_000, { reference: 'INV-0001', payer: 'Acme Robotics' });
    await applied({ reading: 1 });
    expect(await balances()).toMatchObject({ 'USD bank': 13_000, 'USD customer_balance': -1_000 });
  });
});

describe('what is not sure', () => {
  it('asks which of two lines', async () => {
    await room.line(100, { payer: 'Acme Robotics' });
    await room.line(200, { payer: 'Acme Robotics' });
    await expect(plan({ customer: 'Acme' })).rejects.toMatchObject({
      code: 'ambiguous',
      choices: [{ say: expect.stringMatching(/^match bank line bl_/) }, {}],
    });
  });

  it('asks which of the readings, and takes the one that is picked', async () => {
    room.invoice('in_3', 12_000);
    await room.line(12_000, { payer: 'Acme Robotics' });
    await expect(plan()).rejects.toMatchObject({
      code: 'ambiguous',
      choices: [
        { say: expect.stringMatching(/reading 1$/) },
        { say: expect.stringMatching(/reading 2$/) },
        { label: expect.stringContaining('more than is owed') },
      ],
    });
    expect((await plan({ reading: 2 })).warnings[0]).toMatch(/person has to choose|not sure/);
  });

  it('refuses an invoice that owes another sum at Stripe by now', async () => {
    await room.line(12_000, { reference: 'INV-0001' });
    room.paid.push('in_1 by somebody');
    await expect(plan({ reading: 1 })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('writes the match down once however often it is applied', async () => {
    await room.line(12_000, { reference: 'INV-0001', payer: 'Acme Robotics' });
    const approved = await plan();
    await tool.apply(approved, room.ctx, room.effects);
    await tool.apply(approved, room.ctx, room.effects);
    expect(await balances()).toMatchObject({ 'USD bank': 12_000 });
  });
});

describe('an invoice said to be paid outside', () => {
  it('warns that no bank line shows it', async () => {
    expect(await plan({ invoice: 'INV-0001' })).toMatchObject({
      title: 'Mark invoice INV-0001 of Acme Robotics as paid by bank transfer',
      warnings: [expect.stringContaining('No bank line')],
    });
    await applied({ invoice: 'in_1' });
    expect(room.paid).toEqual(['in_1 key:1']);
  });

  it('refuses one on which nothing is owed', async () => {
    room.invoice('in_1', 12_000, { status: 'paid', amount_remaining_minor: 0 });
    await expect(plan({ invoice: 'in_1' })).rejects.toMatchObject({ code: 'conflict' });
  });
});

it.each<[string, object]>([
  ["match Acme's bank payment", { customer: 'psz_acme' }],
  ['match bank line bl_0a1b reading 2', { line: 'bl_0a1b', reading: 2 }],
  ['invoice PSI-0042 was paid by bank transfer', { invoice: 'PSI-0042' }],
  ['mark invoice in_4Gac610X as paid', { invoice: 'in_4Gac610X' }],
])('"%s" proposes it', (text, input) => {
  expect(tool.recognize(saying(text))).toMatchObject([{ input }]);
});

it('"match the second one" means the line that was listed', () => {
  const previous = listing({ id: 'bl_1', label: 'one' }, { id: 'bl_2', label: 'two' });
  expect(tool.recognize(saying('match the second one', { previous }))).toMatchObject([
    { input: { line: 'bl_2' } },
  ]);
});

it.each(['was invoice PSI-0042 paid by bank transfer?', 'do not match it', 'which payments match?'])(
  '"%s" proposes nothing',
  (text) => {
    expect(tool.recognize(saying(text))).toEqual([]);
  },
);
