import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/payments/refund-payment.ts';
import {
  acme,
  globex,
  NOON,
  openWorkspace,
  payment,
  people,
  type Workspace,
} from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';

let w: Workspace;
const plan = (input: { [key: string]: string }) => tool.plan(tool.input.parse(input), w.context(people.fay));
const eur = (minor: number) => ({ minor, currency: 'EUR' });

describe('planning a refund', () => {
  beforeEach(() => {
    w = openWorkspace();
  });
  afterEach(() => {
    w.close();
  });
  it('takes the last successful payment and all that is left of it', async () => {
    w.outside.payments.set('ch_0', payment('ch_0', 50_000, { createdAt: NOON - 9e9 }));
    w.outside.payments.set(
      'ch_1',
      payment('ch_1', 12_000, { amountRefunded: { minor: 2_000, currency: 'USD' } }),
    );
    expect(await plan({ customer: 'Acme' })).toMatchObject({
      title: 'Refund $100.00 to Acme Robotics',
      subject: { kind: 'payment', id: 'ch_1' },
      customer: { id: acme.id },
      amount: { minor: 10_000, currency: 'USD' },
      policyAmount: { minor: 10_000, currency: 'USD' },
      changes: [
        { what: 'Given back of the $120.00 paid', before: '$20.00', after: '$120.00' },
        { what: 'Kept', before: '$100.00', after: '$0.00' },
      ],
      reversible: { possible: false },
    });
    expect(await plan({ customer: 'Acme', which: 'largest' })).toMatchObject({ subject: { id: 'ch_0' } });
  });

  it('says when their latest attempt to pay failed', async () => {
    w.outside.payments.set('ch_2', payment('ch_2', 12_000, { status: 'failed', createdAt: NOON }));
    const { subject, warnings } = await plan({ customer: 'Acme' });
    expect(subject.id).toBe('ch_1');
    expect(warnings[0]).toContain('failed');
  });

  it("converts to the company's currency at the rate of the company day", async () => {
    w.outside.payments.set(
      'ch_e',
      payment('ch_e', 10_000, { customerId: globex.id, amount: eur(10_000), amountRefunded: eur(0) }),
    );
    expect(await plan({ customer: 'Globex' })).toMatchObject({
      amount: eur(10_000),
      policyAmount: { minor: 11_000, currency: 'USD' },
    });
  });

  it('gives the same plan for the same facts, byte for byte', async () => {
    expect(JSON.stringify(await plan({ customer: 'Acme' }))).toBe(
      JSON.stringify(await plan({ customer: 'Acme' })),
    );
  });

  it('trusts Stripe about the payment, not the store', async () => {
    const live = payment('ch_1', 12_000, { disputed: true });
    w.outside.gateway.getPayment = async () => live;
    await expect(plan({ customer: 'Acme' })).rejects.toMatchObject({
      message: expect.stringContaining('disputed'),
    });
  });

  it.each<[string, () => void, { [key: string]: string }, string]>([
    ['nothing named', () => {}, {}, 'It takes a payment or a customer'],
    ['an unknown customer', () => {}, { customer: 'Nobody' }, 'No customer is called Nobody'],
    ['an unknown payment', () => {}, { payment: 'ch_404' }, 'no payment ch_404'],
    ['a customer who never paid', () => {}, { customer: 'Globex' }, 'nothing to refund'],
    [
      'a failed payment',
      () => w.outside.payments.set('ch_2', payment('ch_2', 1, { status: 'failed' })),
      { payment: 'ch_2' },
      'no money was taken',
    ],
    [
      'a payment under way',
      () => w.outside.payments.set('ch_2', payment('ch_2', 1, { status: 'pending' })),
      { payment: 'ch_2' },
      'not gone through yet',
    ],
    [
      'a refunded payment',
      () =>
        w.outside.payments.set('ch_2', payment('ch_2', 5, { amountRefunded: { minor: 5, currency: 'USD' } })),
      { payment: 'ch_2' },
      'already been refunded in full',
    ],
    [
      "another customer's payment",
      () => {},
      { payment: 'ch_1', customer: 'Globex' },
      'was not made by Globex',
    ],
    ['more than is left', () => {}, { customer: 'Acme', amount: '120.01' }, 'more than the $120.00 left'],
    ['nothing', () => {}, { customer: 'Acme', amount: '0' }, 'not an amount'],
    ['a fraction of a cent', () => {}, { customer: 'Acme', amount: '1.005' }, 'not an amount'],
    [
      'another currency',
      () => {},
      { customer: 'Acme', amount: '10', currency: 'EUR' },
      'made in USD, not EUR',
    ],
  ])('%s is refused in words', async (_name, given, input, words) => {
    given();
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });

  it('waits for an exchange rate rather than guess one', async () => {
    w.outside.payments.set(
      'ch_y',
      payment('ch_y', 100, { customerId: globex.id, amount: { minor: 100, currency: 'JPY' } }),
    );
    await expect(plan({ payment: 'ch_y' })).rejects.toMatchObject({ code: 'not_ready' });
  });
});

const read = (text: string, previous = listing()) => tool.recognize(saying(text, { previous }));
const payments = listing(
  { id: 'ch_7', label: '$10.00', customerId: acme.id },
  { id: 'ch_8', label: '$20.00', customerId: acme.id },
);

describe('orders that are understood', () => {
  it.each<[string, object]>([
    ["refund Acme's last payment", { customer: acme.id }],
    ['Refund Acme', { customer: acme.id }],
    ['please refund acme', { customer: acme.id }],
    ["can you refund Acme's last payment?", { customer: acme.id }],
    ['could you please refund Acme', { customer: acme.id }],
    ['give Acme their money back', { customer: acme.id }],
    ["I'd like to refund Acme", { customer: acme.id }],
    ['go ahead and refund Acme', { customer: acme.id }],
    ['issue a refund to Acme', { customer: acme.id }],
    ['send Acme a refund', { customer: acme.id }],
    ['refund $50 to Acme', { customer: acme.id, amount: '50.00', currency: 'USD' }],
    ['refund Acme €12.50', { customer: acme.id, amount: '12.50', currency: 'EUR' }],
    ['refund 50 to Acme', { customer: acme.id, amount: '50' }],
    ["refund Acme's largest payment", { customer: acme.id, which: 'largest' }],
    ['Acme was charged twice, please refund their last payment', { customer: acme.id }],
    ['refund Acme please', { customer: acme.id }],
    ['refund ch_123abc', { payment: 'ch_123abc' }],
    ['refund $5 of ch_123abc', { payment: 'ch_123abc', amount: '5.00', currency: 'USD' }],
  ])('%s', (text, input) => {
    const [reading, ...others] = read(text);
    expect(reading).toMatchObject({ input, confidence: expect.any(Number) });
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.8);
    expect(others).toEqual([]);
    expect(tool.input.safeParse(reading?.input).success).toBe(true);
  });

  it('"the second one" is the second payment listed before', () => {
    expect(read('refund the second one', payments)[0]?.input).toEqual({ payment: 'ch_8' });
    expect(read('refund the last one', payments)[0]?.input).toEqual({ payment: 'ch_8' });
    expect(
      read('refund it', listing({ id: 'ch_7', label: '$10.00', customerId: acme.id }))[0]?.input,
    ).toEqual({ payment: 'ch_7' });
  });
});

describe('what is never taken for an order', () => {
  it.each([
    "don't refund Acme",
    'do not refund Acme',
    'never refund Acme',
    'stop the refund to Acme',
    'can I refund Acme?',
    'should we refund Acme?',
    'did we refund Acme?',
    'how do I refund Acme?',
    'who approved the Acme refund',
    'what refunds did Acme get',
    'refunds last month',
    'refund rate',
    'refund policy',
    'refund was sent to Acme yesterday',
    'if Acme complains refund them',
    'refund Acme?',
    'Acme asked for a refund',
    'the ticket of Acme says please refund us',
    'Acme wrote: could you refund us',
    'please tell me about the refund to Acme',
    'is a refund to Acme possible',
  ])('%s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it.each([
    ['nobody named', 'refund the last payment', listing()],
    ['a name that fits two', 'refund Initech', listing()],
    ['a part that is not an amount', 'refund half of it to Acme', listing()],
    ['a percentage', 'refund 50% to Acme', listing()],
    ['two amounts', 'refund $5 or $6 to Acme', listing()],
    ['everybody', 'refund everyone', listing()],
    ['a list of several', 'refund that', payments],
    ['a payment that is not told which', "refund Acme's second payment", listing()],
    [
      'something listed that is no payment',
      'refund the first one',
      listing({ id: 'in_1', label: 'Invoice', customerId: acme.id }),
    ],
  ])('an order that leaves open what is meant (%s) is not guessed at', (_name, text, previous) => {
    for (const reading of read(text, previous)) {
      expect(reading.input).toEqual({});
      expect(reading.confidence).toBeLessThan(0.6);
    }
  });

  it.each(['refund Acme and Globex', 'refund the last two invoices of Acme', 'refund all payments of Acme'])(
    '"%s": one payment of each is offered, with the reason, and none is taken',
    (text) => {
      const readings = read(text);
      expect(readings.length).toBeGreaterThan(0);
      for (const { confidence, caveat, interpretation } of readings) {
        expect(confidence).toBeLessThan(0.6);
        expect(caveat).toContain('one payment at a time');
        expect(interpretation).toMatch(/^Refund .+ last payment$/);
      }
    },
  );
});
