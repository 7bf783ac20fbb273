import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkDocument } from '../../../src/domain/billing/document/check-document.ts';
import issueInvoice from '../../../src/tools/billing/issue-invoice.ts';
import tool from '../../../src/tools/billing/preview-invoice.ts';
import { heard } from '../reading.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

const preview = (month?: string) => tool.run({ customer: 'Acme', ...(month ? { month } : {}) }, room.ctx);

it('shows lines, tax and total as the close would make them, as a draft without a number', async () => {
  const shown = await preview('October');
  expect(tool.narrate(shown)).toMatch(
    /would be \$0\.30: \$0\.30 and \$0\.00 tax\. It is a draft; nothing was issued/,
  );
  expect(shown.document).toMatchObject({ kind: 'draft', number: null, totals: { totalMinor: 30 } });
  expect(checkDocument(shown.document)).toEqual([]);
  expect(room.outside.size).toBe(0);
});

it('brings the draft as a file, with its lines in a table', async () => {
  const [table, file] = tool.exhibits?.(await preview('October')) ?? [];
  expect(table).toMatchObject({ kind: 'table', rows: expect.arrayContaining([['Total', '', '$0.30']]) });
  expect(file).toMatchObject({ kind: 'document', title: expect.stringMatching(/^Draft invoice of Acme/) });
});

it('says that nothing is owed where nothing is, without a file', async () => {
  const shown = await preview();
  expect(tool.narrate(shown)).toMatch(/would get no invoice .* so far: nothing is owed/);
  expect(tool.exhibits?.(shown)).toEqual([]);
});

it('says that the month was billed already', async () => {
  const plan = await issueInvoice.plan({ invoice: await room.draft() }, room.ctx);
  const perform = async <T>({ send }: { send(key: string): Promise<{ result: T }> }) =>
    (await send('k')).result;
  await issueInvoice.apply(plan, room.ctx, { perform });
  expect(tool.narrate(await preview('October'))).toMatch(/billed already, as PSI-202611-001/);
});

it('refuses what is not one month', async () => {
  await expect(preview('last quarter')).rejects.toThrow(/of one month/);
});

it.each([
  ["preview Acme's invoice", {}],
  ['invoice preview for Acme, October', { month: 'October' }],
  ["what would Acme's invoice for this month look like?", { month: 'this month' }],
])('"%s" asks for it', async (text, input) => {
  expect(tool.recognize(await heard(text))).toMatchObject([{ input }]);
});

it.each(["don't preview Acme's invoice", 'preview invoices', 'show me the invoice of Acme'])(
  '"%s" does not',
  async (text) => {
    expect(tool.recognize(await heard(text))).toEqual([]);
  },
);
