import { describe, expect, it } from 'vitest';
import { startAgent } from '../world.ts';

describe('asking for a refund', () => {
  it.each([
    ["refund Acme's last payment", { customer: 'cst_acme' }],
    ['please refund $50 to Acme', { customer: 'cst_acme', amount: '50.00', currency: 'USD' }],
    ['can you give Acme their money back', { customer: 'cst_acme' }],
  ])('"%s" becomes one proposal', async (message, input) => {
    const agent = startAgent();
    const answer = await agent.ask(message);
    expect(agent.proposed, answer.text).toMatchObject([{ input }]);
  });

  it.each([
    "don't refund Acme",
    'should we refund Acme?',
    'refund Nimbus',
    'refund the last payment',
    'how many refunds did Acme get',
  ])('"%s" becomes none', async (message) => {
    const agent = startAgent();
    await agent.ask(message);
    expect(agent.proposed).toEqual([]);
  });

  it('of the second payment listed is for that payment', async () => {
    const agent = startAgent();
    await agent.ask('show payments');
    await agent.ask('refund the second one');
    expect(agent.proposed).toMatchObject([{ input: { payment: 'ch_1' } }]);
  });
});
