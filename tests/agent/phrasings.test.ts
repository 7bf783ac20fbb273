import { describe, expect, it } from 'vitest';
import { startAgent } from './world.ts';

type Said = string | readonly string[];

/** What the last message of a thread was taken for: the newest call that left a receipt or a proposal. */
async function lastCall(said: Said) {
  const agent = startAgent();
  const messages = typeof said === 'string' ? [said] : said;
  const rows = () =>
    agent.store.sqlite
      .prepare<[], { tool: string; input: string }>('SELECT tool, input FROM receipts ORDER BY rowid')
      .all();
  let before = 0;
  let text = '';
  for (const message of messages) {
    before = rows().length;
    agent.proposed.length = 0;
    text = (await agent.ask(message)).text;
  }
  const read = rows().slice(before).at(-1);
  return {
    text,
    tool: agent.proposed.at(-1)?.tool ?? read?.tool ?? null,
    input: agent.proposed.at(-1)?.input ?? (read ? JSON.parse(read.input) : null),
    proposed: agent.proposed.length,
  };
}

const month = (from: string, to: string) => `${from}T04:00:00.000Z/${to}T04:00:00.000Z`;
const OCTOBER = month('2026-10-01', '2026-11-01');
const SEPTEMBER = month('2026-09-01', '2026-10-01');
const ACME = 'cst_acme';
const GLOBEX = 'cst_globex';

describe('what people type is read as the question they mean', () => {
  it.each<[Said, string, Record<string, unknown>]>([
    ["what's our churn this month", 'query_metric', { metric: 'churned_customers' }],
    ['churn rate in october?', 'query_metric', { metric: 'customer_churn_rate', period: OCTOBER }],
    ['where are we on mrr', 'query_metric', { metric: 'mrr' }],
    ['give me MRR pls', 'query_metric', { metric: 'mrr' }],
    ['annual run rate', 'query_metric', { metric: 'arr' }],
    [
      'did revenue go up last month?',
      'query_metric',
      { metric: 'revenue_gross', period: OCTOBER, compare: 'previous' },
    ],
    [
      'how did october compare to september in revenue',
      'query_metric',
      { metric: 'revenue_gross', period: OCTOBER, compare: SEPTEMBER },
    ],
    ['how much money came in last month', 'query_metric', { metric: 'revenue_gross', period: OCTOBER }],
    ['who are our biggest customers', 'query_metric', { metric: 'mrr', by: 'customer' }],
    ['top 3 customers', 'query_metric', { metric: 'mrr', by: 'customer', top: 3 }],
    ['which customers use the API most this month', 'query_metric', { metric: 'api_calls', by: 'customer' }],
    ['how many calls did Acme make yesterday', 'query_metric', { metric: 'api_calls', customer: ACME }],
    ["Acme's api usage last month", 'query_metric', { metric: 'api_calls', customer: ACME, period: OCTOBER }],
    ['how much does Acme pay us a month', 'query_metric', { metric: 'mrr', customer: ACME }],
    ['what is Globex worth to us in MRR', 'query_metric', { metric: 'mrr', customer: GLOBEX }],
    ['how many new customers did we get in september', 'query_metric', { period: SEPTEMBER }],
    ['how much is outstanding?', 'query_metric', { metric: 'receivables_open' }],
    ['how many tickets are open right now', 'query_metric', { metric: 'tickets_open' }],
    ['how many payments failed last month', 'query_metric', { metric: 'failed_payments', period: OCTOBER }],
    ['how much did we refund last month', 'query_metric', { metric: 'refunds', period: OCTOBER }],
    ['anything overdue from Acme', 'list_invoices', { customer: ACME, state: 'overdue' }],
    ['is anything overdue from Acme?', 'list_invoices', { customer: ACME, state: 'overdue' }],
    ['does Acme owe us anything?', 'list_invoices', { customer: ACME, state: 'open' }],
    ['what does Acme owe us', 'list_invoices', { customer: ACME, state: 'open' }],
    ['has Globex any unpaid invoices?', 'list_invoices', { customer: GLOBEX, state: 'open' }],
    ['open invoices over 30 days', 'list_invoices', {}],
    ['Globex invoices over $100', 'list_invoices', { customer: GLOBEX, amount: { op: 'gt', value: 100 } }],
    ['payments above $1000', 'list_payments', { amount: { op: 'gt', value: 1000 } }],
    ['which invoices are past due', 'list_invoices', { state: 'overdue' }],
    ['did Acme pay?', 'list_invoices', { customer: ACME, state: 'open' }],
    ['did Acme pay us yet', 'list_invoices', { customer: ACME, state: 'open' }],
    ['has Acme paid?', 'list_invoices', { customer: ACME, state: 'open' }],
    ['when did Acme last pay', 'list_payments', { customer: ACME, status: 'succeeded', limit: 1 }],
    [
      'when was the last time Acme paid us?',
      'list_payments',
      { customer: ACME, status: 'succeeded', limit: 1 },
    ],
    ["why did Globex's payment fail", 'list_payments', { customer: GLOBEX, status: 'failed' }],
    ['payments from Acme in october', 'list_payments', { customer: ACME, period: OCTOBER }],
    ['tickets from Globex', 'list_tickets', { customer: GLOBEX }],
    ['has Globex complained?', 'list_tickets', { customer: GLOBEX }],
    ['what did Globex write to support', 'list_tickets', { customer: GLOBEX }],
    ['any urgent tickets?', 'list_tickets', {}],
    ['what happened with the refund for Acme', 'get_audit', { customer: ACME }],
    ['did the Acme refund go through?', 'get_audit', { customer: ACME }],
    ["what's the status of Acme's refund", 'get_audit', { customer: ACME }],
    ['who signed off the Acme refund', 'get_audit', { customer: ACME }],
    ['anything waiting on me?', 'list_approvals', { for_me: true }],
    [
      'which customers left us in october',
      'query_metric',
      { metric: 'churned_customers', period: OCTOBER, by: 'customer' },
    ],
    ['customers in Germany', 'query_metric', { metric: 'active_customers', filter: { country: 'DE' } }],
    ['our biggest UK accounts', 'query_metric', { metric: 'mrr', by: 'customer', filter: { country: 'GB' } }],
    ['mrrr?', 'query_metric', { metric: 'mrr' }],
    ['are we growing?', 'query_metric', { metric: 'mrr', compare: 'previous' }],
    ['is the api up?', 'query_metric', { metric: 'uptime' }],
    ['is Acme using us less this month', 'query_metric', { metric: 'api_calls', customer: ACME }],
    ['how much does Acme owe', 'list_invoices', { customer: ACME, state: 'open' }],
    ['what did you do today', 'get_audit', {}],
    ['what needs my attention', 'list_approvals', { for_me: true }],
    ['who is Acme', 'get_customer', { customer: ACME }],
    ['Acme?', 'get_customer', { customer: ACME }],
    ["what's going on with Acme", 'get_customer', { customer: ACME }],
    ['which plan does Acme have', 'get_customer', { customer: ACME }],
    ['is Globex still a customer', 'get_customer', { customer: GLOBEX }],
  ])('%s', async (said, tool, args) => {
    const call = await lastCall(said);
    expect({ tool: call.tool, input: call.input, text: call.text }).toMatchObject({ tool, input: args });
    expect(call.proposed).toBe(0);
  });
});

describe('a thread goes on where it was', () => {
  it.each<[string, Said, string, Record<string, unknown>]>([
    [
      'another month',
      ['revenue last month', 'what about September?'],
      'query_metric',
      { metric: 'revenue_gross', period: SEPTEMBER },
    ],
    [
      'another month, barely',
      ['revenue last month', 'september?'],
      'query_metric',
      { metric: 'revenue_gross', period: SEPTEMBER },
    ],
    [
      'another metric, same month',
      ['revenue in september', 'and net?'],
      'query_metric',
      { metric: 'revenue_net', period: SEPTEMBER },
    ],
    [
      'another metric by name',
      ['revenue in september', 'and refunds?'],
      'query_metric',
      { metric: 'refunds', period: SEPTEMBER },
    ],
    [
      'for one customer',
      ["what's our mrr", 'and for Acme?'],
      'query_metric',
      { metric: 'mrr', customer: ACME },
    ],
    [
      'for another customer',
      ['mrr for Acme', 'and Globex?'],
      'query_metric',
      { metric: 'mrr', customer: GLOBEX },
    ],
    [
      'against last year',
      ['revenue last month', 'vs last year'],
      'query_metric',
      {
        metric: 'revenue_gross',
        period: OCTOBER,
        compare: '2025-10-01T04:00:00.000Z/2025-11-01T04:00:00.000Z',
      },
    ],
    [
      'against the month before',
      ['revenue last month', 'compared to the month before?'],
      'query_metric',
      { metric: 'revenue_gross', period: OCTOBER, compare: SEPTEMBER },
    ],
    ['by plan', ["how's MRR?", 'split by plan'], 'query_metric', { metric: 'mrr', by: 'plan' }],
    ['the second invoice', ["who hasn't paid us?", 'the second one'], 'get_invoice', { invoice: 'in_102' }],
    [
      'the last invoice',
      ["who hasn't paid us?", 'show me the last one'],
      'get_invoice',
      { invoice: 'in_103' },
    ],
    ['invoices of one', ["who hasn't paid us?", 'only Globex'], 'list_invoices', { customer: GLOBEX }],
    [
      'invoices of another',
      ["show Acme's invoices", 'and for Globex?'],
      'list_invoices',
      { customer: GLOBEX },
    ],
    ['tickets of another', ['tickets from Acme', 'what about Globex?'], 'list_tickets', { customer: GLOBEX }],
    [
      'from a customer to their invoices',
      ['tell me about Acme', 'what do they owe?'],
      'list_invoices',
      { customer: ACME },
    ],
    [
      'from a customer to their payments',
      ['tell me about Acme', 'when did they last pay?'],
      'list_payments',
      { customer: ACME },
    ],
    [
      'from a customer to their tickets',
      ['tell me about Globex', 'any tickets from them?'],
      'list_tickets',
      { customer: GLOBEX },
    ],
  ])('%s', async (_, said, tool, args) => {
    const call = await lastCall(said);
    expect({ tool: call.tool, input: call.input, text: call.text }).toMatchObject({ tool, input: args });
  });
});

describe('no question and no negation becomes a proposal', () => {
  it.each([
    'did we refund Acme?',
    'should we refund Acme?',
    "don't refund Acme",
    'do not remind Globex',
    'was Acme refunded',
    'when was Acme refunded',
    'why did we refund Acme',
    'can I refund Acme?',
    'who refunded Acme',
    'refund for Acme?',
    'has Globex been reminded?',
    'did somebody remind Globex about the invoice?',
    'never refund Globex',
    'what if we refund Acme',
    'Acme says refund us',
    'no refund for Acme please',
    'what would a refund of Acme cost us',
    'how do I refund a payment',
    'is a refund for Acme pending',
    "I wouldn't refund Acme",
    'please avoid refunding Acme',
    "let's hold off refunding Acme",
    'rather than refund Acme, what do they owe',
    'which customers should we remind',
    'explain how to remind Globex',
  ])('%s', async (said) => {
    expect((await lastCall(said)).proposed).toBe(0);
  });

  it.each([
    'can you refund Acme please?',
    'Acme was charged twice, please refund them',
    'give Acme their money back',
    'please chase Globex for payment',
    'nudge Globex about the overdue invoice',
  ])('while "%s" is an order', async (said) => {
    expect((await lastCall(said)).proposed).toBe(1);
  });
});

describe('what a question narrows to is never quietly left out', () => {
  it.each([
    'average revenue on tuesdays',
    'arr at year end',
    'invoices due this week',
    'invoices over $1000 due this week',
    'payments above $1000 older than 3 days',
    'tickets about billing',
  ])('"%s" is offered as what can be answered', async (said) => {
    const call = await lastCall(said);
    expect(call.tool).toBeNull();
    expect(call.text).toMatch(
      /Did you mean this|more than one way|I do not know the future|did not understand/,
    );
  });
});

describe('a yes or a no in words', () => {
  it.each([
    'yes, approve it',
    'approved',
    'go ahead',
    'reject it',
    'cancel the refund for Acme',
    'undo the refund',
    'approve the refund for Acme',
  ])('"%s" decides nothing, and says what does', async (said) => {
    const call = await lastCall(["refund Acme's last payment", said]);
    expect(call.proposed).toBe(0);
    expect(call.text).toContain('the buttons on the card do');
  });

  it('takes up the one thing that was offered', async () => {
    const call = await lastCall(['list refunds', 'yes']);
    expect(call).toMatchObject({ tool: 'query_metric', input: { metric: 'refunds' } });
  });

  it('never takes up an action that way', async () => {
    const call = await lastCall(["refund 20% of Acme's last payment", 'yes']);
    expect(call.proposed).toBe(0);
  });

  it('leaves a question about approvals alone', async () => {
    expect((await lastCall('show approved requests')).tool).toBe('list_approvals');
  });
});

describe('words for help', () => {
  it.each([
    'help',
    'help me',
    'what can you do?',
    'what can I ask you',
    'how does this work',
    '?',
    'commands',
    'menu',
    'what do you know',
  ])('"%s" brings the list', async (said) => {
    expect((await lastCall(said)).text).toContain('You can ask me things like');
  });
});
