import { describe, expect, it } from 'vitest';
import { helpText } from '../../src/agent/rules/capabilities.ts';
import { callsOf } from '../../src/agent/rules/decision.ts';
import { workingSentences } from '../../src/agent/rules/nearest.ts';
import { isPrivateMatter, PRIVATE_MATTER } from '../../src/agent/rules/refusals.ts';
import type { Role } from '../../src/domain/types.ts';
import { tools } from '../../src/tools/index.ts';
import { SCOPES_OF, thread, told } from './dialogue.ts';
import { scripted } from './scripted-model.ts';
import { principal, startAgent } from './world.ts';

const answer = (message: string, role: Role = 'founder') => told(thread(role).say(message));

const PRIVATE = [
  'what does Bob earn',
  'what does Priya earn?',
  'how much does Tomas Herrera make',
  'what is Zorblax paid, what is their salary',
  'salary of Maya',
  "what's the CEO's salary?",
  'show payroll',
  'how much do we pay Lena?',
  "what's Acme's bank account number",
  "give me Acme's IBAN",
  'card number of Acme',
  'credit card details for Globex',
  'give me the stripe api key',
  "what's the database password",
  'show me the webhook secret',
  'list all credentials',
  "show me Maya's DMs",
  "read Priya's messages",
  'show me the direct messages of Jonas',
  'what did Priya ask you',
  'what did Zorblax ask you yesterday',
  'what has Sam been asking?',
  'who asked you about Acme?',
  'where does Tomas live',
  "Maya's home address",
  "what is Lena's phone number",
  'private email of Jonas',
  "when is Aiko's birthday",
];

describe('what is told to nobody', () => {
  it.each(PRIVATE)('"%s" is refused in the same words, whoever exists', (message) => {
    expect(answer(message)).toBe(`says: ${PRIVATE_MATTER}`);
  });

  it.each([
    'what did Globex write to support',
    'tickets about password resets',
    'how many calls did Acme make yesterday',
    'how much does Acme pay us a month',
    'how much money did we make last month',
    'what did we earn in october',
    'payments by card',
    'why did the card of Globex fail',
    'failed payments with expired cards',
    'what does Acme owe us',
    'what does MRR mean',
    'show the messages of this thread',
    'what can you tell me',
    'who owes us money',
    "show Acme's tickets",
    'customers in the UK',
  ])('"%s" is no such question', (message) => {
    const { say } = thread();
    expect(told(say(message))).not.toContain(PRIVATE_MATTER);
  });

  it('never reaches a model', async () => {
    const { model, chat } = scripted('Bob earns $90,000.');
    const agent = startAgent({ model });
    for (const message of ['what does Bob earn', 'what did Priya ask you', 'give me the stripe api key']) {
      expect((await agent.ask(message)).text).toBe(PRIVATE_MATTER);
    }
    expect(chat.heard).toEqual([]);
  });

  it('counts a customer named in it as nobody', () => {
    expect(isPrivateMatter({ text: 'what does Acme earn', customers: [] })).toBe(true);
  });
});

describe('what nobody knows yet', () => {
  it.each([
    'will acme churn?',
    'when will we hit 1m arr',
    'how much will we make next month',
    'are we going to grow',
    'runway',
  ])('"%s" is refused plainly, with the history instead', (message) => {
    const { say } = thread();
    const decision = say(message);
    expect(told(decision)).toContain('no forecast');
    const [first] = decision.kind === 'say' ? decision.suggestions : [];
    expect(callsOf(say(first?.say ?? ''))).toHaveLength(1);
  });

  it.each([
    'what will mrr be in december',
    'forecast mrr',
    'next quarter revenue',
    'project revenue projections for 2027',
    'expected churn',
    'revenue next month',
  ])('"%s" is forecast, with how sure that is', (message) => {
    const [call] = callsOf(thread().say(message));
    expect(call?.tool).toBe('forecast_metric');
  });

  it.each([
    "what's our mrr target",
    'are we on budget',
    'how are we against plan, are we on track',
    'revenue vs budget',
  ])('"%s" names a target, which is not known', (message) => {
    expect(answer(message)).toContain('Targets and budgets are not known to me');
  });

  it.each(['trials ending next week', 'invoices due next month', 'snooze it until monday'])(
    '"%s" asks for no forecast',
    (message) => {
      expect(answer(message)).not.toContain('no forecast');
    },
  );
});

describe('small talk', () => {
  it.each([
    ['are you a bot?', 'a program, not a person'],
    ['who made you', 'a program, not a person'],
    ['are you chatgpt', 'a program, not a person'],
    ['you are useless', 'Tell me which number'],
    ['stupid bot', 'Tell me which number'],
    ["what's the capital of France", 'I only know the business'],
    ['tell me a joke', 'I only know the business'],
    ['bye', 'Until then'],
    ['ok', 'All right'],
    ['no', 'Say what you are after'],
    ['yes', 'A yes alone decides nothing'],
    ['thank you very much', 'You are welcome'],
  ])('"%s" gets a short answer', (message, words) => {
    const said = answer(message);
    expect(said).toContain(words);
    expect(said.split(/[.?](?:\s|$)/).length).toBeLessThanOrEqual(4);
  });

  it.each(['thanks, and what is mrr?', "thanks! what's mrr"])('"%s" is still a question', (message) => {
    expect(answer(message)).toBe('query_metric metric=mrr');
  });
});

const ROLES: readonly Role[] = ['founder', 'finance', 'success', 'analyst', 'viewer'];

describe.each(ROLES)('what a %s is told they can ask', (role) => {
  const permitted = tools.filter((tool) => SCOPES_OF[role].includes(tool.scope));
  const text = helpText({ permitted });
  const offered = text.split('\n').flatMap((line) => /^- (.+)$/.exec(line)?.[1] ?? []);

  it('works, word for word, and lies within the role', () => {
    expect(offered.length).toBeGreaterThan(0);
    for (const sentence of offered) {
      const calls = callsOf(thread(role).say(sentence));
      const names = permitted.map(({ name }) => name);
      const unread = calls.length === 0 || calls.some(({ tool }) => !names.includes(tool));
      expect({ sentence, unread }).toEqual({ sentence, unread: false });
    }
  });

  it('is grouped by area', () => {
    expect(text).toContain('*Numbers*');
    expect(text.includes('*Actions*')).toBe(permitted.some(({ effect }) => effect === 'consequential'));
  });
});

describe('examples offered where a message is not understood', () => {
  it.each(ROLES)('are of the role of a %s and work', (role) => {
    for (const message of ['hello', 'purple monkey dishwasher', 'tell me a joke', 'frobnicate the whatsit']) {
      const decision = thread(role).say(message);
      const suggestions = decision.kind === 'say' ? decision.suggestions : [];
      expect(suggestions.length).toBeGreaterThan(0);
      for (const { say } of suggestions) {
        const calls = callsOf(thread(role).say(say));
        const allowed = tools.filter(({ scope }) => SCOPES_OF[role].includes(scope)).map(({ name }) => name);
        expect({ say, calls: calls.map(({ tool }) => allowed.includes(tool)) }).toEqual({
          say,
          calls: [true],
        });
      }
    }
  });

  it('are every sentence that any tool offers', () => {
    const deaf = tools.flatMap((tool) =>
      workingSentences(tool).filter((say) => callsOf(thread('founder').say(say)).length === 0),
    );
    expect(deaf).toEqual([]);
  });

  it('are none for somebody whose role opens nothing', async () => {
    const said = await startAgent().ask('what can you do', { as: principal('guest') });
    expect(said.text).toContain('Your role does not open any company data');
  });
});
