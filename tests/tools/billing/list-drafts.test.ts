import { afterEach, beforeEach, expect, it } from 'vitest';
import { BY_TOTALS } from '../../../src/domain/billing/run/usage-evidence.ts';
import tool from '../../../src/tools/billing/list-drafts.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

it('says that a close has not been started', async () => {
  expect(tool.narrate(await tool.run({}, room.ctx))).toMatch(/has not been started/);
});

it('lists what is drafted, and what is blocked with the reason', async () => {
  await room.draft({ problems: ['There is no price.'] });
  const all = await tool.run({}, room.ctx);
  expect(tool.narrate(all)).toBe('1 invoice of Oct 1 - 31, 2026, $0.30: 0 issued, 0 drafted, 1 blocked.');
  expect(all.rows[0]?.remarks).toBe('There is no price. Unusual: much.');
  expect((await tool.run({ state: 'issued' }, room.ctx)).rows).toEqual([]);
});

it('keeps the id of a draft when the month is rated again, and drops who owes no more', async () => {
  const id = await room.draft();
  expect(await room.draft()).toBe(id);
  const run = await room.desk.runs.ofMonth('main', '2026-10');
  expect(await room.desk.runs.saveDrafts(run?.id ?? '', [], BY_TOTALS)).toEqual([]);
});

it('never changes what was issued', async () => {
  const id = await room.draft();
  const run = await room.desk.runs.ofMonth('main', '2026-10');
  await room.desk.runs.giveNumber(id, { scheme: 'per_entity', prefix: 'PSI' });
  expect(await room.desk.runs.saveDrafts(run?.id ?? '', [], BY_TOTALS)).toMatchObject([
    { id, number: 'PSI-202611-001' },
  ]);
});

it.each(['list the invoice drafts', 'which drafts are blocked?'])('"%s" asks for it', (text) => {
  expect(tool.recognize(saying(text))).toHaveLength(1);
});
