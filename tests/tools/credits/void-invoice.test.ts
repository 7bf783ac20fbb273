import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/credits/void-invoice.ts';
import {
  acme,
  approve,
  openInvoice,
  openWorkspace,
  people,
  place,
  type Workspace,
} from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';

let w: Workspace;
const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('voiding an invoice', () => {
  beforeEach(() => {
    w = openWorkspace();
    w.outside.open.set('in_1', openInvoice('in_1', 12_000));
  });
  afterEach(() => {
    w.close();
  });
  const plan = (input: { [key: string]: string }) =>
    tool.plan(tool.input.parse(input), w.context(people.fay));

  it('says what is no longer owed', async () => {
    expect(await plan({ invoice: 'in_1' })).toMatchObject({
      title: 'Void invoice INV-0001 of Acme Robotics over $120.00',
      changes: [{ after: 'void' }, { before: '$120.00', after: '$0.00' }],
      policyAmount: usd(12_000),
      reversible: { possible: false },
    });
    expect(await plan({ customer: 'Acme' })).toMatchObject({ subject: { id: 'in_1' } });
  });

  it.each<[string, object, string]>([
    ['a paid one', { status: 'paid' }, 'has been paid and cannot be voided'],
    ['one paid in part', { amountPaid: usd(100) }, '$1.00 of Invoice INV-0001 has been paid'],
    ['a void one', { status: 'void' }, 'only open ones'],
  ])(
    'refuses %s, and points to a credit note where there is something to credit',
    async (_name, over, words) => {
      w.outside.open.set('in_1', openInvoice('in_1', 12_000, over));
      await expect(plan({ invoice: 'in_1' })).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining(words),
      });
    },
  );

  it('happens once after a yes, also when the answer was lost', async () => {
    const { id } = await w.door.propose({
      tool: tool.name,
      input: { invoice: 'in_1' },
      requester: people.fay,
      place,
    });
    w.outside.dropAnswers = 1;
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    expect((await w.door.get(id))?.state).toBe('applied');
    expect(w.outside.voided).toEqual(['in_1']);
  });
});

const read = (text: string, previous = listing()) => tool.recognize(saying(text, { previous }));

describe('what is read as voiding', () => {
  it.each<[string, object]>([
    ['void inv PSI-0042', { invoice: 'PSI-0042' }],
    ['please void invoice in_123', { invoice: 'in_123' }],
    ["void Acme's last invoice", { customer: acme.id }],
  ])('%s', (text, input) => {
    expect(read(text)).toMatchObject([{ input, confidence: 0.9 }]);
  });

  it('"the second one" is the second invoice listed before', () => {
    const two = listing({ id: 'in_7', label: 'A' }, { id: 'in_8', label: 'B' });
    expect(read('void the second one', two)[0]?.input).toEqual({ invoice: 'in_8' });
  });

  it.each(["don't void in_123", 'did we void in_123?', 'if they complain void in_123', 'voided invoices'])(
    'never %s',
    (text) => {
      expect(read(text)).toEqual([]);
    },
  );

  it.each(['void all invoices', 'void it', 'void both'])('%s is asked back', (text) => {
    expect(read(text)).toMatchObject([{ input: {}, confidence: 0.5 }]);
  });
});
