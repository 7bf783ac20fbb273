import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/credits/issue-credit-note.ts';
import {
  acme,
  approve,
  creditable,
  openWorkspace,
  people,
  place,
  type Workspace,
} from '../../approvals/workspace.ts';
import { listing, saying } from '../saying.ts';

let w: Workspace;
function withWorkspace(): void {
  beforeEach(() => {
    w = openWorkspace();
  });
  afterEach(() => {
    w.close();
  });
}
const plan = (input: { [key: string]: string }) => tool.plan(tool.input.parse(input), w.context(people.fay));
const usd = (minor: number) => ({ minor, currency: 'USD' });
const paid = (over = {}) =>
  creditable('in_1', 11_900, {
    status: 'paid',
    amountPaid: usd(11_900),
    amountRemaining: usd(0),
    lines: [
      {
        lineKey: 'il_1',
        description: 'PsiZero Scale',
        grossMinor: 10_000n,
        netMinor: 10_000n,
        taxes: [{ name: 'txr_vat', amountMinor: 1_900n }],
      },
    ],
    ...over,
  });

describe('planning a credit note', () => {
  withWorkspace();
  it('over an open invoice lowers what is due and gives nothing back', async () => {
    expect(await plan({ invoice: 'in_1', percent: '50' })).toMatchObject({
      title: 'Credit note over $60.00 for invoice INV-0001 of Acme Robotics',
      changes: [
        { after: '$60.00 + $0.00' },
        { what: 'Left to credit of the invoice', before: '$120.00', after: '$60.00' },
        { what: 'Due', before: '$120.00', after: '$60.00' },
      ],
      amount: usd(6_000),
      policyAmount: usd(6_000),
      reversible: { possible: true },
      facts: { asked: { refund: usd(0), balance: usd(0), outOfBand: usd(0) } },
    });
  });

  it.each([
    ['balance', 'lowers the next invoices'],
    ['card', 'the way it was paid'],
    ['outside', 'by us'],
  ])('over a paid one says that the money goes to %s, with its share of the tax', async (to, words) => {
    w.outside.creditable.set('in_1', paid());
    const planned = await plan({ invoice: 'in_1', amount: '59.50', to });
    expect(planned.changes[0]?.after).toBe('$50.00 + $9.50');
    expect(planned.touches[0]).toContain(words);
    expect(planned.facts.asked).toMatchObject({
      [to === 'card' ? 'refund' : to === 'outside' ? 'outOfBand' : 'balance']: usd(5_950),
      lines: [{ invoiceLineId: 'il_1', amount: usd(5_000), taxes: [{ rate: 'txr_vat', amount: usd(950) }] }],
    });
    expect(planned.reversible.possible).toBe(false);
  });

  it('after an earlier note covers what is left, to the cent', async () => {
    const earlier = [
      {
        lines: [{ lineKey: 'il_1', netMinor: 3_333n, taxes: [{ name: 'txr_vat', amountMinor: 633n }] }],
        netMinor: 3_333n,
        taxMinor: 633n,
        totalMinor: 3_966n,
      },
    ];
    w.outside.creditable.set('in_1', paid({ earlier }));
    expect((await plan({ invoice: 'in_1' })).amount).toEqual(usd(7_934));
    await expect(plan({ invoice: 'in_1', amount: '79.35' })).rejects.toThrow('No more than what is left');
  });

  it("is not proposed when Stripe's sum is another", async () => {
    w.outside.previewOff = 1;
    await expect(plan({ invoice: 'in_1' })).rejects.toThrow(
      "By our sums this credit note is $120.00, by Stripe's $120.01",
    );
  });

  it('takes one line by its words', async () => {
    expect((await plan({ invoice: 'in_1', line: 'scale' })).amount).toEqual(usd(12_000));
    await expect(plan({ invoice: 'in_1', line: 'support' })).rejects.toThrow('No line of the invoice says');
  });

  it.each<[string, () => void, { [key: string]: string }, string]>([
    ['nothing named', () => {}, {}, 'It takes an invoice'],
    ['an unknown invoice', () => {}, { invoice: 'in_9' }, 'There is no invoice in_9'],
    ["another's invoice", () => {}, { invoice: 'in_1', customer: 'Globex' }, 'is not one of Globex'],
    ['two ways at once', () => {}, { invoice: 'in_1', percent: '5', amount: '5' }, 'Name one of'],
    ['another currency', () => {}, { invoice: 'in_1', amount: '5', currency: 'EUR' }, 'is in USD'],
    ['more than all', () => {}, { invoice: 'in_1', percent: '101' }, 'up to 100'],
    [
      'a void invoice',
      () => w.outside.creditable.set('in_1', creditable('in_1', 1, { status: 'void' })),
      { invoice: 'in_1' },
      'only open and paid ones',
    ],
  ])('%s is refused in words', async (_name, given, input, words) => {
    given();
    await expect(plan(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
    });
  });
});

describe('a credit note that was approved', () => {
  withWorkspace();
  const issued = async () => {
    const { id } = await w.door.propose({
      tool: tool.name,
      input: { invoice: 'in_1', percent: '50' },
      requester: people.fay,
      place,
    });
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    return id;
  };

  it('exists once, also when the answer was lost', async () => {
    w.outside.dropAnswers = 1;
    const id = await issued();
    expect((await w.door.get(id))?.state).toBe('applied');
    expect(w.outside.creditNotes).toHaveLength(1);
  });

  it('is voided while its invoice is open, and stays once it is paid', async () => {
    const id = await issued();
    w.outside.creditable.set('in_1', paid());
    await w.door.undo({ approvalId: id, by: people.flo });
    await w.settled();
    expect(w.outside.creditNotes[0]?.voided).toBe(false);
    w.outside.creditable.set('in_1', creditable('in_1', 12_000));
    const again = await issued();
    await w.door.undo({ approvalId: again, by: people.flo });
    await w.settled();
    expect((await w.door.get(again))?.state).toBe('undone');
    expect(w.outside.creditNotes[1]?.voided).toBe(true);
  });
});

const read = (text: string, previous = listing()) => tool.recognize(saying(text, { previous }));

describe('orders that are understood', () => {
  it.each<[string, object]>([
    ['credit note for invoice PSI-0042, half', { invoice: 'PSI-0042', percent: 'half' }],
    ['issue a credit note for in_123', { invoice: 'in_123' }],
    ['credit note over $50 for in_123', { invoice: 'in_123', amount: '50.00', currency: 'USD' }],
    ['credit invoice in_123 by 30%', { invoice: 'in_123', percent: '30' }],
    ["make a credit note for Acme's last invoice", { customer: acme.id }],
    ['credit note for in_123, back to the card', { invoice: 'in_123', to: 'card' }],
    [
      'please issue a credit note for in_123 because of the outage',
      { invoice: 'in_123', memo: 'the outage' },
    ],
  ])('%s', (text, input) => {
    const [reading] = read(text);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.8);
    expect(tool.input.safeParse(reading?.input).success).toBe(true);
  });
});

describe('what is never taken for a credit note', () => {
  it.each([
    'credit Acme $50 for the outage',
    'credit notes last month',
    "don't issue a credit note for in_123",
    'did we issue a credit note for in_123?',
    'if they complain issue a credit note for in_123',
  ])('%s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it.each(['issue a credit note', 'credit note for a third of in_123', 'credit note of $5 or $6 for in_123'])(
    '%s leaves open what is meant',
    (text) => {
      for (const reading of read(text)) expect(reading).toMatchObject({ input: {}, confidence: 0.5 });
    },
  );
});
