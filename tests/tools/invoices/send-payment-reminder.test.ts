import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/invoices/send-payment-reminder.ts';
import {
  acme,
  approve,
  invoice,
  NOON,
  openWorkspace,
  people,
  place,
  type Workspace,
} from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';

let w: Workspace;
const plan = (input: { [key: string]: string }) => tool.plan(tool.input.parse(input), w.context(people.sue));
const change = async (what: string, input: { [key: string]: string } = { customer: 'Acme' }) =>
  (await plan(input)).changes.find((one) => one.what === what)?.after ?? '';

describe('planning a reminder', () => {
  beforeEach(() => {
    w = openWorkspace();
  });
  afterEach(() => {
    w.close();
  });
  it('shows whom the mail goes to and all that it says', async () => {
    expect(await plan({ customer: 'Acme' })).toMatchObject({
      title: 'Remind Acme Robotics about $120.00 on invoice INV-0001',
      subject: { kind: 'invoice', id: 'in_1' },
      amount: { minor: 12_000, currency: 'USD' },
      policyAmount: null,
      reversible: { possible: false },
      warnings: [],
    });
    expect(await change('Mail')).toBe('to Bill <billing@acme.example>');
    expect(await change('Subject')).toBe('Invoice INV-0001 for $120.00, due Nov 14, 2026');
    expect(await change('Text')).toContain('invoice INV-0001 for $120.00, due Nov 14, 2026, is still open.');
    expect(await change('Text')).toContain('https://pay.example/i');
    expect(await change('Text', { customer: 'Acme', note: 'We met on Monday.' })).toContain(
      '\n\nWe met on Monday.\n\n',
    );
  });

  it('the mail that was shown is the mail that is sent', async () => {
    const text = await change('Text');
    const proposal = await w.door.propose({
      tool: tool.name,
      input: { customer: 'Acme' },
      requester: people.sue,
      place,
    });
    await approve(w, proposal.id, people.fay);
    expect(w.outside.mails).toMatchObject([{ to: 'billing@acme.example', text }]);
    expect((await w.door.get(proposal.id))?.outcome).toBe(
      'Reminded Acme Robotics at billing@acme.example about invoice INV-0001.',
    );
  });

  it('warns when they were reminded this week, and voids what was planned before that', async () => {
    const ask = (requester: typeof people.sue) =>
      w.door.propose({ tool: tool.name, input: { invoice: 'INV-0001' }, requester, place });
    const first = await ask(people.sue);
    await approve(w, first.id, people.fay);
    expect((await ask(people.ada)).plan.warnings).toEqual(['They were last reminded on Nov 24, 2026.']);
    w.clock.advance(8 * 24 * 3_600_000);
    expect((await plan({ customer: 'Acme' })).warnings).toEqual([]);
  });

  it('takes an open invoice that is not due yet, and says so', async () => {
    w.outside.invoices.set('in_1', invoice('in_1', { dueAt: NOON + 1e9, hostedUrl: null }));
    expect((await plan({ customer: 'Acme' })).warnings).toEqual(['The invoice is not due yet.']);
    w.outside.invoices.set('in_1', invoice('in_1', { dueAt: null }));
    expect(await change('Subject')).toBe('Invoice INV-0001 for $120.00');
    expect(await change('Text')).toContain('invoice INV-0001 for $120.00 is still open.');
  });

  it.each<[string, () => void, { [key: string]: string }, string]>([
    ['nothing named', () => {}, {}, 'It takes an invoice or a customer'],
    ['an unknown invoice', () => {}, { invoice: 'INV-404' }, 'no invoice INV-404'],
    ['an unknown customer', () => {}, { customer: 'Nobody' }, 'No customer'],
    ['a customer who owes nothing', () => {}, { customer: 'Globex' }, 'no unpaid invoice'],
    ["another customer's invoice", () => {}, { invoice: 'in_1', customer: 'Globex' }, 'not one of Globex'],
    [
      'a paid invoice',
      () => w.outside.invoices.set('in_1', invoice('in_1', { status: 'paid' })),
      { invoice: 'in_1' },
      'has been paid',
    ],
    [
      'a draft',
      () => w.outside.invoices.set('in_1', invoice('in_1', { status: 'draft' })),
      { invoice: 'in_1' },
      'is a draft',
    ],
    [
      'a voided invoice',
      () => w.outside.invoices.set('in_1', invoice('in_1', { status: 'void' })),
      { invoice: 'in_1' },
      'was voided',
    ],
    [
      'an invoice in a state nobody knows',
      () => w.outside.invoices.set('in_1', invoice('in_1', { status: 'odd' })),
      { invoice: 'in_1' },
      'is odd',
    ],
    [
      'nothing left to pay',
      () =>
        w.outside.invoices.set('in_1', invoice('in_1', { amountRemaining: { minor: 0, currency: 'USD' } })),
      { invoice: 'in_1' },
      'nothing left to pay',
    ],
  ])('%s is refused in words', async (_name, given, input, words) => {
    given();
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });
});

const read = (text: string, previous = listing()) => tool.recognize(saying(text, { previous }));

describe('orders that are understood', () => {
  it.each<[string, object]>([
    ['remind Acme about their invoice', { customer: acme.id }],
    ['remind Acme', { customer: acme.id }],
    ['nudge Acme to pay', { customer: acme.id }],
    ['please send Acme a payment reminder', { customer: acme.id }],
    ['can you chase Acme for the overdue invoice?', { customer: acme.id }],
    ['follow up with Acme about the unpaid bill', { customer: acme.id }],
    ['send a payment reminder for in_123', { invoice: 'in_123' }],
    ['remind them about invoice INV-0042', { invoice: 'INV-0042' }],
  ])('%s', (text, input) => {
    const [reading] = read(text);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.8);
  });

  it('"the second one" is what was listed second', () => {
    const invoices = listing(
      { id: 'in_1', label: 'INV-1', customerId: acme.id },
      { id: 'in_2', label: 'INV-2', customerId: acme.id },
    );
    expect(read('remind the second one', invoices)[0]?.input).toEqual({ invoice: 'in_2' });
    const customers = listing({ id: acme.id, label: 'Acme', customerId: acme.id });
    expect(read('remind them to pay', customers)[0]?.input).toEqual({ customer: acme.id });
  });
});

describe('what is never taken for an order', () => {
  it.each([
    "don't remind Acme",
    'should I remind Acme about the invoice?',
    'did we remind Acme to pay?',
    'remind me to pay Acme',
    'remind Acme about the demo on Monday',
    'who was reminded about their invoice',
    'if they are overdue remind Acme',
    'reminders sent to Acme',
  ])('%s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it.each([
    'remind everyone to pay',
    'remind Initech to pay',
    'nudge Acme and Globex to pay',
    'chase the invoice',
  ])('%s is not guessed at', (text) => {
    for (const reading of read(text)) expect(reading).toMatchObject({ input: {}, confidence: 0.5 });
  });
});
