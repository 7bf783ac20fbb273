import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/credits/change-plan.ts';
import {
  acme,
  approve,
  coupon,
  openWorkspace,
  people,
  place,
  price,
  subscription,
  type Workspace,
} from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';

let w: Workspace;
const usd = (minor: number) => ({ minor, currency: 'USD' });
const bills = (...minors: number[]) => minors.map((minor) => ({ description: '', amount: usd(minor) }));

describe('changing a plan', () => {
  beforeEach(() => {
    w = openWorkspace();
    w.outside.subscriptions.set('sub_1', subscription('sub_1', 24_900));
    w.outside.prices.push(
      price('price_growth', 'Growth (monthly)', 24_900),
      price('price_scale', 'Scale (monthly)', 99_900),
      price('price_scale_year', 'Scale (yearly)', 999_000, { interval: 'year' }),
    );
  });
  afterEach(() => {
    w.close();
  });
  const plan = (input: { [key: string]: string | number }) =>
    tool.plan(tool.input.parse(input), w.context(people.fay));

  it('from the next period bills nothing now', async () => {
    expect(await plan({ customer: 'Acme', plan: 'scale', when: 'next_period' })).toMatchObject({
      title: 'Change Acme Robotics to Scale (monthly), billed from Dec 9, 2026',
      changes: [
        { before: 'Growth (monthly)', after: 'Scale (monthly)' },
        { before: '$249.00', after: '$999.00' },
      ],
      amount: usd(75_000),
      facts: { priceId: 'price_scale', proration: 'none', billedMinor: 0 },
    });
  });

  it('now bills the rest of the period from the beginning of the day, as Stripe does', async () => {
    w.outside.proration = bills(-12_450, 49_950);
    const { changes, amount } = await plan({ customer: 'Acme', plan: 'scale', when: 'now' });
    expect(changes[2]).toMatchObject({ after: "$375.00, by our sums and by Stripe's" });
    expect(amount).toEqual(usd(75_000));
  });

  it('counts a percentage off on both sides', async () => {
    w.outside.coupons.push(coupon('spring'));
    w.outside.subscriptions.set('sub_1', subscription('sub_1', 24_900, { couponIds: ['spring'] }));
    w.outside.proration = bills(-9_960, 39_960);
    await expect(plan({ customer: 'Acme', plan: 'scale', when: 'now' })).resolves.toBeDefined();
  });

  it('is not proposed when Stripe would bill something else', async () => {
    w.outside.proration = bills(-12_450, 49_951);
    await expect(plan({ customer: 'Acme', plan: 'scale', when: 'now' })).rejects.toThrow('By our sums');
  });

  it('of a quantity alone keeps the price they have', async () => {
    w.outside.subscriptions.set('sub_1', subscription('sub_1', 19_900));
    expect(await plan({ customer: 'Acme', quantity: 3 })).toMatchObject({
      changes: [{ after: '3 × Growth (monthly)' }, { before: '$199.00', after: '$597.00' }],
      facts: { priceId: null, quantity: 3 },
    });
  });

  it.each([
    ['nothing to change', { customer: 'Acme' }, 'It takes a plan'],
    ['what they have already', { customer: 'Acme', plan: 'growth' }, 'on Growth (monthly) already'],
    ['a plan there is not', { customer: 'Acme', plan: 'platinum' }, 'There is no plan platinum'],
  ])('refuses %s', async (_name, input, words) => {
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });

  it('happens once after a yes, also when the answer was lost', async () => {
    const input = { customer: 'Acme', plan: 'scale' };
    const { id } = await w.door.propose({ tool: tool.name, input, requester: people.fay, place });
    w.outside.dropAnswers = 1;
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    expect((await w.door.get(id))?.state).toBe('applied');
    expect(w.outside.changes).toHaveLength(1);
    expect(w.outside.subscriptions.get('sub_1')?.priceId).toBe('price_scale');
  });
});

const read = (text: string) => tool.recognize(saying(text));

describe('what is read as a change of plan', () => {
  it.each<[string, object]>([
    ['put Acme on the scale plan from next month', { customer: acme.id, plan: 'scale', when: 'next_period' }],
    ['upgrade Acme to growth now', { customer: acme.id, plan: 'growth', when: 'now' }],
    ['please move Acme to the scale plan', { customer: acme.id, plan: 'scale' }],
    ['change Acme to 5 seats', { customer: acme.id, quantity: 5 }],
  ])('%s', (text, input) => {
    const [reading] = read(text);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each([
    "don't put Acme on scale",
    'did we move Acme to scale?',
    "put $5 credit on Acme's balance",
    'put the coupon welcome_1 on Acme',
    'move the report to monday',
    'if they complain put Acme on scale',
  ])('never %s', (text) => {
    expect(read(text)).toEqual([]);
  });
});
