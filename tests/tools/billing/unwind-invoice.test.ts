import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectRunner } from '../../../src/domain/approvals/plan.ts';
import type { CreditableInvoice } from '../../../src/domain/billing/gateways.ts';
import issueInvoice from '../../../src/tools/billing/issue-invoice.ts';
import listDrafts from '../../../src/tools/billing/list-drafts.ts';
import tool from '../../../src/tools/billing/unwind-invoice.ts';
import { START } from '../../domain/billing/run/given.ts';
import { saying } from '../saying.ts';
import { type BillingRoom, openBilling } from './desk.ts';

let room: BillingRoom;
let effects = 0;
beforeEach(() => {
  room = openBilling();
});
afterEach(() => room.close());

/** Each action under keys of its own; what is found outside is not done again. */
function runner(kinds: string[] = []): EffectRunner {
  effects += 1;
  const nth = effects;
  return {
    perform: async ({ kind, send, lookUp }) => {
      const found = await lookUp?.(`${kind}-${nth}`);
      if (found) return found.result;
      kinds.push(kind);
      return (await send(`${kind}-${nth}`)).result;
    },
  };
}

/** October's invoice of Acme, issued and the month closed. */
async function issued(): Promise<string> {
  const id = await room.draft();
  await issueInvoice.apply(await issueInvoice.plan({ invoice: id }, room.ctx), room.ctx, runner());
  await room.desk.runs.close((await october())?.id ?? '');
  return id;
}

const october = () => room.desk.runs.ofMonth('main', '2026-10');

/** Acme has paid: the whole of it can be credited, and given back to the card. */
function paid() {
  const [invoice] = [...room.outside.values()];
  if (!invoice) throw new Error('nothing was issued');
  const { total } = invoice;
  const none = { ...total, minor: 0 };
  room.outside.set(invoice.id, { ...invoice, status: 'paid', amountPaid: total, amountRemaining: none });
  const creditable: CreditableInvoice = {
    ...{ id: invoice.id, number: 'STRIPE-1', status: 'paid', stripeCustomerId: invoice.stripeCustomerId },
    ...{ total, amountPaid: total, amountRemaining: none, earlier: [] },
    lines: [
      {
        ...{ lineKey: 'il_1', netMinor: BigInt(total.minor), grossMinor: BigInt(total.minor) },
        ...{ description: 'Calls', taxes: [] },
      },
    ],
  };
  const notes: unknown[] = [];
  room.ctx.credits = {
    ...room.ctx.credits,
    getCreditable: async () => creditable,
    previewCreditNote: async () => total,
    findCreditNote: async () => null,
    createCreditNote: async (note) => {
      notes.push(note);
      return { id: 'cn_1', number: 'CN-1', total };
    },
  };
  return notes;
}

describe('taking an invoice back', () => {
  it('voids what nobody has paid, and opens the month again', async () => {
    const id = await issued();
    const plan = await tool.plan({ invoice: 'PSI-202611-001' }, room.ctx);
    expect(plan).toMatchObject({
      title: 'Take back invoice PSI-202611-001 of Acme Robotics over $0.30: voided',
      amount: { minor: 30, currency: 'USD' },
    });
    const kinds: string[] = [];
    const done = await tool.apply(plan, room.ctx, runner(kinds));
    expect(kinds).toEqual(['invoice.voided']);
    expect(done.summary).toBe('Took back invoice PSI-202611-001 over $0.30: voided.');
    expect([...room.outside.values()]).toMatchObject([{ status: 'void' }]);
    expect(await room.desk.runs.get(id)).toMatchObject({ state: 'unwound', number: 'PSI-202611-001' });
    expect(await october()).toMatchObject({ closedAt: null });
  });

  it('credits what was paid, and gives it back to the card', async () => {
    const id = await issued();
    const notes = paid();
    const plan = await tool.plan({ invoice: id }, room.ctx);
    expect(plan.changes).toContainEqual({ what: 'Given back', before: '$0.00', after: '$0.30' });
    await tool.apply(plan, room.ctx, runner());
    expect(notes).toMatchObject([{ refund: { minor: 30 }, balance: { minor: 0 } }]);
    expect(await room.desk.runs.get(id)).toMatchObject({ state: 'unwound' });
  });

  it('lets the month be closed anew, with the next number', async () => {
    const first = await issued();
    await tool.apply(await tool.plan({ invoice: first }, room.ctx), room.ctx, runner());
    const second = await room.draft();
    expect(second).not.toBe(first);
    const done = await issueInvoice.apply(
      await issueInvoice.plan({ invoice: second }, room.ctx),
      room.ctx,
      runner(),
    );
    expect(done.summary).toMatch(/Issued invoice PSI-202611-002/);
    const { rows, sums } = await listDrafts.run({}, room.ctx);
    expect(rows.map(({ state }) => state).sort()).toEqual(['issued', 'unwound']);
    expect(sums).toMatchObject([{ minor: 30 }]);
  });

  it('done twice takes back once', async () => {
    const id = await issued();
    const plan = await tool.plan({ invoice: id }, room.ctx);
    const kinds: string[] = [];
    await tool.apply(plan, room.ctx, runner(kinds));
    await tool.apply(plan, room.ctx, runner(kinds));
    expect(kinds).toEqual(['invoice.voided']);
    await expect(tool.plan({ invoice: id }, room.ctx)).rejects.toThrow(/was taken back already/);
  });

  it('only notes what somebody has voided at Stripe meanwhile', async () => {
    const id = await issued();
    const [invoice] = [...room.outside.values()];
    if (invoice) room.outside.set(invoice.id, { ...invoice, status: 'void' });
    const kinds: string[] = [];
    await tool.apply(await tool.plan({ invoice: id }, room.ctx), room.ctx, runner(kinds));
    expect(kinds).toEqual([]);
    expect(await room.desk.runs.get(id)).toMatchObject({ state: 'unwound' });
  });

  it('usage of the month that comes afterwards belongs to its new close, not to the next month', async () => {
    const id = await issued();
    await tool.apply(await tool.plan({ invoice: id }, room.ctx), room.ctx, runner());
    room.late({ id: 'after', at: START + 20 * 86_400_000, calls: 10 });
    expect(room.desk.metering.dirtyPeriods()).toMatchObject([{ treatment: 're_rate' }]);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['an invoice nobody knows', async () => 'PSI-209901-001', /No month-close has an invoice/],
    ['a draft', () => room.draft(), /was never issued/],
  ])('%s is refused in words', async (_name, given, words) => {
    await expect(tool.plan({ invoice: await given() }, room.ctx)).rejects.toThrow(words);
  });
});

describe('what people say', () => {
  it('takes back by number or id, and nothing without one', () => {
    expect(tool.recognize(saying('please take back PSI-202611-004'))).toMatchObject([
      { input: { invoice: 'PSI-202611-004' } },
    ]);
    for (const text of ["don't unwind PSI-202611-004", 'unwind the invoice', 'was PSI-202611-004 unwound?'])
      expect(tool.recognize(saying(text))).toEqual([]);
  });
});
