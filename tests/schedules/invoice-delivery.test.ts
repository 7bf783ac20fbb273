import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InvoiceChannel, Parcel } from '../../src/domain/billing/delivery/ports.ts';
import { SystemError, UserError } from '../../src/lib/errors.ts';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { invoiceDelivery } from '../../src/schedules/invoice-delivery.ts';
import { recordFate } from '../../src/schedules/record-fate.ts';
import { effectsOf } from '../../src/store/effects.ts';
import { createDeliveryBook, type DeliveryBook } from '../../src/store/invoice-deliveries.ts';
import {
  acme,
  approve,
  invoice,
  openWorkspace,
  people,
  place,
  proposeRefund,
  type Workspace,
} from '../approvals/workspace.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';
import { basis } from '../domain/billing/run/given.ts';

const HOUR = 3_600_000;
const { fay, flo } = people;

let w: Workspace;
let approvalId: string;
let key: string;
let sent: { parcel: Parcel; key: string }[];
/** What the next sends end in; null goes well. */
let ends: (Error | null)[];
let raised: string[];
let cleared: number;
let status: string;
let refuseToTell: boolean;
let lookUp: InvoiceChannel['lookUp'] | null;

beforeEach(async () => {
  w = openWorkspace();
  [sent, ends, raised, cleared, status, lookUp] = [[], [], [], 0, 'open', null];
  refuseToTell = false;
  const proposal = await proposeRefund(w, fay);
  await approve(w, proposal.id, flo);
  await w.settled();
  approvalId = proposal.id;
  key = effectsOf(w.store, approvalId)[0]?.key ?? '';
});
afterEach(() => w.close());

const book = (): DeliveryBook => createDeliveryBook(w.store);
const document = exampleDocument();

function heartbeat(channel: 'email' | 'api' = 'email') {
  const out: InvoiceChannel = {
    kind: channel === 'email' ? 'email.sent' : 'invoice.delivered',
    system: channel,
    send: async (parcel, stepKey) => {
      sent.push({ parcel, key: stepKey });
      const end = ends.shift() ?? null;
      if (end) throw end;
      return { outsideId: `msg_${sent.length}` };
    },
    ...(lookUp === null ? {} : { lookUp }),
  };
  return invoiceDelivery({
    book: book(),
    door: w.door,
    channels: { email: null, api: null, slack: null, [channel]: out },
    runs: {
      get: async () => ({
        ...{
          id: 'rinv_1',
          runId: 'brun_1',
          state: 'issued',
          document,
          pdfPath: null,
          number: document.number,
        },
        ...{ subtotalMinor: 0, taxMinor: 0, totalMinor: 0, flags: [], problems: [] },
        ...{ stripeInvoiceId: 'in_1', issuedAt: 0, basis, proof: PROOF },
      }),
    },
    records: { getInvoice: async () => invoice('in_1', { status }) },
    customers: { get: async () => acme },
    pdf: async () => new TextEncoder().encode('%PDF-'),
    alerts: {
      raise: async ({ title, detail }) => {
        if (refuseToTell) throw new Error('nobody can be told');
        raised.push(`${title} ${detail}`);
      },
      clear: async () => {
        cleared += 1;
      },
    },
    clock: w.clock,
    logger: silentLogger,
  });
}

const nothing = { calls: 0, included: 0, minor: 0 };
const PROOF = {
  ...{ holds: true, billed: nothing, found: nothing, difference: null },
  ...{ basis: { events: 0, eventDays: 0, totalDays: 31 }, days: [] },
};
async function queue(over: { dueAt?: number; channel?: 'email' | 'api' } = {}) {
  return book().add(
    {
      ...{ key, invoiceId: 'rinv_1', stripeInvoiceId: 'in_1', number: 'PSI-1', customerId: acme.id },
      ...{
        channel: 'email',
        address: 'ap@acme.example',
        name: 'Ann',
        language: 'de',
        dueAt: w.clock.now(),
        ...over,
      },
    },
    w.clock.now(),
  );
}
const state = () => book().byKey(key)?.state;

describe('an invoice that is queued', () => {
  it('goes out once at its time, in the language of its customer, with the PDF', async () => {
    await queue({ dueAt: w.clock.now() + HOUR });
    await queue({ dueAt: w.clock.now() });
    const beat = heartbeat();
    expect(await beat.nextDueAt()).toBe(w.clock.now() + HOUR);
    await beat.run();
    expect(sent).toEqual([]);
    w.clock.advance(HOUR);
    await beat.run();
    await beat.run();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.parcel).toMatchObject({
      pdf: { fileName: 'PSI-1.pdf' },
      message: { subject: expect.stringContaining('Rechnung') },
    });
    expect(state()).toBe('sent');
    expect(await beat.nextDueAt()).toBeNull();
    expect([raised.length, cleared]).toEqual([0, 1]);
    expect(effectsOf(w.store, approvalId).map((step) => step.state)).toEqual(['confirmed', 'confirmed']);
  });

  it.each<Failpoint>(['effect.intent_recorded', 'effect.confirmed'])(
    'goes out once though the power is cut at %s',
    async (point) => {
      await queue();
      w.dieAt = point;
      await heartbeat()
        .run()
        .catch(() => undefined);
      w.restart();
      await heartbeat().run();
      expect(sent).toHaveLength(1);
      expect(state()).toBe('sent');
    },
  );

  it('cut off while it was sent is never sent again: a person says what became of it', async () => {
    await queue();
    w.dieAt = 'effect.sent';
    await heartbeat()
      .run()
      .catch(() => undefined);
    w.restart();
    await heartbeat().run();
    await heartbeat().run();
    expect(sent).toHaveLength(1);
    expect(state()).toBe('unknown');
    expect(raised[0]).toMatch(/may or may not have reached Acme Robotics/);
    expect(await w.door.get(approvalId)).toMatchObject({ state: 'applied', canSettle: true });
  });

  it.each([
    [true, 'sent'],
    [false, 'failed'],
  ])(
    'whose answer was lost is settled by a person who says %s, and what was approved stays applied',
    async (wentOut, end) => {
      await queue();
      ends = [new SystemError('effect_unknown', 'no answer')];
      await heartbeat().run();
      expect(state()).toBe('unknown');
      expect((await w.door.settle({ approvalId, wentOut, by: flo })).status).toBe('recorded');
      expect(state()).toBe(end);
      expect(await w.door.get(approvalId)).toMatchObject({
        state: 'applied',
        canSettle: false,
        outcome: expect.stringContaining(
          'Refunded $120.00 to Acme Robotics. Of what was sent afterwards: flo found',
        ),
      });
      await heartbeat().run();
      expect(sent).toHaveLength(1);
    },
  );

  it('is tried again later where certainly nothing left, and given up in words in the end', async () => {
    await queue();
    const down = () => new SystemError('source_unavailable', 'the mail server cannot be reached');
    ends = [down(), down(), down(), down(), down()];
    for (let hours = 0; hours < 40; hours += 1) {
      await heartbeat().run();
      w.clock.advance(HOUR);
    }
    expect(sent).toHaveLength(5);
    expect(new Set(sent.map((one) => one.key)).size).toBe(5);
    expect(state()).toBe('failed');
    expect(raised.join()).toMatch(/could not be sent to Acme Robotics/);
  });

  it('of which the server knows no such mailbox counts as come back, and nothing more is sent there', async () => {
    await queue();
    ends = [new UserError('invalid_input', 'The mail server does not accept mail to ap@acme.example.')];
    await heartbeat().run();
    expect(state()).toBe('bounced');
    expect(book().suppression('AP@acme.example')).toMatchObject({
      reason: expect.stringContaining('does not accept'),
    });
    key = `${key}-again`;
    await queue();
    await heartbeat().run();
    expect(state()).toBe('held');
    expect(sent).toHaveLength(1);
  });

  it('of an invoice that was voided meanwhile is not sent', async () => {
    await queue();
    status = 'void';
    await heartbeat().run();
    expect([sent.length, state()]).toEqual([0, 'cancelled']);
  });

  it('waits while the policy has stopped everything', async () => {
    await queue();
    w.editPolicy((text) => text.replace(/^stopped: false/m, 'stopped: true'));
    await heartbeat().run();
    expect(sent).toEqual([]);
    w.editPolicy((text) => text.replace(/^stopped: true/m, 'stopped: false'));
    w.clock.advance(HOUR);
    await heartbeat().run();
    expect([sent.length, state()]).toEqual([1, 'sent']);
  });

  it('is not sent twice because nobody could be told of it', async () => {
    await queue();
    ends = [new SystemError('effect_unknown', 'no answer')];
    refuseToTell = true;
    await heartbeat().run();
    await heartbeat().run();
    expect([sent.length, state()]).toEqual([1, 'unknown']);
  });

  it('held back for days still has all its attempts', async () => {
    await queue();
    w.editPolicy((text) => text.replace(/^stopped: false/m, 'stopped: true'));
    for (let hour = 0; hour < 30; hour += 1) {
      await heartbeat().run();
      w.clock.advance(HOUR);
    }
    expect(book().byKey(key)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('goes nowhere without an approval that was applied', async () => {
    const pending = await w.door.propose({
      tool: 'flip_switch',
      input: { lamp: 'a' },
      requester: fay,
      place,
    });
    expect(pending.state).toBe('pending');
    key = 'nobody:1';
    await queue();
    await heartbeat().run();
    expect(sent).toEqual([]);
  });

  it('into the API is looked up after a lost answer, and laid there once', async () => {
    await queue({ channel: 'api' });
    lookUp = async () => ({ outsideId: 'ibx_1' });
    ends = [new SystemError('effect_unknown', 'no answer')];
    await heartbeat('api').run();
    expect([sent.length, state()]).toEqual([1, 'sent']);
  });
});

describe('what a carrier says', () => {
  const fate = (said: 'delivered' | 'bounced_hard' | 'bounced_soft', address = 'ap@acme.example') =>
    recordFate(
      {
        store: w.store,
        book: book(),
        alerts: { raise: async ({ title }) => void raised.push(title), clear: async () => undefined },
        clock: w.clock,
        nameOf: async () => acme.name,
      },
      {
        messageKey: sent[0]?.key ?? '',
        address,
        fate: said,
        reason: 'no such mailbox (5.1.1)',
        at: w.clock.now(),
      },
    );

  beforeEach(async () => {
    await queue();
    await heartbeat().run();
  });

  it('shows on the invoice, the last word first said of a mailbox that is gone', async () => {
    await fate('delivered');
    expect(state()).toBe('delivered');
    await fate('bounced_hard');
    await fate('bounced_hard');
    await fate('delivered');
    expect(book().byKey(key)).toMatchObject({ state: 'bounced', reason: 'no such mailbox (5.1.1)' });
    expect(raised).toEqual(['Invoice PSI-1 came back from Acme Robotics.']);
    expect(book().suppression('ap@acme.example')).not.toBeNull();
  });

  it('of a mailbox that is only full leaves the address open', async () => {
    await fate('bounced_soft');
    expect(state()).toBe('bounced');
    expect(book().suppression('ap@acme.example')).toBeNull();
  });

  it('about somebody else’s address, or a mail that Psi never sent, changes nothing', async () => {
    await fate('bounced_hard', 'boss@acme.example');
    sent = [{ parcel: sent[0]?.parcel ?? never(), key: 'made-up' }];
    await fate('bounced_hard');
    expect(state()).toBe('sent');
    expect(book().suppression('boss@acme.example')).toBeNull();
  });
});

function never(): never {
  throw new Error('nothing was sent');
}
