import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectRunner } from '../../../src/domain/approvals/plan.ts';
import type { AskedDelivery, Delivery } from '../../../src/domain/billing/delivery/ports.ts';
import issueInvoice from '../../../src/tools/billing/issue-invoice.ts';
import tool from '../../../src/tools/invoices/resend-invoice.ts';
import { acme } from '../../approvals/workspace.ts';
import { type BillingRoom, openBilling } from '../billing/desk.ts';
import { saying } from '../saying.ts';

let room: BillingRoom;
let ways: Delivery[];
let asked: AskedDelivery[];

beforeEach(() => {
  room = openBilling();
  ways = [];
  asked = [];
  const { deliveries } = room.ctx;
  room.ctx.deliveries = {
    ...deliveries,
    ofInvoice: async () => ways,
    deliver: async (issued, key, wish = {}) => {
      asked.push(wish);
      return deliveries.deliver(issued, key, wish);
    },
  };
});
afterEach(() => room.close());

const once: EffectRunner = { perform: async (effect) => (await effect.send(effect.kind)).result };

async function issued(): Promise<string> {
  const { result } = await issueInvoice.apply(
    await issueInvoice.plan({ invoice: await room.draft() }, room.ctx),
    room.ctx,
    once,
  );
  asked = [];
  return String(result.number);
}

function way(state: Delivery['state'], reason: string | null = null): Delivery {
  return {
    ...{ id: 'dlv_1', key: 'k', invoiceId: 'rinv_1', stripeInvoiceId: 'in_1', number: 'PSI-1' },
    ...{ customerId: acme.id, channel: 'email', address: 'hello@acme.example', name: 'Ann', language: 'en' },
    ...{
      dueAt: room.ctx.clock.now(),
      state,
      attempts: 1,
      sentAt: room.ctx.clock.now(),
      settledAt: null,
      reason,
    },
  };
}

describe('sending an invoice again', () => {
  it('says to whom, and what became of the last one', async () => {
    const number = await issued();
    ways = [way('sent')];
    expect(await tool.plan({ invoice: number }, room.ctx)).toMatchObject({
      title: `Send invoice ${number} to Acme Robotics again`,
      changes: [
        {
          before: expect.stringMatching(/^sent to Ann by mail on /),
          after: expect.stringContaining('hello@acme.example'),
        },
      ],
      warnings: [],
    });
  });

  it('puts it on its way at once, when it was approved', async () => {
    const plan = await tool.plan({ invoice: await issued() }, room.ctx);
    const done = await tool.apply(plan, room.ctx, once);
    expect(asked).toEqual([{ now: true, to: null }]);
    expect(done.summary).toMatch(/on its way to Acme Robotics again, at hello@acme\.example/);
  });

  it('warns of an address nobody has on record', async () => {
    const plan = await tool.plan({ invoice: await issued(), to: 'else@where.example' }, room.ctx);
    expect(plan.warnings).toEqual(['else@where.example is no address on record of Acme Robotics.']);
    await tool.apply(plan, room.ctx, once);
    expect(asked).toEqual([{ now: true, to: 'else@where.example' }]);
  });

  it('warns where mail came back, and a yes tries it once more', async () => {
    const number = await issued();
    ways = [way('bounced', 'there is no such mailbox (5.1.1)')];
    const { routeOf } = room.ctx.deliveries;
    room.ctx.deliveries.routeOf = async (buyer) => ({
      ...(await routeOf(buyer)),
      hindrance: 'mail to hello@acme.example comes back',
    });
    expect((await tool.plan({ customer: 'Acme' }, room.ctx)).facts).toMatchObject({ number });
    expect((await tool.plan({ invoice: number }, room.ctx)).warnings[0]).toMatch(
      /comes back\. A yes tries it/,
    );
  });

  it.each<[string, () => Promise<object>, RegExp]>([
    [
      'one that is on its way',
      async () => ({ invoice: await issued(), way: 'queued' }),
      /so it is not sent again/,
    ],
    [
      'one of which nobody knows',
      async () => ({ invoice: await issued(), way: 'unknown' }),
      /nobody can tell/,
    ],
    ['a draft', async () => ({ invoice: await room.draft() }), /draft that has not been issued/],
    ['one nobody knows', async () => ({ invoice: 'PSI-999999-999' }), /There is no invoice PSI-999999-999/],
    ['one of a customer who has none', async () => ({ customer: 'Globex' }), /no invoice that Psi issued/],
    ['nothing', async () => ({}), /takes an invoice or a customer/],
  ])('refuses %s in words', async (_name, given, words) => {
    const { way: state, ...input }: { way?: Delivery['state'] } = await given();
    if (state) ways = [way(state)];
    await expect(tool.plan(input, room.ctx)).rejects.toThrow(words);
  });
});

describe('what people say', () => {
  it.each<[string, object]>([
    ['resend invoice PSI-202610-001', { invoice: 'PSI-202610-001' }],
    ['please send invoice PSI-202610-001 again', { invoice: 'PSI-202610-001' }],
    ['resend invoice PSI-202610-001 to ap@acme.io', { invoice: 'PSI-202610-001', to: 'ap@acme.io' }],
    ['send Acme their last invoice again', { customer: acme.id }],
  ])('"%s"', (text, input) => {
    expect(tool.recognize(saying(text))[0]).toMatchObject({ input, confidence: expect.any(Number) });
  });

  it('builds nothing from a negation, a question, a reminder or several', () => {
    for (const text of [
      "don't resend invoice PSI-202610-001",
      'was PSI-202610-001 sent again?',
      'send the reminder again',
    ])
      expect(tool.recognize(saying(text))).toEqual([]);
    expect(tool.recognize(saying('resend all invoices of Acme'))).toMatchObject([
      { input: {}, confidence: 0.5 },
    ]);
  });
});
