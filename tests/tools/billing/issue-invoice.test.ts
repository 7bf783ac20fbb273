import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectRunner } from '../../../src/domain/approvals/plan.ts';
import tool from '../../../src/tools/billing/issue-invoice.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

/** Each step once, under keys of its own; again it gives what it gave. */
function runner(): EffectRunner & { kinds: string[] } {
  const done = new Map<string, unknown>();
  const kinds: string[] = [];
  return {
    kinds,
    perform: async (effect) => {
      const found = (await effect.lookUp?.(effect.kind)) ?? null;
      if (found) return found.result;
      kinds.push(effect.kind);
      const { result } = await effect.send(effect.kind);
      done.set(effect.kind, result);
      return result;
    },
  };
}

const planned = async () => tool.plan({ invoice: await room.draft() }, room.ctx);

describe('planning', () => {
  it('says what will be billed, with what is unusual as a warning', async () => {
    expect(await planned()).toMatchObject({
      title: 'Bill Acme Robotics $0.30 for calls beyond the plan, Oct 1 - 31, 2026',
      amount: { minor: 30, currency: 'USD' },
      warnings: ['Unusual: much.'],
      touches: [
        'Acme Robotics owes it for 14 days',
        'The invoice goes to Acme Robotics <hello@acme.example> by mail, in business hours of America/New_York',
      ],
    });
  });

  it('gives the same plan for the same facts, byte for byte', async () => {
    expect(JSON.stringify(await planned())).toBe(JSON.stringify(await planned()));
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['an unknown draft', async () => 'rinv_nobody', /no drafted invoice/],
    ['a blocked one', () => room.draft({ problems: ['There is no price.'] }), /blocked: There is no price/],
    [
      'one whose usage changed since it was proved',
      async () => {
        const id = await room.draft();
        room.usage.calls = 1_600;
        return id;
      },
      /has changed since this invoice was proved/,
    ],
  ])('%s is refused in words', async (_name, given, words) => {
    await expect(tool.plan({ invoice: await given() }, room.ctx)).rejects.toThrow(words);
  });
});

describe("the customer's balance", () => {
  const withBalance = (minor: number) => {
    room.ctx.credits = { ...room.ctx.credits, getBalance: async () => ({ minor, currency: 'USD' }) };
    return planned();
  };
  it.each<[string, number, object]>([
    ['pays a part', 10, { what: 'Paid from the balance: $0.10', before: '$0.30', after: '$0.20 to pay' }],
    [
      'larger than the invoice pays it all and keeps the rest',
      50,
      { what: 'Paid from the balance: $0.30', before: '$0.30', after: '$0.00 to pay, $0.20 stay in credit' },
    ],
    [
      'that is owed is asked for with it',
      -5,
      { what: 'Owed from before: $0.05', before: '$0.30', after: '$0.35 to pay' },
    ],
  ])('%s, and the card says so', async (_name, minor, change) => {
    expect((await withBalance(minor)).changes).toContainEqual(change);
  });

  it('is printed as what Stripe took of it', async () => {
    const { finalise } = room.desk.invoices;
    room.desk.invoices.finalise = async (id, key) => {
      const open = await finalise(id, key);
      return { ...open, amountDue: { ...open.total, minor: 20 } };
    };
    await tool.apply(await withBalance(10), room.ctx, runner());
    expect(room.kept[0]?.totals).toMatchObject({ totalMinor: 30, creditedMinor: 10, dueMinor: 20 });
  });
});

describe('applying', () => {
  it('drafts, compares, finalises, numbers and keeps the printed invoice', async () => {
    const effects = runner();
    const done = await tool.apply(await planned(), room.ctx, effects);
    expect(effects.kinds).toEqual(['invoice.drafted', 'invoice.finalised', 'invoice.delivery_queued']);
    expect(done.summary).toBe('Issued invoice PSI-202611-001 over $0.30 to Acme Robotics.');
    expect([...room.outside.values()]).toMatchObject([{ status: 'open', total: { minor: 30 } }]);
    expect(room.kept).toMatchObject([
      {
        kind: 'invoice',
        number: 'PSI-202611-001',
        totals: { totalMinor: 30, dueMinor: 30 },
        lines: [{ quantity: '500', unitPrice: '0.0006', amountMinor: 30 }],
        payment: { reference: 'STRIPE-1' },
      },
    ]);
    const { usage } = room.kept[0] ?? { usage: [] };
    expect(usage.map(({ billed }) => Number(billed)).reduce((sum, one) => sum + one, 0)).toBe(500);
  });

  it('done twice is one invoice with one number', async () => {
    const plan = await planned();
    const first = await tool.apply(plan, room.ctx, runner());
    const second = await tool.apply(plan, room.ctx, runner());
    expect(second.result).toEqual(first.result);
    expect(room.outside.size).toBe(1);
    await expect(tool.plan({ invoice: String(first.result.invoice) }, room.ctx)).rejects.toThrow(
      /billed already: invoice PSI-202611-001/,
    );
  });

  it('stops where Stripe makes another total of it, and leaves nothing there', async () => {
    const { createDraft } = room.desk.invoices;
    room.desk.invoices.createDraft = async (draft) => {
      const made = await createDraft(draft);
      return { ...made, total: { minor: 31, currency: 'USD' } };
    };
    await expect(tool.apply(await planned(), room.ctx, runner())).rejects.toThrow(
      /Stripe makes \$0\.31 of this invoice where Psi has \$0\.30/,
    );
    expect(room.outside.size).toBe(0);
    expect(room.kept).toEqual([]);
  });
});

describe('what people say', () => {
  it('issues by the id of a draft, and nothing without one', () => {
    expect(tool.recognize(saying('issue invoice rinv_abc1'))).toMatchObject([
      { input: { invoice: 'rinv_abc1' } },
    ]);
    for (const text of ["don't issue invoice rinv_abc1", 'issue an invoice', 'was rinv_abc1 issued?'])
      expect(tool.recognize(saying(text))).toEqual([]);
  });
});
