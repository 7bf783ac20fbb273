import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/billing/explain-invoice-line.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

it('says each step, calculates it again and names the second computation', async () => {
  const id = await room.draft();
  const words = tool.narrate(await tool.run({ invoice: id }, room.ctx));
  expect(words).toContain('$0.30 before tax');
  expect(words).toContain('500 calls at $0.0006 each, $0.30');
  expect(words).toContain('Calculated again now, it is the same.');
  expect(words).toMatch(/PsiZero's own daily totals .*: 1,500 calls and \$0\.30, the same/);
});

it('finds an invoice by its printed number and by its customer', async () => {
  const id = await room.draft();
  const { number } = await room.desk.runs.giveNumber(id, { scheme: 'per_entity', prefix: 'PSI' });
  expect((await tool.run({ invoice: number }, room.ctx)).invoice).toBe(number);
  expect((await tool.run({ customer: 'Acme' }, room.ctx)).invoice).toBe(number);
});

it('says when there is none', async () => {
  await expect(tool.run({ customer: 'Acme' }, room.ctx)).rejects.toThrow(/has no invoice/);
  await expect(tool.run({ invoice: 'PSI-1' }, room.ctx)).rejects.toThrow(/no invoice PSI-1/);
  await expect(tool.run({}, room.ctx)).rejects.toThrow(/an invoice or a customer/);
});

it.each(["explain Acme's usage invoice", 'explain invoice PSI-202611-001'])('"%s" asks for it', (text) => {
  expect(tool.recognize(saying(text))).toHaveLength(1);
});
it('leaves an invoice of Stripe to others', () => {
  expect(tool.recognize(saying('explain invoice in_123'))).toEqual([]);
});
