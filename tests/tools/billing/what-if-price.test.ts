import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/billing/what-if-price.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

describe('another price', () => {
  it.each([
    [{ percent: '20' }, 36, 'Overage at +20%'],
    [{ percent: '-50' }, 15, 'Overage at -50%'],
    [{ plan: 'Growth', included: 500 }, 60, 'growth with 500 calls included'],
    [{ plan: 'growth', included: 2_000 }, 0, 'growth with 2,000 calls included'],
  ])('%j makes 30 cents %d', async (change, after, words) => {
    const output = await tool.run(change, room.ctx);
    expect(output.rows).toMatchObject([
      { customer: 'Acme Robotics', before: { minor: 30 }, after: { minor: after } },
    ]);
    expect(tool.narrate(output)).toContain(words);
  });

  it('names nobody who would have paid the same', async () => {
    expect(tool.narrate(await tool.run({ percent: '0' }, room.ctx))).toContain(
      'nobody would have been billed',
    );
  });

  it.each<[Parameters<typeof tool.run>[0], RegExp]>([
    [{}, /takes a change/],
    [{ included: 5 }, /Which plan/],
    [{ percent: '20', plan: 'gold' }, /no plan gold/],
    [{ percent: '-101' }, /more than 100%/],
  ])('%j is refused in words', async (change, words) => {
    await expect(tool.run(change, room.ctx)).rejects.toThrow(words);
  });
});

describe('what people say', () => {
  it.each([
    ['what if overage cost 20% more?', { percent: '20' }],
    ['what if overage were 10% cheaper?', { percent: '-10' }],
    ['what if the growth plan included 500k calls?', { plan: 'growth', included: 500_000 }],
  ])('"%s"', (text, input) => {
    expect(tool.recognize(saying(text))).toMatchObject([{ input }]);
  });
  it.each(['what is our overage', 'what if we hired somebody'])('"%s" is another question', (text) => {
    expect(tool.recognize(saying(text))).toEqual([]);
  });
});
