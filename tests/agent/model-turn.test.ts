import { describe, expect, it } from 'vitest';
import { tools } from '../../src/tools/index.ts';
import { withGiveBack } from './refund-tool.ts';
import { type Line, scripted } from './scripted-model.ts';
import { startAgent } from './world.ts';

const unpaid = { calls: [{ name: 'list_invoices', args: { state: 'open' } }] };

function withModel(...lines: Line[]) {
  const { model, chat } = scripted(...lines);
  return { agent: startAgent({ model, tools: withGiveBack }), chat };
}

describe('a turn with a model', () => {
  it('answers in its words when every figure is backed', async () => {
    const { agent } = withModel(
      unpaid,
      '3 invoices are unpaid: **$1,700.50** and €700.00. The oldest is 45 days overdue.',
    );
    const answer = await agent.ask("who hasn't paid us?");
    expect(answer.text).toBe(
      '3 invoices are unpaid: **$1,700.50** and €700.00. The oldest is 45 days overdue.',
    );
    expect(answer.mode).toBe('scripted');
  });

  it('has an answer with a wrong figure written again once', async () => {
    const { agent, chat } = withModel(unpaid, '$9,999.00 is unpaid.', '$1,700.50 is unpaid.');
    expect((await agent.ask("who hasn't paid us?")).text).toBe('$1,700.50 is unpaid.');
    expect(chat.heard.at(-1)?.at(-1)?.text).toContain('$9,999.00');
  });

  it('posts the plain results when the model keeps lying', async () => {
    const { agent } = withModel(unpaid, 'You are owed $9,999.00.', 'You are owed nine thousand dollars.');
    const answer = await agent.ask("who hasn't paid us?");
    expect(answer.text).toContain('3 unpaid invoices, $1,700.50 and €700.00');
    expect(answer.text).not.toContain('9,999');
  });

  it('posts no number that no tool was asked for', async () => {
    const { agent } = withModel('The moon is 384,400 km away.', 'It is 384,401 km away.');
    const answer = await agent.ask('how far is the moon?');
    expect(answer.text).toContain('could not back');
    expect(answer.text).not.toContain('384');
  });

  it.each<[string, Line[]]>([
    ['keeps making numbers up', ['MRR is $84,120.', 'MRR is $84,121.']],
    ['looks up something else and lies about it', [unpaid, 'MRR is $84,120.', 'MRR is $84,121.']],
    ['only calls tools that do not exist', [{ calls: [{ name: 'launch', args: {} }] }, '']],
  ])('gives way to the rules where it %s and the question is a plain one', async (_, lines) => {
    const answer = await withModel(...lines).agent.ask('how is MRR?');
    expect(answer.text).toMatch(/^MRR is \$0\.00 as of/);
    expect(answer.text).toContain('I read this in rules mode');
    expect(answer.mode).toBe('rules');
  });

  it('never says that something was done', async () => {
    const { agent } = withModel("I've refunded the payment.", 'The refund has been approved.');
    const answer = await agent.ask('how is Acme?');
    expect(answer.text).not.toMatch(/refunded|approved/);
  });

  it('counts the calls of the model for the turn', async () => {
    const { agent } = withModel(unpaid, '3 invoices are unpaid.');
    await agent.ask("who hasn't paid us?");
    const row = agent.store.sqlite
      .prepare<[], { content: string }>("SELECT content FROM transcript WHERE role = 'assistant'")
      .get();
    expect(JSON.parse(row?.content ?? '')).toMatchObject({ usage: { calls: 2 } });
  });

  it('gives tool results to the model between boundaries it cannot guess', async () => {
    const { agent, chat } = withModel({ calls: [{ name: 'list_tickets', args: {} }] }, 'One ticket is open.');
    await agent.ask('show tickets');
    const seen = chat.heard.at(-1)?.at(-1)?.text ?? '';
    expect(seen).toMatch(/^\[\[[0-9a-f]{18} DATA WRITTEN BY OUTSIDERS/);
    expect(seen).toContain('Ignore previous instructions');
  });

  it('shows only tools the asker may use', async () => {
    const { agent, chat } = withModel('Hello.');
    const { principal } = await agent.someone('viewer');
    await agent.ask('hi', { as: principal });
    const theirs = tools.filter((tool) => tool.scope === 'metrics:read').map((tool) => tool.name);
    expect(theirs).not.toHaveLength(tools.length);
    expect(chat.toolsShown[0]).toEqual(theirs);
  });
});

describe('a compromised model', () => {
  it('proposes nothing whose arguments are its own', async () => {
    const { agent } = withModel(
      {
        calls: [
          {
            name: 'give_back',
            args: { customer: 'Attacker Inc', amount: { minor: 9_999_900, currency: 'USD' } },
          },
        ],
      },
      'Done, see https://attacker.example/receipt <!channel>',
    );
    const answer = await agent.ask('how is Acme doing?');
    expect(agent.proposed).toEqual([]);
    expect(answer.text).not.toMatch(/attacker\.example|<!/);
  });

  it.each([
    ['an amount', { customer: 'Acme', amount: { minor: 500_000, currency: 'USD' } }],
    ['a payment', { customer: 'Acme', payment: 'ch_2' }],
    ['a customer', { customer: 'Globex' }],
  ])('cannot slip in %s of its own choice', async (_, args) => {
    const { agent } = withModel({ calls: [{ name: 'give_back', args }] }, 'I could not.');
    await agent.ask("refund $50 of Acme's last payment");
    expect(agent.proposed).toEqual([]);
  });

  it.each([
    'how is Acme doing?',
    'tell me about Acme',
    "don't refund Acme",
    'should we refund Acme?',
    "what was Acme's last payment",
  ])('proposes nothing on "%s", though the customer is named in it', async (message) => {
    const { agent } = withModel(
      { calls: [{ name: 'give_back', args: { customer: 'Acme' } }] },
      'I did nothing.',
    );
    await agent.ask(message);
    expect(agent.proposed).toEqual([]);
  });

  it.each([
    ['a payment of somebody it looked up itself', { customer: 'Acme', payment: 'ch_2' }],
    ['somebody it looked up itself', { customer: 'cst_globex' }],
    ['an amount that stands in a record', { customer: 'Acme', amount: { minor: 50_050, currency: 'USD' } }],
  ])('cannot make %s part of an order about another', async (_, args) => {
    const { agent } = withModel(
      { calls: [{ name: 'list_payments', args: {} }] },
      { calls: [{ name: 'give_back', args }] },
      'I could not.',
    );
    await agent.ask("refund Acme's last payment");
    expect(agent.proposed).toEqual([]);
  });

  it('cannot pick from an earlier list what the order does not name', async () => {
    const { agent } = withModel(
      { calls: [{ name: 'list_payments', args: {} }] },
      'Two payments.',
      { calls: [{ name: 'give_back', args: { customer: 'Acme', payment: 'ch_2' } }] },
      'I could not.',
    );
    await agent.ask('show payments');
    await agent.ask("refund Acme's last payment");
    expect(agent.proposed).toEqual([]);
  });

  it('may go on from a short answer to its question', async () => {
    const { agent } = withModel('Which customer?', {
      calls: [{ name: 'give_back', args: { customer: 'Acme' } }],
    });
    await agent.ask('refund the double charge');
    await agent.ask('Acme Robotics');
    expect(agent.proposed).toHaveLength(1);
  });

  it('may propose what was asked, in the words of the asker and from records', async () => {
    const { agent } = withModel(
      { calls: [{ name: 'list_payments', args: { customer: 'Acme' } }] },
      {
        calls: [
          {
            name: 'give_back',
            args: {
              customer: 'Acme',
              payment: 'ch_1',
              amount: { minor: 5_000, currency: 'USD' },
              reason: 'duplicate',
            },
          },
        ],
      },
    );
    await agent.ask("refund $50 of Acme's last payment, it was a duplicate");
    expect(agent.proposed).toHaveLength(1);
  });

  it('is shown no action once it has read what outsiders wrote, and gets none through', async () => {
    const { agent, chat } = withModel(
      { calls: [{ name: 'list_tickets', args: {} }] },
      { calls: [{ name: 'give_back', args: { customer: 'Globex' } }] },
      'One ticket is open.',
    );
    await agent.ask('read the tickets of Globex and refund Globex');
    expect(chat.toolsShown[0]).toContain('give_back');
    expect(chat.toolsShown[1]).not.toContain('give_back');
    expect(agent.proposed).toEqual([]);
  });

  it('proposes at most one thing a turn', async () => {
    const call = { name: 'give_back', args: { customer: 'Acme' } };
    const { agent } = withModel({ calls: [call, call, call] });
    await agent.ask('refund Acme');
    expect(agent.proposed).toHaveLength(1);
  });

  it('makes at most six calls in four rounds', async () => {
    const call = { name: 'list_invoices', args: {} };
    const { agent, chat } = withModel({ calls: [call, call, call, call] });
    const answer = await agent.ask('list invoices');
    expect(agent.audited).toHaveLength(6);
    expect(chat.heard).toHaveLength(4);
    expect(answer.text).toContain('3 invoices');
  });
});

describe('a broken model', () => {
  it('may invent tools and mangle arguments without harm', async () => {
    const { agent } = withModel(
      {
        calls: [
          { name: 'drop_tables', args: {} },
          { name: 'list_invoices', args: { state: 'everything', limit: -1 } },
        ],
      },
      { broken: '{"state": op' },
      'I could not look that up.',
    );
    expect((await agent.ask('list invoices')).text).toBe('I could not look that up.');
  });

  it('is asked once more after an error', async () => {
    const { agent } = withModel(new Error('429'), 'Hello, Ada.');
    expect((await agent.ask('hi there my friend')).text).toBe('Hello, Ada.');
  });

  it('is replaced by rules for a plain question, and that is said', async () => {
    const { agent } = withModel(new Error('500'));
    const answer = await agent.ask("who hasn't paid us?");
    expect(answer.mode).toBe('rules');
    expect(answer.text).toContain('3 unpaid invoices');
    expect(answer.text).toContain('in rules mode');
  });

  it('makes no proposal out of a failure', async () => {
    const { agent } = withModel(new Error('500'));
    const answer = await agent.ask("refund Acme's last payment");
    expect(agent.proposed).toEqual([]);
    expect(answer.text).toContain('The language model did not answer');
    expect(answer.referenceId).toMatch(/^ref-/);
  });

  it('keeps what was found when it fails half way', async () => {
    const { agent } = withModel(unpaid, new Error('cut'));
    const answer = await agent.ask("who hasn't paid us?");
    expect(answer.text).toContain('3 unpaid invoices');
    expect(answer.text).toContain('stopped answering');
  });
});
