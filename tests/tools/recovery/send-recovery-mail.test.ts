import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/send-recovery-mail.ts';
import { acme, approve, openWorkspace, people, place, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { decline, openRecovery, type RecoveryRoom } from './desk.ts';

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
});
afterEach(() => w.close());

const plan = () => tool.plan({ customer: 'Acme' }, w.context(people.fay));

describe('a mail of the recovery', () => {
  it('says what is open to the cent, why, and where to pay', async () => {
    const { title, changes, touches } = await plan();
    expect(title).toBe('Write to Acme Robotics about their failed payment (kind)');
    const text = changes.find(({ what }) => what === 'Text')?.after ?? '';
    expect(text).toContain('INV-0001: $120.00');
    expect(text).toContain('the balance did not cover it');
    expect(text).toContain('Pay now: https://invoice.stripe.com/i/1');
    expect(touches).toHaveLength(1);
  });

  it('never tells a customer that a card is thought stolen', async () => {
    room.failing = room.failing.map((one) => ({
      ...one,
      invoices: one.invoices.map((invoice) => ({ ...invoice, lastDecline: decline('stolen_card') })),
    }));
    const { changes } = await plan();
    expect(JSON.stringify(changes)).not.toMatch(/stolen|fraud|lost/i);
    expect(JSON.stringify(changes)).toContain('Update the payment method');
  });

  it('goes out once, and the next one is the next step of the ladder', async () => {
    const input = { customer: 'Acme' };
    const { id } = await w.door.propose({ tool: tool.name, input, requester: people.fay, place });
    await approve(w, id, people.sue);
    await w.settled();
    expect(w.outside.mails).toHaveLength(1);
    expect(await room.desk().eventsOf(acme.id)).toMatchObject([{ kind: 'step', step: 'email-0' }]);
    expect((await plan()).title).toMatch(/\(clear\)|\(kind\)/);
  });

  it('is not written to somebody who opted out', async () => {
    await room.desk().note(acme.id, { kind: 'opted_out', step: null, untilAt: null, by: 'fay' });
    await expect(plan()).rejects.toThrow(/asked not to be contacted/);
  });
});

it.each(['ask Acme to update their card', 'mail Acme about their failed payment'])('%s is read', (text) => {
  expect(tool.recognize(saying(text))).toMatchObject([{ input: { customer: acme.id }, confidence: 0.9 }]);
});
it.each(['did we mail Acme about their card?', 'send Acme the report'])('%s is not', (text) => {
  expect(tool.recognize(saying(text))).toEqual([]);
});
