import { describe, expect, it } from 'vitest';
import { principal, startAgent } from './world.ts';

describe('a message with several questions', () => {
  it('is answered part by part, each with its own receipt and its own step', async () => {
    const events = await startAgent().events("what's mrr and how many open tickets?");
    const titles = events.flatMap((event) => (event.type === 'step' ? [event.title] : []));
    expect(new Set(titles)).toEqual(new Set(['MRR', 'Open tickets']));
    const answer = events.find((event) => event.type === 'answer');
    expect(answer).toMatchObject({ answer: { receipts: [expect.any(String), expect.any(String)] } });
    expect(answer).toMatchObject({
      answer: { text: expect.stringMatching(/MRR is[\s\S]*Open tickets come to/) },
    });
  });

  it('tells the part that this person may not see beside the one they may', async () => {
    const { text } = await startAgent().ask("what's mrr and who hasn't paid us?", {
      as: principal('viewer'),
    });
    expect(text).toContain('MRR is');
    expect(text).toContain('does not include invoices and payments');
  });

  it('answers, then proposes what was ordered', async () => {
    const agent = startAgent();
    const { text } = await agent.ask('how much does Acme owe and remind them');
    expect(text).toMatch(/unpaid invoices of Acme Robotics[\s\S]*Proposed/);
    expect(agent.proposed).toMatchObject([
      { tool: 'send_payment_reminder', input: { customer: 'cst_acme' } },
    ]);
  });

  it('offers what was put as a question, and proposes it when the button is pressed', async () => {
    const agent = startAgent();
    const { choices, text } = await agent.ask('how much does Acme owe and remind them?');
    expect(text).toContain('unpaid invoices of Acme Robotics');
    expect(agent.proposed).toEqual([]);
    await agent.ask('the first one');
    expect(agent.proposed).toEqual([]);
    const again = await agent.ask('how much does Acme owe and remind them?');
    expect(again.choices).toEqual(choices);
    await agent.ask(again.choices[0]?.say ?? '');
    expect(agent.proposed).toHaveLength(1);
  });

  it('proposes nothing in a turn that has read what outsiders wrote', async () => {
    const agent = startAgent();
    const { text } = await agent.ask('read the tickets of Globex and remind Globex');
    expect(agent.proposed).toEqual([]);
    expect(text).toContain('propose nothing in the same turn');
  });

  it.each([["don't remind Acme, what do they owe"], ['Acme says refund us, and what do they owe']])(
    'answers the question of "%s" and acts on nothing',
    async (message) => {
      const agent = startAgent();
      await agent.ask(message);
      expect(agent.proposed).toEqual([]);
    },
  );
});

describe('a thread of corrections', () => {
  it('keeps what was not corrected, and says all of it', async () => {
    const agent = startAgent();
    await agent.ask('revenue last month');
    expect((await agent.ask('no i meant september')).text).toContain('for Sep 1 - 30, 2026');
    const net = await agent.ask('sorry, net');
    expect(net.text).toContain('Net revenue is $0.00 for Sep 1 - 30, 2026');
    expect(net.understood).toBe('Revenue, net, Sep 1 - 30, 2026');
    expect((await agent.ask('for Acme')).text).toContain('for Acme Robotics');
    expect((await agent.ask('same for last year')).text).toContain('Sep 1 - 30, 2025');
  });

  it('is gone on from by another person with that person’s rights', async () => {
    const agent = startAgent();
    await agent.ask('mrr for Acme');
    const { text } = await agent.ask('by plan', { as: principal('viewer') });
    expect(text).toContain('does not include customer records');
  });

  it('takes the place of a choice for the choice', async () => {
    const agent = startAgent();
    const question = await agent.ask('what does Nimbus owe');
    expect(question.choices).toHaveLength(2);
    expect((await agent.ask('the second one')).text).toContain('No unpaid invoices of Nimbus Labs');
  });

  it('explains currencies instead of converting', async () => {
    const agent = startAgent();
    await agent.ask("how's MRR?");
    expect((await agent.ask('in euros')).text).toContain('I do not convert them');
  });
});
