import { afterEach, beforeEach, expect, it } from 'vitest';
import tool from '../../../src/tools/billing/list-rejected-usage.ts';
import { START } from '../../domain/billing/run/given.ts';
import { heard } from '../reading.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

it('says that nothing waits', async () => {
  const shown = await tool.run({}, room.ctx);
  expect(tool.narrate(shown)).toBe('No usage event waits: everything that came was taken in.');
  expect(tool.exhibits?.(shown)).toEqual([]);
});

it('counts by reason, with examples that name the event and why', async () => {
  room.late({ id: 'below', at: START + 20 * 86_400_000, calls: -5 });
  room.late({ id: 'below', at: START + 20 * 86_400_000, calls: -5 });
  room.late({ id: 'ancient', at: 0, calls: 5 });
  const shown = await tool.run({}, room.ctx);
  expect(tool.narrate(shown)).toMatch(/^2 usage events were not taken: 1 below zero .*, 1 too old/);
  expect(shown.examples).toMatchObject([
    { event: 'psizero below', words: 'The value -5 is below 0.', times: 2 },
    { event: 'psizero ancient', reason: 'too_old' },
  ]);
  expect((await tool.run({ reason: 'too_old' }, room.ctx)).examples).toHaveLength(1);
});

it.each<[string, object]>([
  ['which usage was rejected?', {}],
  ['show the dead letters of usage', {}],
  ['rejected usage events of unknown customers', { reason: 'unknown_customer' }],
])('"%s" asks for it', async (text, input) => {
  expect(tool.recognize(await heard(text))).toMatchObject([{ input }]);
});

it.each(['which approvals were rejected?', 'usage of last month'])('"%s" does not', async (text) => {
  expect(tool.recognize(await heard(text))).toEqual([]);
});
