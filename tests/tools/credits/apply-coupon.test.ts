import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/credits/apply-coupon.ts';
import {
  acme,
  approve,
  coupon,
  openWorkspace,
  people,
  place,
  subscription,
  type Workspace,
} from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';

let w: Workspace;

describe('putting a coupon on a subscription', () => {
  beforeEach(() => {
    w = openWorkspace();
    w.outside.subscriptions.set('sub_1', subscription('sub_1', 24_900, { quantity: 2 }));
    w.outside.coupons.push(
      coupon('spring'),
      coupon('once10', { percentOff: '10', duration: 'once', months: null }),
    );
  });
  afterEach(() => {
    w.close();
  });
  const plan = (input: { [key: string]: string | number }) =>
    tool.plan(tool.input.parse(input), w.context(people.fay));

  it('shows what the next invoice saves', async () => {
    expect(await plan({ customer: 'Acme', percent: '20', months: 3 })).toMatchObject({
      title: 'Give Acme Robotics 20% off for 3 months',
      changes: [
        { before: 'none', after: '20% off for 3 months' },
        { before: '$498.00', after: '$398.40' },
      ],
      amount: { minor: 9_960, currency: 'USD' },
      warnings: [],
    });
  });

  it('says that it takes the place of the discount they have', async () => {
    w.outside.subscriptions.set('sub_1', subscription('sub_1', 10_000, { couponIds: ['once10'] }));
    const { changes, warnings } = await plan({ customer: 'Acme', coupon: 'SPRING' });
    expect(changes).toMatchObject([{ before: '10% off once' }, { before: '$90.00', after: '$80.00' }]);
    expect(warnings[0]).toContain('takes the place');
    await expect(plan({ customer: 'Acme', coupon: 'once10' })).rejects.toThrow('has that coupon already');
  });

  it.each<[string, () => void, { [key: string]: string | number }, string]>([
    [
      'no such coupon, and says which there are',
      () => {},
      { customer: 'Acme', percent: '15' },
      'no such coupon',
    ],
    [
      'two that fit',
      () => w.outside.coupons.push(coupon('two')),
      { customer: 'Acme', percent: '20' },
      'Several coupons fit',
    ],
    ['nothing named', () => {}, { customer: 'Acme' }, 'It takes a coupon'],
    [
      'one in another currency',
      () =>
        w.outside.coupons.push(coupon('eur', { percentOff: null, amountOff: { minor: 5, currency: 'EUR' } })),
      { customer: 'Acme', coupon: 'eur' },
      'not in USD',
    ],
    [
      'one that is over',
      () => w.outside.coupons.push(coupon('old', { valid: false })),
      { customer: 'Acme', coupon: 'old' },
      'no such coupon',
    ],
    [
      'who has no subscription',
      () => {},
      { customer: 'Globex', coupon: 'spring' },
      'no running subscription',
    ],
    [
      'whose has ended',
      () => w.outside.subscriptions.set('sub_1', subscription('sub_1', 1, { status: 'canceled' })),
      { customer: 'Acme', coupon: 'spring' },
      'has ended',
    ],
    [
      'several subscriptions',
      () => w.outside.subscriptions.set('sub_2', subscription('sub_2', 1)),
      { customer: 'Acme', coupon: 'spring' },
      'several subscriptions',
    ],
  ])('refuses %s', async (_name, given, input, words) => {
    given();
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });

  it('happens once after a yes, also when the answer was lost', async () => {
    const input = { customer: 'Acme', coupon: 'spring' };
    const { id } = await w.door.propose({ tool: tool.name, input, requester: people.fay, place });
    w.outside.dropAnswers = 1;
    await approve(w, id, people.flo, '99.60');
    await w.door.sweep();
    await w.settled();
    expect((await w.door.get(id))?.state).toBe('applied');
    expect(w.outside.changes).toHaveLength(1);
    expect(w.outside.subscriptions.get('sub_1')?.couponIds).toEqual(['spring']);
  });
});

const read = (text: string) => tool.recognize(saying(text));

describe('what is read as a coupon', () => {
  it.each<[string, object]>([
    ['give Acme 20% off for 3 months', { customer: acme.id, percent: '20', months: 3 }],
    ['please give Acme 10 percent off', { customer: acme.id, percent: '10' }],
    ['apply coupon SPRING20 to Acme', { customer: acme.id, coupon: 'SPRING20' }],
    ['put the coupon welcome_1 on Acme', { customer: acme.id, coupon: 'welcome_1' }],
  ])('%s', (text, input) => {
    const [reading] = read(text);
    expect(reading).toMatchObject({ confidence: 0.9 });
    expect(reading?.input).toEqual(input);
  });

  it('"them" is whose records were shown before', () => {
    const previous = [{ tool: 'x', input: {}, listed: [{ id: 'in_1', label: 'A', customerId: 'psz_1' }] }];
    expect(tool.recognize(saying('give them 20% off for 3 months', { previous }))[0]?.input).toEqual({
      customer: 'psz_1',
      percent: '20',
      months: 3,
    });
  });

  it.each([
    'how many customers have a discount?',
    "don't give Acme 20% off",
    'did we give Acme 20% off?',
    'give Acme $20 credit',
  ])('never %s', (text) => {
    expect(read(text)).toEqual([]);
  });
});
