import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/billing/rate-usage.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

describe('rating usage', () => {
  it('says every step of the sum, with the rule of its rounding', async () => {
    room.usage.calls = 1_525;
    const output = await tool.run({ customer: 'Acme', month: 'October 2026' }, room.ctx);
    expect(output.amount).toEqual({ minor: 32, currency: 'USD' });
    const words = tool.narrate(output);
    expect(words).toContain('Acme Robotics owes $0.32 for calls beyond the plan, Oct 1 - 31, 2026');
    expect(words).toContain('1,000 calls are included in the plan');
    expect(words).toContain('rounding.line half_away');
  });

  it('says that nothing is owed within the plan, and that the month is not over', async () => {
    const output = await tool.run({ customer: 'Acme' }, room.ctx);
    expect(output.amount.minor).toBe(0);
    expect(tool.narrate(output)).toMatch(/owes nothing beyond the plan for .* so far/);
  });

  it('refuses more than a month, and the future', async () => {
    for (const month of ['last quarter', 'January 2027'])
      await expect(tool.run({ customer: 'Acme', month }, room.ctx)).rejects.toThrow(/one month at a time/);
  });
});

describe('what people say', () => {
  it.each(['what would Acme owe for usage so far this month', "rate Acme's usage"])('"%s"', (text) => {
    expect(tool.recognize(saying(text))).toMatchObject([{ input: { customer: 'psz_acme' } }]);
  });
  it.each(['what does Acme owe us', "what is Acme's error rate", 'how many calls did Acme make'])(
    '"%s" is another question',
    (text) => {
      expect(tool.recognize(saying(text))).toEqual([]);
    },
  );
});
