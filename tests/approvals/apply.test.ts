import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS, LOOK_EVERY_MS } from '../../src/approvals/apply.ts';
import { GIVE_UP_AFTER_MS } from '../../src/approvals/effect-ledger.ts';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import {
  approve,
  openWorkspace,
  payment,
  people,
  place,
  proposeRefund,
  type Workspace,
} from './workspace.ts';

const { ada, fay, flo, sue } = people;
let w: Workspace;

beforeEach(() => {
  w = openWorkspace();
});
afterEach(() => {
  w.close();
});

const stateOf = async (id: string) => (await w.door.get(id))?.state;
const remind = () =>
  w.door.propose({ tool: 'send_payment_reminder', input: { customer: 'Acme' }, requester: sue, place });
const effectStates = () =>
  w.store.sqlite
    .prepare<[], { state: string }>('SELECT state FROM effects')
    .all()
    .map((row) => row.state);

async function crashAt(name: Failpoint, id: string): Promise<void> {
  w.dieAt = name;
  await approve(w, id, flo).catch(() => undefined);
  await w.settled();
  expect(w.dieAt).toBeNull();
  w.restart();
  await w.door.sweep();
}

describe('a power cut', () => {
  const points: Failpoint[] = [
    'approval.decided',
    'effect.intent_recorded',
    'effect.sent',
    'effect.confirmed',
    'approval.applied',
  ];
  it.each(points)('at %s leaves exactly one refund and a settled row', async (point) => {
    const proposal = await proposeRefund(w, fay);
    await crashAt(point, proposal.id);
    expect(w.outside.refunds).toHaveLength(1);
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'applied',
      outcome: 'Refunded $120.00 to Acme Robotics.',
    });
    expect(effectStates()).toEqual(['confirmed']);
    expect(verifyAudit(w.store).ok).toBe(true);
    await w.door.sweep();
    expect(w.outside.refunds).toHaveLength(1);
    expect(await w.door.nextDueAt()).toBeNull();
  });

  it.each([
    ['approval.decided', 'applied'],
    ['effect.intent_recorded', 'applied'],
    ['effect.sent', 'unknown'],
    ['effect.confirmed', 'applied'],
    ['approval.applied', 'applied'],
  ] as const)('at %s sends a mail exactly once; the row says %s', async (point, state) => {
    const proposal = await remind();
    await crashAt(point, proposal.id);
    expect(w.outside.mails).toHaveLength(1);
    expect(await stateOf(proposal.id)).toBe(state);
    await w.door.sweep();
    expect(w.outside.mails).toHaveLength(1);
  });

  it('before anything began, with the facts changed meanwhile, asks anew instead of paying', async () => {
    const proposal = await proposeRefund(w, fay);
    w.dieAt = 'approval.decided';
    await approve(w, proposal.id, flo).catch(() => undefined);
    w.outside.payments.set(
      'ch_1',
      payment('ch_1', 12_000, { amountRefunded: { minor: 2_000, currency: 'USD' } }),
    );
    w.restart();
    await w.door.sweep();
    expect(w.outside.refunds).toHaveLength(0);
    expect(await stateOf(proposal.id)).toBe('superseded');
  });

  it('re-renders the cards that were not told', async () => {
    const proposal = await proposeRefund(w, fay);
    w.store.sqlite
      .prepare('INSERT INTO approval_cards VALUES (?, ?, ?, ?, ?)')
      .run(proposal.id, 'C1', '1.2', 'thread', proposal.revision);
    await crashAt('approval.applied', proposal.id);
    expect(w.changes.at(-1)).toMatchObject({ id: proposal.id, state: 'applied' });
  });
});

describe('two processes', () => {
  it('a new one may take a row from one that is still at work, and still one refund goes out', async () => {
    const proposal = await proposeRefund(w, fay);
    const { createRefund } = w.outside.gateway;
    const other = w.anotherDoor();
    let first = true;
    w.outside.gateway.createRefund = async (refund) => {
      if (first) {
        first = false;
        await other.door.sweep();
      }
      return createRefund(refund);
    };
    await approve(w, proposal.id, flo);
    await other.pending.drained();
    expect(w.outside.refunds).toHaveLength(1);
    expect(await stateOf(proposal.id)).toBe('applied');
  });

  it('a mail is handed over once even then, and the row finds out', async () => {
    const proposal = await remind();
    const { send } = w.outside.mail;
    const other = w.anotherDoor();
    w.outside.mail.send = async (mail) => {
      await other.door.sweep();
      return send(mail);
    };
    await approve(w, proposal.id, flo);
    await other.pending.drained();
    expect(w.outside.mails).toHaveLength(1);
    expect(await stateOf(proposal.id)).toBe('unknown');
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('applied');
    expect(w.outside.mails).toHaveLength(1);
  });

  it('a later sweep leaves a row alone while its lease holds', async () => {
    await w.door.sweep();
    const proposal = await proposeRefund(w, fay);
    w.store.sqlite
      .prepare("UPDATE approvals SET state = 'applying', effect_key = 'eff_x', applying_until = ?")
      .run(w.clock.now() + LEASE_MS);
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('applying');
    expect(await w.door.nextDueAt()).toBe(w.clock.now() + LEASE_MS);
    w.clock.advance(LEASE_MS);
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('applied');
    expect(w.outside.refunds).toHaveLength(1);
  });
});

describe('facts that changed between approval and application', () => {
  it('void the approval, say what changed and ask the same people anew', async () => {
    const proposal = await proposeRefund(w, fay);
    w.outside.payments.set(
      'ch_1',
      payment('ch_1', 12_000, { amountRefunded: { minor: 2_000, currency: 'USD' } }),
    );
    await approve(w, proposal.id, flo);
    const voided = await w.door.get(proposal.id);
    expect(voided?.state).toBe('superseded');
    expect(voided?.outcome).toContain('was $0.00 and is now $20.00');
    const anew = await w.door.get(voided?.supersededBy ?? '');
    expect(anew).toMatchObject({
      state: 'pending',
      requester: { userId: 'fay' },
      place: { channelId: 'C1', threadTs: '1.1' },
      plan: { title: 'Refund $100.00 to Acme Robotics' },
    });
    expect(w.outside.refunds).toHaveLength(0);
    await approve(w, anew?.id ?? '', flo);
    expect(w.outside.refunds).toMatchObject([{ minor: 10_000 }]);
  });

  it('say so when there is nothing left to do', async () => {
    const proposal = await remind();
    const invoice = w.outside.invoices.get('in_1');
    if (invoice !== undefined) w.outside.invoices.set('in_1', { ...invoice, status: 'paid' });
    await approve(w, proposal.id, flo);
    const row = await w.door.get(proposal.id);
    expect(row).toMatchObject({ state: 'superseded', supersededBy: null });
    expect(row?.outcome).toContain('no unpaid invoice');
    expect(w.outside.mails).toHaveLength(0);
  });

  it('count as changed when they cannot be read', async () => {
    const proposal = await proposeRefund(w, fay);
    w.outside.gateway.getPayment = async () => {
      throw new Error('socket hang up');
    };
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'failed' });
    expect((await w.door.get(proposal.id))?.outcome).toContain('Nothing went out');
    expect(w.outside.refunds).toHaveLength(0);
  });

  it('a stop by the policy between approval and application holds', async () => {
    const proposal = await proposeRefund(w, fay);
    w.dieAt = 'approval.decided';
    await approve(w, proposal.id, flo).catch(() => undefined);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    w.restart();
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('failed');
    expect(w.outside.refunds).toHaveLength(0);
  });
});

describe('answers that get lost', () => {
  it('a refund whose answer was lost is found by looking it up', async () => {
    w.outside.dropAnswers = 1;
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect(w.outside.refunds).toHaveLength(1);
    expect(await stateOf(proposal.id)).toBe('applied');
  });

  it('a refund that never arrived is sent again under the same key', async () => {
    w.outside.deaf = 1;
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect(w.outside.refunds).toHaveLength(1);
    expect(await stateOf(proposal.id)).toBe('applied');
  });

  it('what nobody can tell is unknown, is looked up again and never sent again', async () => {
    w.outside.dropAnswers = 1;
    w.outside.blind = 2;
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'unknown', settledAt: null });
    expect((await w.door.get(proposal.id))?.outcome).toContain('will not send it twice');
    expect(await w.door.nextDueAt()).toBe(w.clock.now() + LOOK_EVERY_MS);
    w.clock.advance(LOOK_EVERY_MS);
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('unknown');
    w.clock.advance(LOOK_EVERY_MS);
    await w.door.sweep();
    expect(await stateOf(proposal.id)).toBe('applied');
    expect(w.outside.refunds).toHaveLength(1);
  });

  it('an unknown refund that Stripe still does not have later has failed', async () => {
    w.outside.deaf = 1;
    w.outside.blind = 1;
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect(await stateOf(proposal.id)).toBe('unknown');
    w.clock.advance(GIVE_UP_AFTER_MS);
    await w.door.sweep();
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'failed',
      outcome: expect.stringContaining('Nothing went out'),
    });
    expect(w.outside.refunds).toHaveLength(0);
  });

  it('a mail whose answer was lost is unknown, asks a person and is never sent again', async () => {
    w.outside.mailFault = 'lost_answer';
    const proposal = await remind();
    await approve(w, proposal.id, flo);
    const row = await w.door.get(proposal.id);
    expect(row?.state).toBe('unknown');
    expect(row?.outcome).toContain('mail did not answer, and cannot be asked');
    w.clock.advance(24 * 3_600_000);
    await w.door.sweep();
    expect(w.outside.mails).toHaveLength(1);
    expect(await w.door.nextDueAt()).toBeNull();
  });

  it('a mail server that could not be reached means the mail did not go out', async () => {
    w.outside.mailFault = 'no_connection';
    const proposal = await remind();
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'failed',
      outcome: expect.stringContaining('Nothing went out'),
    });
  });

  it('a refusal by Stripe fails the row in words', async () => {
    const proposal = await proposeRefund(w, fay);
    const { createRefund } = w.outside.gateway;
    w.outside.gateway.createRefund = async (refund) =>
      createRefund({ ...refund, amount: { minor: 13_000, currency: 'USD' } });
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'failed',
      outcome: 'The refund is larger than what is left of the payment. Nothing went out.',
    });
  });
});

describe('undo', () => {
  const flip = () => w.door.propose({ tool: 'flip_switch', input: { lamp: 'desk' }, requester: fay, place });

  it('is for those who may approve, happens once and has a key of its own', async () => {
    const proposal = await flip();
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'applied', canUndo: true });
    expect((await w.door.undo({ approvalId: proposal.id, by: fay })).status).toBe('not_allowed');
    expect((await w.door.undo({ approvalId: proposal.id, by: sue })).status).toBe('not_allowed');
    const outcomes = await Promise.all([
      w.door.undo({ approvalId: proposal.id, by: ada }),
      w.door.undo({ approvalId: proposal.id, by: flo }),
    ]);
    await w.settled();
    expect(outcomes.map((one) => one.status)).toEqual(['approved', 'already_decided']);
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'undone',
      outcome: 'Switched off again.',
      canUndo: false,
    });
    expect(new Set(w.lamp.calls).size).toBe(2);
    expect((await w.door.undo({ approvalId: proposal.id, by: ada })).status).toBe('already_decided');
  });

  it.each(['effect.intent_recorded', 'effect.confirmed'] as const)(
    'survives a power cut at %s',
    async (point) => {
      const proposal = await flip();
      await approve(w, proposal.id, flo);
      w.dieAt = point;
      await w.door.undo({ approvalId: proposal.id, by: ada });
      await w.settled();
      w.restart();
      await w.door.sweep();
      expect(await stateOf(proposal.id)).toBe('undone');
      expect(w.lamp.calls).toHaveLength(2);
    },
  );

  it('is not offered for what cannot be undone', async () => {
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect(await w.door.get(proposal.id)).toMatchObject({ canUndo: false });
    expect((await w.door.undo({ approvalId: proposal.id, by: ada })).say).toContain(
      'nothing here that can be undone',
    );
    expect((await w.door.undo({ approvalId: 'apr_none', by: ada })).status).toBe('not_found');
  });

  it('is refused while everything is stopped', async () => {
    const proposal = await flip();
    await approve(w, proposal.id, flo);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    expect((await w.door.undo({ approvalId: proposal.id, by: ada })).status).toBe('not_allowed');
  });
});
