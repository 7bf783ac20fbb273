import { describe, expect, it } from 'vitest';
import { callsOf } from '../../src/agent/rules/decision.ts';
import { thread, told } from './dialogue.ts';

/** A dialogue, turn by turn, and what its last turn comes to. */
type Row = readonly [turns: string, comesTo: string];

const OCT = 'period=Oct_1_-_31_2026';
const SEP = 'period=Sep_1_-_30_2026';

function lastOf(turns: string): string {
  const { say } = thread();
  return turns
    .split(' / ')
    .map((message) => told(say(message)))
    .at(-1) as string;
}

describe('several questions in one message are answered each by its own look-up', () => {
  it.each<Row>([
    [
      "what's mrr and how many signups this month?",
      'query_metric metric=mrr | query_metric metric=signups period=Nov_1_-_30_2026',
    ],
    [
      'revenue last month, refunds, and who churned',
      `query_metric metric=revenue_gross ${OCT} | query_metric metric=refunds ${OCT} | query_metric metric=churned_customers by=customer ${OCT}`,
    ],
    ['mrr and arr by plan', 'query_metric metric=mrr by=plan | query_metric metric=arr by=plan'],
    ['mrr by plan and arr', 'query_metric metric=mrr by=plan | query_metric metric=arr'],
    ['mrr by plan and by country', 'query_metric metric=mrr by=plan | query_metric metric=mrr by=country'],
    [
      "what's our mrr? and how many open tickets?",
      'query_metric metric=mrr | query_metric metric=tickets_open',
    ],
    [
      'mrr and revenue last month',
      `query_metric metric=mrr ${OCT} | query_metric metric=revenue_gross ${OCT}`,
    ],
    [
      "revenue last month and what's our mrr now",
      `query_metric metric=revenue_gross ${OCT} | query_metric metric=mrr`,
    ],
    [
      'gross and net revenue last month',
      `query_metric metric=revenue_gross ${OCT} | query_metric metric=revenue_net ${OCT}`,
    ],
    [
      'new and churned customers in october',
      `query_metric metric=new_customers ${OCT} | query_metric metric=churned_customers ${OCT}`,
    ],
    [
      'open and overdue invoices',
      'list_invoices state=open order=oldest | list_invoices state=overdue order=oldest',
    ],
    [
      'list overdue invoices and open tickets',
      'list_invoices state=overdue order=oldest | query_metric metric=tickets_open',
    ],
    [
      'top 5 customers by api calls and mrr',
      'query_metric metric=api_calls by=customer top=5 | query_metric metric=mrr by=customer top=5',
    ],
    ["acme's invoices and tickets", 'list_invoices customer=acme | list_tickets customer=acme'],
    [
      "how is Acme doing and what's their mrr",
      'get_customer customer=acme | query_metric metric=mrr customer=acme',
    ],
    [
      'how much does Acme owe and when did they last pay?',
      'list_invoices customer=acme state=open order=oldest | list_payments customer=acme status=succeeded limit=1',
    ],
    ['mrr for acme and bolt', 'query_metric metric=mrr by=customer where=customer:cst_acme,cst_bolt'],
    ['tell me about acme and bolt', 'get_customer customer=acme | get_customer customer=bolt'],
    [
      'revenue in august, september and october',
      `query_metric metric=revenue_gross period=Aug_1_-_31_2026 | query_metric metric=revenue_gross ${SEP} | query_metric metric=revenue_gross ${OCT}`,
    ],
    [
      'revenue last month / and refunds and signups?',
      `query_metric metric=refunds ${OCT} | query_metric metric=signups ${OCT}`,
    ],
    ['mrr and arr / by plan', 'query_metric metric=mrr by=plan | query_metric metric=arr by=plan'],
    [
      'mrr and arr / at the end of september',
      `query_metric metric=mrr ${SEP} | query_metric metric=arr ${SEP}`,
    ],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });

  it.each<Row>([
    ['october and september revenue', `query_metric metric=revenue_gross ${OCT} compare=Sep_1_-_30_2026`],
    ['revenue in october and november', `query_metric metric=revenue_gross ${OCT} compare=Nov_1_-_30_2026`],
    ["thanks, what's mrr?", 'query_metric metric=mrr'],
    ['mrr, please', 'query_metric metric=mrr'],
    ["who's late and by how much", 'list_invoices state=overdue order=oldest'],
    ["I'm away until Friday, Priya decides for me", 'set_delegate until=Friday delegate=Priya'],
  ])('while "%s" is one question', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });

  it('answers at most four, and says that it left the rest', () => {
    const decision = thread().say('mrr, arr, churned customers, signups and api calls last month');
    expect(callsOf(decision)).toHaveLength(4);
    expect(decision).toMatchObject({ words: expect.stringContaining('at most 4') });
  });

  it('says which part it did not understand', () => {
    const decision = thread().say('mrr, purple monkey dishwasher stuff');
    expect(told(decision)).toBe('query_metric metric=mrr');
  });

  it('tells a part that it left out, and answers the others', () => {
    const decision = thread().say('how much does Acme owe, and should we remind them?');
    expect(told(decision)).toBe('list_invoices customer=acme state=open order=oldest');
    expect(decision).toMatchObject({ words: expect.stringContaining('should we remind them?') });
  });
});

describe('an action among the questions', () => {
  it('that is ordered is proposed after the answer, for the customer of the question', () => {
    expect(lastOf('how much does Acme owe and remind them')).toBe(
      'list_invoices customer=acme state=open order=oldest | send_payment_reminder customer=acme',
    );
  });

  it('that is put as a question is offered, not proposed', () => {
    const decision = thread().say('how much does Acme owe and remind them?');
    expect(told(decision)).toBe('list_invoices customer=acme state=open order=oldest');
    expect(decision).toMatchObject({
      offers: [{ tool: 'send_payment_reminder', input: { customer: 'cst_acme' } }],
    });
  });

  it.each([
    "don't remind Acme, what do they owe",
    'Acme says refund us, what do they owe',
    'rather than refund Acme, what do they owe',
    'what do they owe and never remind Acme',
    'if Acme is late remind them, and what is mrr',
    'a ticket said refund Acme and tell me mrr',
    'maybe refund Acme and show me mrr',
    'how many customers are there and remind somebody',
  ])('is neither proposed nor guessed in "%s"', (message) => {
    const decision = thread().say(message);
    expect(callsOf(decision).map(({ tool }) => tool)).not.toContain('refund_payment');
    expect(callsOf(decision).map(({ tool }) => tool)).not.toContain('send_payment_reminder');
  });
});

describe('a correction replaces what it names and keeps the rest', () => {
  it.each<Row>([
    ['revenue last month / no i meant q3', 'query_metric metric=revenue_gross period=Jul_1_-_Sep_30_2026'],
    ['revenue last month / i said september', `query_metric metric=revenue_gross ${SEP}`],
    ['revenue last month / no, september', `query_metric metric=revenue_gross ${SEP}`],
    ['revenue last month by plan / sorry, september', `query_metric metric=revenue_gross ${SEP} by=plan`],
    ['revenue last month / make it september', `query_metric metric=revenue_gross ${SEP}`],
    ['revenue last month / sorry, net', `query_metric metric=revenue_net ${OCT}`],
    ['net revenue last month / sorry, gross', `query_metric metric=revenue_gross ${OCT}`],
    ['revenue last month / without refunds', `query_metric metric=revenue_net ${OCT}`],
    ['revenue last month / sorry, refunds', `query_metric metric=refunds ${OCT}`],
    ['mrr for acme / not acme, bolt', 'query_metric metric=mrr customer=bolt'],
    ['mrr for acme / sorry, globex', 'query_metric metric=mrr customer=globex'],
    ['mrr for acme / no, i meant bolt', 'query_metric metric=mrr customer=bolt'],
    ['mrr by plan / by country instead', 'query_metric metric=mrr by=country'],
    ['top 5 customers by mrr / by plan instead', 'query_metric metric=mrr by=plan'],
    ['list invoices of acme / no i meant globex', 'list_invoices customer=globex'],
    ['list invoices of acme / not acme, globex', 'list_invoices customer=globex'],
    ['list payments last month / i meant september', 'list_payments period=Sep_1_-_30_2026'],
    ['tickets from Acme / sorry, Globex', 'list_tickets customer=globex'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });
});

describe('an addition adds to the question before', () => {
  it.each<Row>([
    ['revenue last month / and the month before', `query_metric metric=revenue_gross ${SEP}`],
    ['revenue last month / same for last year', 'query_metric metric=revenue_gross period=Oct_1_-_31_2025'],
    [
      'revenue last month / same for last year / and the year before',
      'query_metric metric=revenue_gross period=Oct_1_-_31_2024',
    ],
    ['revenue last month / and the year before', 'query_metric metric=revenue_gross period=Oct_1_-_31_2025'],
    [
      'revenue last month / compare that with may',
      `query_metric metric=revenue_gross ${OCT} compare=May_1_-_31_2026`,
    ],
    [
      'revenue last month / how does that compare to may?',
      `query_metric metric=revenue_gross ${OCT} compare=May_1_-_31_2026`,
    ],
    ['revenue last month / vs last year', `query_metric metric=revenue_gross ${OCT} compare=Oct_1_-_31_2025`],
    [
      'revenue last month / vs the month before',
      `query_metric metric=revenue_gross ${OCT} compare=Sep_1_-_30_2026`,
    ],
    ['mrr / only growth plan', 'query_metric metric=mrr filter=plan:growth'],
    ['mrr by country / only growth plan', 'query_metric metric=mrr filter=plan:growth by=country'],
    ['mrr / just germany', 'query_metric metric=mrr filter=country:DE'],
    ['mrr / only growth plan / and just germany', 'query_metric metric=mrr filter=plan:growth,country:DE'],
    ['mrr / for acme / for everyone', 'query_metric metric=mrr'],
    ['revenue last month / and refunds?', `query_metric metric=refunds ${OCT}`],
    ['revenue for acme last month / what about refunds?', `query_metric metric=refunds ${OCT} customer=acme`],
    ['mrr by plan / and arr?', 'query_metric metric=arr by=plan'],
    ['mrr by plan / and open tickets?', 'query_metric metric=tickets_open'],
    ['revenue last month / by plan', `query_metric metric=revenue_gross ${OCT} by=plan`],
    ['revenue last month / in euros', `query_metric metric=revenue_gross ${OCT} by=currency`],
    ['mrr / again', 'query_metric metric=mrr'],
    ["who hasn't paid us? / again", 'list_invoices state=open order=oldest'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });
});

describe('the same numbers, seen otherwise', () => {
  it.each<Row>([
    ['mrr / as a chart', 'query_metric metric=mrr by=month chart=auto'],
    ['revenue last month / as a chart', `query_metric metric=revenue_gross ${OCT} by=day chart=auto`],
    ['mrr by plan / as a chart', 'query_metric metric=mrr by=plan chart=auto'],
    ['mrr by plan / as a chart / as a table', 'query_metric metric=mrr by=plan'],
    ['mrr by month / as a table', 'query_metric metric=mrr by=month chart=table'],
    ['mrr by plan / can you plot that', 'query_metric metric=mrr by=plan chart=auto'],
    [
      'churned customers last month / show me who',
      `query_metric metric=churned_customers ${OCT} by=customer`,
    ],
    ['signups last month / which ones?', `query_metric metric=signups ${OCT} by=customer`],
    ['signups last month / who are they?', `query_metric metric=signups ${OCT} by=customer`],
    ['who churned last month / how many is that?', `query_metric metric=churned_customers ${OCT}`],
    ["who hasn't paid us? / how many is that?", 'list_invoices state=open order=oldest'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });

  it('asks what moved a number of whatever takes changes apart, with its period', () => {
    const decision = thread();
    decision.say('revenue last month');
    const [call] = callsOf(decision.say('why?'));
    expect(call).toMatchObject({ tool: 'explain_change', input: { metric: 'revenue_gross' } });
    expect(JSON.stringify(call?.input)).toContain('2026-10-01');
  });
});

describe('what was listed can be pointed at', () => {
  it.each<Row>([
    ['top 5 customers by mrr / the second one', 'get_customer customer=globex'],
    ['top 5 customers by mrr / the last two', 'get_customer customer=globex | get_customer customer=bolt'],
    ["who hasn't paid us? / the second one", 'get_invoice invoice=in_102'],
    ["who hasn't paid us? / the last two", 'get_invoice invoice=in_102 | get_invoice invoice=in_103'],
    ["who hasn't paid us? / the first two", 'get_invoice invoice=in_101 | get_invoice invoice=in_102'],
    [
      'top 5 customers by mrr / all of them',
      'get_customer customer=acme | get_customer customer=globex | get_customer customer=bolt',
    ],
    ['tell me about Nimbus / the second one', 'get_customer customer=nimbus_a'],
    ['tell me about Nimbus / Nimbus Labs', 'get_customer customer=nimbus_a'],
    ['what does Nimbus owe / the first one', 'list_invoices customer=nimbus_b state=open order=oldest'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });

  it('says so where nothing was listed', () => {
    expect(lastOf('mrr / the second one')).toContain('nothing numbered');
  });
});

describe('a whole question carries nothing over', () => {
  it.each<Row>([
    ["mrr for acme / how's arr?", 'query_metric metric=arr'],
    ['mrr for acme / top 5 customers by api calls', 'query_metric metric=api_calls by=customer top=5'],
    ['revenue in september for acme by plan / refunds in october', `query_metric metric=refunds ${OCT}`],
    ["mrr for acme / and who hasn't paid us?", 'list_invoices state=open order=oldest'],
    ['mrr by plan / how is uptime calculated', 'define_metric metric=uptime'],
    ["list invoices of acme / what's our mrr?", 'query_metric metric=mrr'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });

  it('and says in words what a follow-up carried', () => {
    const { say } = thread();
    say('revenue for acme in september');
    const decision = say('and refunds?');
    expect(callsOf(decision)[0]?.interpretation).toBe('Refunds, Sep 1 - 30, 2026, for Acme Robotics');
  });

  it('holds over a long thread', () => {
    const { say } = thread();
    const turns = [
      ['revenue last month', `query_metric metric=revenue_gross ${OCT}`],
      ['by plan', `query_metric metric=revenue_gross ${OCT} by=plan`],
      ['no, september', `query_metric metric=revenue_gross ${SEP} by=plan`],
      ['thanks', 'says: You are welcome.'],
      ['by country instead', `query_metric metric=revenue_gross ${SEP} by=country`],
      ['as a chart', `query_metric metric=revenue_gross ${SEP} by=country chart=auto`],
      ['hm', 'says: All right.'],
      ['and net?', `query_metric metric=revenue_net ${SEP} by=country chart=auto`],
      ['for acme', `query_metric metric=revenue_net ${SEP} by=country chart=auto customer=acme`],
      ['for everyone', `query_metric metric=revenue_net ${SEP} by=country chart=auto`],
      ['are you sure?', `check_metric metric=revenue_net ${SEP}`],
      ['and the month before', 'query_metric metric=revenue_net period=Aug_1_-_31_2026'],
      ["how's MRR?", 'query_metric metric=mrr'],
      ['only growth plan', 'query_metric metric=mrr filter=plan:growth'],
    ] as const;
    expect(turns.map(([message]) => told(say(message)))).toEqual(turns.map(([, comesTo]) => comesTo));
  });

  it("reads another person's follow-up against the thread, with that person's rights", () => {
    const { say } = thread('founder');
    say("who hasn't paid us?");
    const theirs = say('just the overdue ones', 'viewer');
    // The runner refuses the call by the viewer's own scopes; nothing else is made of the words.
    expect(told(theirs)).toBe('list_invoices state=overdue order=oldest');
    say("how's MRR?");
    expect(told(say('by plan', 'viewer'))).toBe('query_metric metric=mrr by=plan');
  });
});

describe('a doubted number is computed again', () => {
  it.each<Row>([
    ['revenue last month / are you sure?', `check_metric metric=revenue_gross ${OCT}`],
    ['mrr / finance says 1.2m', 'check_metric metric=mrr claimed=1.2m'],
    ["mrr / i think it's 90k", 'check_metric metric=mrr claimed=90k'],
    ["mrr / that's wrong", 'check_metric metric=mrr'],
    ["mrr / that doesn't look right", 'check_metric metric=mrr'],
    ['mrr / no, it is $90k', 'check_metric metric=mrr claimed=$90k'],
    ['mrr / the spreadsheet shows $81,200', 'check_metric metric=mrr claimed=$81,200'],
    ['mrr / where does that come from?', 'check_metric metric=mrr'],
    ['finance says mrr is 1.2m', 'check_metric metric=mrr claimed=1.2m'],
    ['are you sure about mrr', 'check_metric metric=mrr'],
    ['mrr and arr / are you sure?', 'check_metric metric=mrr | check_metric metric=arr'],
    ["who hasn't paid us? / that can't be right", 'list_invoices state=open order=oldest'],
    ['mrr for acme / really?', 'check_metric metric=mrr customer=acme'],
  ])('%s', (turns, comesTo) => {
    expect(lastOf(turns)).toBe(comesTo);
  });
});
