import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/retry-payment.ts';
import {
  acme,
  approve,
  NOON,
  openWorkspace,
  people,
  place,
  type Workspace,
} from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { decline, openRecovery, type RecoveryRoom } from './desk.ts';

const DAY_MS = 86_400_000;

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
});
afterEach(() => w.close());

const plan = (input: { [key: string]: string } = { customer: 'Acme' }) =>
  tool.plan(tool.input.parse(input), w.context(people.fay));
const propose = () =>
  w.door.propose({ tool: tool.name, input: { customer: 'Acme' }, requester: people.fay, place });

/** A charge of Acme's card that was declined before. */
async function declined(code: string, at: number, over: Parameters<typeof decline>[1] = {}): Promise<void> {
  const desk = room.desk();
  w.clock.set(at);
  const id = `earlier_${at}_${code}`;
  const money = { minor: 12_000, currency: 'USD' };
  const card = { fingerprint: 'card_acme', network: 'visa', country: 'US' };
  const whose = { customerId: acme.id, invoiceId: 'in_12000', by: 'schedule' as const };
  await desk.beginAttempt({ id, ...card, amount: money, ...whose });
  await desk.endAttempt(id, { outcome: 'declined', chargeId: null, decline: decline(code, over) });
  w.clock.set(NOON);
}

describe('planning another charge', () => {
  it('shows the invoice, the card and what was said last', async () => {
    expect(await plan()).toMatchObject({
      title: 'Charge $120.00 to Acme Robotics again',
      customer: { id: acme.id },
      amount: { minor: 12_000, currency: 'USD' },
      changes: [
        { before: '$120.00 open' },
        { after: 'visa ending 4242' },
        { after: '1, last declined: insufficient funds' },
      ],
      reversible: { possible: false },
    });
  });

  it.each([
    ['a stolen card', 'stolen_card', 10 * DAY_MS, {}, /not to try this card again|forbids/],
    [
      'an answer of Visa that means never',
      'do_not_honor',
      10 * DAY_MS,
      { networkDeclineCode: '41' },
      /forbids/,
    ],
    ['a try of an hour ago', 'insufficient_funds', 3_600_000, {}, /less than 24 hours ago/],
    ['a card whose owner has to act', 'expired_card', 10 * DAY_MS, {}, /update or confirm/],
  ])('after %s is refused with the reason, and counted', async (_name, code, ago, over, words) => {
    await declined(code, NOON - ago, over);
    await expect(plan()).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(words) });
    expect(await room.desk().refusedSince(0)).toHaveLength(1);
  });

  it('is allowed again once the owner has updated the card', async () => {
    await declined('expired_card', NOON - 10 * DAY_MS);
    room.card = { ...room.card, actedAt: NOON - DAY_MS };
    expect(await plan()).toMatchObject({ title: 'Charge $120.00 to Acme Robotics again' });
  });

  it('is refused beyond the budget of the card, whichever invoice it was tried for', async () => {
    for (let day = 2; day < 17; day += 1) await declined('do_not_honor', NOON - day * DAY_MS);
    await expect(plan()).rejects.toThrow(/Visa allows 15 attempts in 30 days/);
  });

  it('is refused while a payment of theirs is disputed', async () => {
    room.failing = room.failing.map((one) => ({ ...one, disputed: true }));
    await expect(plan()).rejects.toThrow(/disputed/);
  });

  it('of an incident of ours tells a person, and stops a schedule', async () => {
    room.incidents = [{ startAt: NOON - 3_600_000, endAt: null }];
    expect((await plan()).warnings).toEqual(['Recovery stands still for them: an incident of ours is open.']);
    const schedule = { ...people.fay, kind: 'schedule' as const, userId: 'schedule:recovery-tick' };
    const planned = tool.plan({ customer: 'Acme' }, w.context(schedule));
    await expect(planned).rejects.toThrow(/incident of ours/);
  });

  it.each([
    ['a customer who owes nothing', { customer: 'Globex' }, /no failed payment/],
    ['nobody in particular', {}, /customer or an invoice/],
    ['an invoice there is not', { invoice: 'in_none' }, /no invoice in_none/],
  ])('for %s is refused in words', async (_name, input, words) => {
    await expect(plan(input)).rejects.toThrow(words);
  });
});

describe('a charge that was approved', () => {
  it('is made once, also when the answer was lost, and stands in the ledger', async () => {
    const { id } = await propose();
    room.dropAnswers = 1;
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    w.clock.set(NOON + 120_000);
    await w.door.sweep();
    await w.settled();
    expect(await w.door.get(id)).toMatchObject({
      state: 'applied',
      outcome: expect.stringContaining('is paid'),
    });
    expect(room.charged).toHaveLength(1);
    expect(await room.desk().attemptsOf('card_acme')).toMatchObject([{ outcome: 'succeeded', by: 'person' }]);
  });

  it('and declined says what the customer may be told, and cannot be repeated at once', async () => {
    room.declines = 'insufficient_funds';
    const { id } = await propose();
    await approve(w, id, people.flo);
    await w.settled();
    expect((await w.door.get(id))?.outcome).toMatch(/declined.*balance did not cover it/);
    await expect(propose()).rejects.toThrow(/less than 24 hours ago/);
    expect(room.charged).toHaveLength(1);
  });

  it('is not made when the invoice was paid in between', async () => {
    const { id } = await propose();
    const invoice = w.outside.open.get('in_12000');
    if (invoice) w.outside.open.set('in_12000', { ...invoice, status: 'paid' });
    await approve(w, id, people.flo);
    await w.settled();
    expect((await w.door.get(id))?.state).not.toBe('applied');
    expect(room.charged).toEqual([]);
  });
});

describe('what people say', () => {
  it.each([
    ["retry Acme's failed payment", { customer: acme.id }],
    ["charge Acme's card again", { customer: acme.id }],
    ['please retry the payment of invoice in_123', { invoice: 'in_123' }],
    ['try the card of Acme again', { customer: acme.id }],
  ])('%s is read beyond doubt', (text, input) => {
    expect(tool.recognize(saying(text))).toMatchObject([{ input, confidence: 0.9 }]);
  });

  it.each(['retry the payments of everyone', 'retry the payment of Acme or Globex'])(
    '%s is asked back',
    (text) => {
      expect(tool.recognize(saying(text))[0]?.confidence).toBeLessThan(0.6);
    },
  );

  it.each(['how often did we retry Acme?', "don't retry Acme's payment", 'refund Acme', 'try again'])(
    '%s is not an order to charge',
    (text) => {
      expect(tool.recognize(saying(text))).toEqual([]);
    },
  );
});
