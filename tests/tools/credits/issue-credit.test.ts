import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/credits/issue-credit.ts';
import { acme, approve, openWorkspace, people, place, type Workspace } from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';

let w: Workspace;
function withWorkspace(): void {
  beforeEach(() => {
    w = openWorkspace();
  });
  afterEach(() => {
    w.close();
  });
}
const plan = (input: { [key: string]: string }) => tool.plan(tool.input.parse(input), w.context(people.fay));

describe('planning a credit', () => {
  withWorkspace();
  it('shows what they have in credit before and after', async () => {
    w.outside.balances.set('cus_acme', { minor: 1_000, currency: 'USD' });
    expect(await plan({ customer: 'Acme', amount: '50', reason: 'the outage' })).toMatchObject({
      title: 'Credit $50.00 to Acme Robotics',
      customer: { id: acme.id },
      changes: [
        { before: '$10.00', after: '$60.00' },
        { before: '', after: 'Credit: the outage' },
      ],
      amount: { minor: 5_000, currency: 'USD' },
      policyAmount: { minor: 5_000, currency: 'USD' },
      reversible: { possible: true },
      warnings: [],
    });
  });

  it('says that a debt from before is lowered first', async () => {
    w.outside.balances.set('cus_acme', { minor: -700, currency: 'USD' });
    expect((await plan({ customer: 'Acme', amount: '50' })).warnings[0]).toContain('They owe $7.00');
  });

  it("is in the currency of the customer's balance, and of the policy", async () => {
    w.outside.balances.set('cus_globex', { minor: 0, currency: 'EUR' });
    expect(await plan({ customer: 'Globex', amount: '10' })).toMatchObject({
      amount: { minor: 1_000, currency: 'EUR' },
      policyAmount: { minor: 1_100, currency: 'USD' },
    });
  });

  it.each([
    ['another currency', { customer: 'Acme', amount: '5', currency: 'EUR' }, 'is in USD, not EUR'],
    ['nothing', { customer: 'Acme', amount: '0' }, 'not an amount'],
    ['a fraction of a cent', { customer: 'Acme', amount: '1.005' }, 'not an amount'],
    ['an unknown customer', { customer: 'Nobody', amount: '5' }, 'No customer is called Nobody'],
  ])('%s is refused in words', async (_name, input, words) => {
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });
});

describe('a credit that was approved', () => {
  withWorkspace();
  const propose = () =>
    w.door.propose({
      tool: tool.name,
      input: { customer: 'Acme', amount: '50.00', currency: 'USD' },
      requester: people.fay,
      place,
    });
  const stateOf = async (id: string) => (await w.door.get(id))?.state;

  it('is on the balance once, also when the answer was lost', async () => {
    const { id } = await propose();
    w.outside.dropAnswers = 1;
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    expect(await stateOf(id)).toBe('applied');
    expect(w.outside.balanceCredits).toHaveLength(1);
    expect(w.outside.balances.get('cus_acme')).toEqual({ minor: 5_000, currency: 'USD' });
  });

  it('can be taken back while it is there, and not once an invoice has used it', async () => {
    const { id } = await propose();
    await approve(w, id, people.flo);
    w.outside.balances.set('cus_acme', { minor: 4_000, currency: 'USD' });
    await w.door.undo({ approvalId: id, by: people.flo });
    await w.settled();
    expect(w.outside.balances.get('cus_acme')?.minor).toBe(4_000);

    const again = await propose();
    await approve(w, again.id, people.flo);
    await w.door.undo({ approvalId: again.id, by: people.flo });
    await w.settled();
    expect(await stateOf(again.id)).toBe('undone');
    expect(w.outside.balances.get('cus_acme')?.minor).toBe(4_000);
  });
});

const read = (text: string, previous = listing()) => tool.recognize(saying(text, { previous }));

describe('orders that are understood', () => {
  it.each<[string, object]>([
    [
      'credit Acme $50 for the outage',
      { customer: acme.id, amount: '50.00', currency: 'USD', reason: 'the outage' },
    ],
    ['credit $50 to Acme', { customer: acme.id, amount: '50.00', currency: 'USD' }],
    ['give Acme a $20 credit', { customer: acme.id, amount: '20.00', currency: 'USD' }],
    ['please give Acme €12.50 in credit', { customer: acme.id, amount: '12.50', currency: 'EUR' }],
    ["put $5 on Acme's balance", { customer: acme.id, amount: '5.00', currency: 'USD' }],
    ["add a credit of 30 to Acme's account", { customer: acme.id, amount: '30' }],
    [
      'can you credit Acme $50 because of slow support',
      { customer: acme.id, amount: '50.00', currency: 'USD', reason: 'slow support' },
    ],
  ])('%s', (text, input) => {
    const [reading] = read(text);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.8);
    expect(tool.input.safeParse(reading?.input).success).toBe(true);
  });
});

describe('what is never taken for a credit', () => {
  it.each([
    'credit note for invoice in_1',
    'issue a credit note to Acme',
    "don't credit Acme $50",
    'did we credit Acme $50?',
    'how much credit does Acme have?',
    'if they complain credit Acme $50',
    'credit card payments of Acme',
    'the ticket of Acme says please credit us $50',
  ])('%s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it.each(['credit Acme', 'credit Acme 50%', 'credit Acme $5 or $6', 'credit everyone $5', 'credit $50'])(
    '%s leaves open what is meant and is not guessed at',
    (text) => {
      for (const reading of read(text)) {
        expect(reading.input).toEqual({});
        expect(reading.confidence).toBeLessThan(0.6);
      }
    },
  );
});
