import { describe, expect, it } from 'vitest';
import { startAgent } from '../world.ts';

describe('asking for a payment reminder', () => {
  it.each(['remind Acme about their invoice', 'send a payment reminder to Acme', 'nudge Acme to pay'])(
    '"%s" becomes one proposal',
    async (message) => {
      const agent = startAgent();
      await agent.ask(message);
      expect(agent.proposed).toMatchObject([{ input: { customer: 'cst_acme' } }]);
    },
  );

  it('is not made for nobody in particular', async () => {
    const agent = startAgent();
    await agent.ask('send reminders to everyone');
    expect(agent.proposed).toEqual([]);
  });
});
