import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approve, NOON, openWorkspace, payment, people, proposeRefund, type Workspace } from './workspace.ts';

const { ada, fay, flo, sue } = people;
const HOUR = 3_600_000;
let w: Workspace;

beforeEach(() => {
  w = openWorkspace();
});
afterEach(() => {
  w.close();
});

const edit = (approvalId: string, input: { [key: string]: string }, by = flo) =>
  w.door.edit({ approvalId, input, by });

describe('editing a proposal', () => {
  it('replaces it; the editor becomes the requester and cannot approve their own edit', async () => {
    const proposal = await proposeRefund(w, fay);
    const outcome = await edit(proposal.id, { customer: 'Acme', amount: '50.00' });
    expect(outcome).toMatchObject({
      status: 'recorded',
      approval: { requester: { userId: 'flo' }, state: 'pending' },
    });
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'superseded',
      supersededBy: outcome.approval?.id,
      outcome: 'Edited by flo.',
    });
    const id = outcome.approval?.id ?? '';
    expect((await approve(w, id, flo)).status).toBe('not_allowed');
    expect((await approve(w, id, fay)).status).toBe('approved');
    expect(w.outside.refunds).toMatchObject([{ minor: 5_000 }]);
  });

  it('checks the policy on the edited values', async () => {
    w.outside.payments.set('ch_1', payment('ch_1', 900_000));
    const proposal = await proposeRefund(w, fay, { amount: '20.00' });
    expect(proposal.requirement).toMatchObject({ approvals: 1, selfApproval: true });
    const outcome = await edit(proposal.id, { customer: 'Acme', amount: '9000' }, fay);
    expect(outcome.approval?.requirement).toMatchObject({ approvals: 2, selfApproval: false });
  });

  it.each([
    ['another field', { customer: 'Acme', secret: 'x' }, 'Unrecognized key'],
    ['too large an amount', { customer: 'Acme', amount: '500' }, 'more than the $120.00 left'],
    ['no amount at all', { customer: 'Acme', amount: 'lots' }, 'is not an amount'],
    ['an unknown customer', { customer: 'Nobody' }, 'No customer'],
  ])('%s is refused with a reason and leaves the proposal as it was', async (_name, input, say) => {
    const proposal = await proposeRefund(w, fay);
    const outcome = await edit(proposal.id, input);
    expect(outcome.say).toContain(say);
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'pending', revision: proposal.revision });
  });

  it('is for the requester and those who may approve', async () => {
    const proposal = await proposeRefund(w, fay);
    expect((await edit(proposal.id, { customer: 'Acme', amount: '1' }, sue)).status).toBe('not_allowed');
    expect((await edit(proposal.id, { customer: 'Acme', amount: '100' }, fay)).status).toBe('recorded');
  });

  it('comes too late for what is decided, expired or replaced', async () => {
    const decided = await proposeRefund(w, fay);
    await w.door.decide({ approvalId: decided.id, verdict: 'reject', by: flo });
    expect((await edit(decided.id, { customer: 'Acme' })).status).toBe('already_decided');
    const late = await proposeRefund(w, fay);
    w.clock.set(late.expiresAt);
    expect((await edit(late.id, { customer: 'Acme' })).status).toBe('expired');
    expect((await edit('apr_none', {})).status).toBe('not_found');
  });

  it('can move it to another payment, and the first card is dead', async () => {
    w.outside.payments.set('ch_2', payment('ch_2', 7_000));
    const proposal = await proposeRefund(w, fay);
    const outcome = await edit(proposal.id, { payment: 'ch_2' });
    expect((await approve(w, proposal.id, ada)).status).toBe('superseded');
    expect((await approve(w, outcome.approval?.id ?? '', ada)).status).toBe('approved');
    expect(w.outside.refunds).toMatchObject([{ paymentId: 'ch_2' }]);
  });
});

describe('what time does', () => {
  it('expires a proposal nobody decided, and says so on the row', async () => {
    const proposal = await proposeRefund(w, fay);
    w.clock.set(proposal.expiresAt - 1);
    await w.door.sweep();
    expect((await w.door.get(proposal.id))?.state).toBe('pending');
    w.clock.set(proposal.expiresAt);
    await w.door.sweep();
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'expired',
      outcome: 'Nobody decided in time. Nothing went out.',
    });
    expect(w.changes.at(-1)?.state).toBe('expired');
    expect(await w.door.nextDueAt()).toBeNull();
  });

  it('reminds those who may decide once, and escalates once', async () => {
    const proposal = await proposeRefund(w, fay);
    expect(await w.door.nextDueAt()).toBe(NOON + 2 * HOUR);
    w.clock.set(NOON + 2 * HOUR);
    await w.door.sweep();
    await w.door.sweep();
    expect(w.nudges).toEqual([{ kind: 'reminder', people: ['ada', 'ben', 'flo'] }]);
    // 15:00 in New York and eight hours: 23:00 is quiet there, so the escalation waits for 08:00.
    expect(await w.door.nextDueAt()).toBe(Date.parse('2026-11-25T13:00:00Z'));
    w.clock.set(NOON + 9 * HOUR);
    await w.door.sweep();
    expect(w.nudges).toHaveLength(1);
    w.clock.set(Date.parse('2026-11-25T13:00:00Z'));
    await w.door.sweep();
    expect(w.nudges.at(-1)).toEqual({ kind: 'escalation', people: ['ada', 'ben'] });
    expect(await w.door.nextDueAt()).toBe(proposal.expiresAt - HOUR);
    w.clock.set(proposal.expiresAt - HOUR);
    await w.door.sweep();
    expect(w.nudges.at(-1)).toEqual({ kind: 'last_call', people: ['ada', 'ben', 'flo'] });
    expect(await w.door.nextDueAt()).toBe(proposal.expiresAt);
  });

  it('a listener that fails harms neither the row nor the others', async () => {
    w.door.onChange(async () => {
      throw new Error('Slack is down');
    });
    const proposal = await proposeRefund(w, fay);
    expect((await approve(w, proposal.id, flo)).status).toBe('approved');
    expect((await w.door.get(proposal.id))?.state).toBe('applied');
  });
});

it('an edit that comes together with a yes leaves one request, not two', async () => {
  const proposal = await proposeRefund(w, fay);
  const [edited] = await Promise.all([
    edit(proposal.id, { customer: 'Acme', amount: '50.00' }),
    approve(w, proposal.id, ada),
  ]);
  expect(edited).toMatchObject({ status: 'not_allowed', approval: { id: proposal.id } });
  expect(edited.say).toContain('decided while you were editing');
  expect(await w.door.waitingFor(ada)).toEqual([]);
  expect(w.outside.refunds).toMatchObject([{ minor: 12_000 }]);
});

describe('when somebody is away', () => {
  it('tells who stands in for them once, and reminds the absent only when they are back', async () => {
    w.away = { ada: { awayUntilAt: NOON + 4 * HOUR, delegateId: 'flo' } };
    await proposeRefund(w, fay);
    await w.door.sweep();
    await w.door.sweep();
    expect(w.nudges).toEqual([{ kind: 'delegate', people: ['flo'] }]);
    w.clock.set(NOON + 2 * HOUR);
    await w.door.sweep();
    expect(w.nudges.at(-1)).toEqual({ kind: 'reminder', people: ['ben', 'flo'] });
    w.restart();
    w.clock.set(NOON + 4 * HOUR);
    await w.door.sweep();
    expect(w.nudges.slice(2)).toEqual([{ kind: 'reminder', people: ['ada'] }]);
  });

  it('gives a stand-in no right that their role does not have', async () => {
    w.away = { ada: { awayUntilAt: NOON + 48 * HOUR, delegateId: 'sue' } };
    const proposal = await proposeRefund(w, fay);
    await w.door.sweep();
    expect(w.nudges).toEqual([]);
    expect((await approve(w, proposal.id, sue)).status).toBe('not_allowed');
  });

  it('a last call that comes together with a reminder is the only word', async () => {
    await proposeRefund(w, fay);
    w.clock.set(NOON + 23.5 * HOUR);
    await w.door.sweep();
    expect(w.nudges.map((one) => one.kind)).toEqual(['last_call', 'escalation']);
    await w.door.sweep();
    expect(w.nudges).toHaveLength(2);
  });

  it('is not told of while the policy has stopped everything', async () => {
    await proposeRefund(w, fay);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    w.clock.set(NOON + 10 * HOUR);
    await w.door.sweep();
    expect(w.nudges).toEqual([]);
  });
});
