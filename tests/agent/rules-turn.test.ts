import { describe, expect, it } from 'vitest';
import { withGiveBack } from './refund-tool.ts';
import { DM, NIMBUS_A, NIMBUS_B, principal, SHARED, startAgent } from './world.ts';

describe('a turn in rules mode', () => {
  it('finds a customer, says how it understood the question and keeps a receipt', async () => {
    const agent = startAgent();
    const answer = await agent.ask('<@U0PSI> can you find Acme?');
    expect(answer.text).toContain('Acme Robotics');
    expect(answer.understood).toBe('Customers matching "Acme Robotics"');
    expect(answer.mode).toBe('rules');
    expect(answer.receipts).toHaveLength(1);
  });

  it('tells each step while it works and gives the text before the answer', async () => {
    const events = await startAgent().events('find Globex');
    const order = events.map((event) => (event.type === 'step' ? event.status : event.type));
    expect([...new Set(order)]).toEqual(['in_progress', 'complete', 'text', 'answer']);
  });

  it('tells nothing where outsiders read along, not even that a customer exists', async () => {
    for (const question of ['find Acme', 'tell me about Nimbus']) {
      const answer = await startAgent().ask(question, { place: SHARED });
      expect(answer.text).not.toMatch(/Acme Robotics|Nimbus Lab/);
      expect(answer.choices).toEqual([]);
    }
    expect((await startAgent().ask("who hasn't paid us?", { place: SHARED })).text).toContain(
      'Ask me in a DM',
    );
  });

  it('refuses by role without looking anything up', async () => {
    const answer = await startAgent().ask('find Acme', { as: principal('viewer'), place: DM });
    expect(answer.text).toContain('does not include customer records');
    expect(answer.receipts).toEqual([]);
  });

  it('asks which of two customers is meant, and takes the button for the exact one', async () => {
    const agent = startAgent();
    const question = await agent.ask('tell me about Nimbus');
    expect(question.choices.map((choice) => choice.label)).toEqual([NIMBUS_B.name, NIMBUS_A.name]);
    const answer = await agent.ask(question.choices[0]?.say ?? '');
    expect(answer.text).toContain('Nimbus Lab is on the growth plan');
  });

  it('refuses a period that does not exist, by its name', async () => {
    expect((await startAgent().ask('invoices paid in Q5')).text).toContain('There is no "Q5". Try "Q4"');
  });

  it('says that it did not understand and offers the nearest it can do', async () => {
    const unknown = await startAgent().ask('purple monkey dishwasher');
    expect(unknown.text).toContain('rules mode');
    expect(unknown.choices).toHaveLength(3);
  });

  it.each([
    ['hello', 'Ask me about the business'],
    ['thanks a lot', 'You are welcome.'],
    ['tell me a joke', 'I only know the business'],
  ])('answers "%s" politely', async (message, words) => {
    expect((await startAgent().ask(message)).text).toContain(words);
  });

  it('helps each role with what that role can ask', async () => {
    expect((await startAgent().ask('help')).text).toContain("who hasn't paid us?");
    const viewer = await startAgent().ask('help', { as: principal('viewer') });
    expect(viewer.text).not.toContain('paid us');
  });

  it('gives a fault on our side as a sentence and a reference, nothing else', async () => {
    const agent = startAgent();
    agent.world.failing = true;
    const answer = await agent.ask("who hasn't paid us?");
    expect(answer.referenceId).toMatch(/^ref-/);
    expect(answer.text).toContain(answer.referenceId ?? '-');
    expect(answer.text).not.toMatch(/secret|boom|\/var/);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await startAgent().ask('find Acme', { signal: stop.signal })).text).toBe(
      'Stopped. Nothing was changed.',
    );
  });

  it('mends misspelt words and says what it took them for', async () => {
    const answer = await startAgent().ask('shwo opne supprt tikets');
    expect(answer.text).toContain('1 open ticket.');
  });
});

describe('questions as people put them', () => {
  it.each([
    ['globex', 'Globex is on the growth plan'],
    ['is Acme a customer', 'Acme Robotics is on the growth plan'],
    ['has Acme paid?', '2 unpaid invoices of Acme Robotics'],
    ['which customers are late', '3 overdue invoices'],
    ['why did globex payment fail', 'insufficient funds'],
  ])('"%s"', async (message, words) => {
    expect((await startAgent().ask(message)).text).toContain(words);
  });

  it('that could be two things offer each only once', async () => {
    const labels = (await startAgent().ask('average mrr or average arr')).choices.map(
      (choice) => choice.label,
    );
    expect(labels.length).toBeGreaterThan(1);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('a thread in rules mode', () => {
  it('goes on with another customer', async () => {
    const agent = startAgent();
    await agent.ask('list failed payments');
    const answer = await agent.ask('what about Globex?');
    expect(answer.text).toContain('One failed payment: $500.50 of Globex');
  });

  it('goes on with the period before the one asked about', async () => {
    const agent = startAgent();
    await agent.ask('show charges last month');
    const answer = await agent.ask('and the month before');
    expect(answer.understood).toContain('Sep 1 - 30, 2026');
  });

  it('knows what the second of a list was', async () => {
    const agent = startAgent();
    await agent.ask("who hasn't paid us?");
    expect((await agent.ask('the second one')).text).toContain('PSI-0102');
    expect((await agent.ask('#1')).text).toContain('PSI-0102');
  });

  it('does not carry over from another thread', async () => {
    const agent = startAgent();
    await agent.ask("who hasn't paid us?");
    const answer = await agent.ask('the second one', { place: { ...DM, threadTs: '2.2' } });
    expect(answer.text).not.toContain('PSI-0102');
  });
});

describe('a proposal in rules mode', () => {
  const withRefund = () => startAgent({ tools: withGiveBack });

  it('goes to the door for a customer named beyond doubt, and says what waits for whom', async () => {
    const agent = withRefund();
    const events = await agent.events("refund Acme's last payment");
    expect(agent.proposed).toEqual([{ tool: 'give_back', input: { customer: 'cst_acme' } }]);
    expect(events.map((event) => event.type)).toContain('proposal');
    const answer = events.find((event) => event.type === 'answer');
    expect(answer).toMatchObject({
      answer: { text: expect.stringContaining('Needs one approval from finance.') },
    });
  });

  it.each(['refund the last payment', 'refund somebody', 'refund Nimbus', 'give Acme their money back'])(
    'is not made from a guess: "%s"',
    async (message) => {
      const agent = withRefund();
      await agent.ask(message);
      expect(agent.proposed).toEqual([]);
    },
  );

  it('is told again, not made again, when the same message comes twice', async () => {
    const agent = withRefund();
    await agent.events('refund Acme', { turnId: 'same' });
    const again = await agent.events('refund Acme', { turnId: 'same' });
    expect(agent.proposed).toHaveLength(1);
    expect(again[0]).toEqual({ type: 'proposal', approvalId: 'apr_1' });
  });
});
