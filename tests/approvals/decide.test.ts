import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/store/audit.ts';
import {
  acme,
  approve,
  openWorkspace,
  payment,
  people,
  person,
  place,
  proposeRefund,
  type Workspace,
} from './workspace.ts';

const { ada, ben, fay, flo, sue, ann, vic } = people;
let w: Workspace;

beforeEach(() => {
  w = openWorkspace();
});
afterEach(() => {
  w.close();
});

const actions = () =>
  w.store.sqlite
    .prepare<[], { action: string }>('SELECT action FROM audit ORDER BY seq')
    .all()
    .map((row) => row.action);

describe('an approved refund', () => {
  it('goes out once, is told on the row and stands in the audit log', async () => {
    const proposal = await proposeRefund(w, fay);
    expect(proposal).toMatchObject({ state: 'pending', plan: { title: 'Refund $120.00 to Acme Robotics' } });
    expect(w.outside.refunds).toHaveLength(0);
    const outcome = await approve(w, proposal.id, flo);
    expect(outcome.status).toBe('approved');
    expect(w.outside.refunds).toMatchObject([{ paymentId: 'ch_1', minor: 12_000 }]);
    const row = await w.door.get(proposal.id);
    expect(row).toMatchObject({ state: 'applied', outcome: 'Refunded $120.00 to Acme Robotics.' });
    expect(actions()).toEqual([
      'approval.proposed',
      'approval.approved',
      'effect.intended',
      'effect.confirmed',
      'approval.applied',
    ]);
    expect(verifyAudit(w.store)).toMatchObject({ ok: true, rows: 5 });
    expect(w.changes.map((change) => change.state)).toEqual(['pending', 'approved', 'applied']);
  });

  it('keeps names and addresses out of the audit log', async () => {
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    const details = w.store.sqlite.prepare<[], { details: string }>('SELECT details FROM audit').all();
    expect(JSON.stringify(details)).not.toMatch(/Acme Robotics|acme\.example/);
    expect(JSON.stringify(details)).toContain(acme.id);
  });
});

describe('who may decide', () => {
  it.each([
    ['the requester above the limit', fay, 'You asked for this yourself'],
    ['somebody of customer success', sue, 'Your role may not decide this'],
    ['an analyst', ann, 'Your role may not decide this'],
    ['a viewer', vic, 'Your role may not decide this'],
    ['a schedule', { ...flo, kind: 'schedule' as const }, 'Only a person'],
  ])('%s is refused with a reason and nothing goes out', async (_name, by, say) => {
    const proposal = await proposeRefund(w, fay);
    const outcome = await approve(w, proposal.id, by);
    expect(outcome.status).toBe('not_allowed');
    expect(outcome.say).toContain(say);
    expect(w.outside.refunds).toHaveLength(0);
    expect((await w.door.get(proposal.id))?.state).toBe('pending');
    expect(actions()).toContain('decision.refused');
  });

  it('nobody of another workspace even sees that the request exists', async () => {
    const proposal = await proposeRefund(w, fay);
    expect((await approve(w, proposal.id, { ...flo, teamId: 'T2' })).status).toBe('not_found');
    expect((await approve(w, 'apr_none', flo)).status).toBe('not_found');
  });

  it('lists the request as waiting for those who may approve it, and for nobody else', async () => {
    const proposal = await proposeRefund(w, fay);
    const waiting = await Promise.all(
      [ada, flo, fay, vic].map(async (who) => (await w.door.waitingFor(who)).length),
    );
    expect(waiting).toEqual([1, 1, 0, 0]);
    expect(w.door.deciders(proposal, w.members).map((one) => one.userId)).toEqual(['ada', 'ben', 'flo']);
  });

  it.each([
    ['a viewer', vic],
    ['an analyst', ann],
    ['somebody of customer success', sue],
  ])('%s may not even ask for a refund', async (_name, who) => {
    await expect(proposeRefund(w, who)).rejects.toMatchObject({ code: 'not_allowed' });
    expect(actions()).toEqual(['proposal.refused']);
  });

  it('a right that was lost since the proposal is lost at the click', async () => {
    const proposal = await proposeRefund(w, fay);
    w.editPolicy((text) =>
      text.replace('{ up_to: 5000, approvers: [finance, founder] }', '{ up_to: 5000, approvers: [founder] }'),
    );
    expect((await approve(w, proposal.id, flo)).status).toBe('not_allowed');
    expect((await approve(w, proposal.id, ada)).status).toBe('approved');
  });

  it('a requester who lost their role takes the request with them', async () => {
    const proposal = await proposeRefund(w, fay);
    w.members = w.members.map((one) => (one.userId === 'fay' ? person('fay', ['viewer']) : one));
    const outcome = await approve(w, proposal.id, flo);
    expect(outcome).toMatchObject({ status: 'not_allowed' });
    expect(outcome.say).toContain('no longer allows');
  });
});

describe('clicks that come too late or twice', () => {
  it('of two clicks at the same moment one decides and the other is told so', async () => {
    const proposal = await proposeRefund(w, fay);
    const click = (by: typeof flo) => w.door.decide({ approvalId: proposal.id, verdict: 'approve', by });
    const outcomes = await Promise.all([click(flo), click(ada), click(flo)]);
    await w.settled();
    expect(outcomes.map((one) => one.status).sort()).toEqual([
      'already_decided',
      'already_decided',
      'approved',
    ]);
    expect(w.outside.refunds).toHaveLength(1);
  });

  it('two processes on one store decide once', async () => {
    const proposal = await proposeRefund(w, fay);
    const other = w.anotherDoor();
    const outcomes = await Promise.all([
      w.door.decide({ approvalId: proposal.id, verdict: 'approve', by: flo }),
      other.door.decide({ approvalId: proposal.id, verdict: 'reject', by: ada }),
    ]);
    await w.settled();
    await other.pending.drained();
    expect(outcomes.filter((one) => one.status === 'already_decided')).toHaveLength(1);
  });

  it('a second click says who decided', async () => {
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    expect((await approve(w, proposal.id, flo)).say).toBe(
      'You already approved this. Your click changed nothing.',
    );
    expect((await approve(w, proposal.id, ada)).say).toBe(
      'flo already approved this. Your click changed nothing.',
    );
    expect(w.outside.refunds).toHaveLength(1);
  });

  it.each([
    ['a millisecond before it expires', -1, 'approved'],
    ['at the instant it expires', 0, 'expired'],
    ['later', 1, 'expired'],
  ])('a click %s', async (_name, offset, status) => {
    const proposal = await proposeRefund(w, fay);
    w.clock.set(proposal.expiresAt + offset);
    expect((await approve(w, proposal.id, flo)).status).toBe(status);
    expect(w.outside.refunds).toHaveLength(status === 'approved' ? 1 : 0);
    expect((await approve(w, proposal.id, flo)).status).toBe(
      status === 'approved' ? 'already_decided' : 'expired',
    );
  });

  it('a click on a replaced card does nothing, and the newer one still works', async () => {
    const first = await proposeRefund(w, fay);
    const second = await proposeRefund(w, fay, { amount: '50.00' });
    const outcome = await approve(w, first.id, flo);
    expect(outcome).toMatchObject({ status: 'superseded', approval: { supersededBy: second.id } });
    expect(outcome.say).toBe('Replaced by a newer request from fay.');
    await approve(w, second.id, flo);
    expect(w.outside.refunds.map((one) => one.minor)).toEqual([5_000]);
  });

  it('asking for the same thing again gives the same request', async () => {
    const first = await proposeRefund(w, fay);
    expect((await proposeRefund(w, fay)).id).toBe(first.id);
    expect((await proposeRefund(w, flo)).id).not.toBe(first.id);
  });
});

describe('rejecting', () => {
  it('is final and nothing goes out', async () => {
    const proposal = await proposeRefund(w, fay);
    const outcome = await w.door.decide({
      approvalId: proposal.id,
      verdict: 'reject',
      by: flo,
      reason: 'Wrong customer.',
    });
    expect(outcome.status).toBe('rejected');
    expect((await w.door.get(proposal.id))?.outcome).toBe('Rejected by flo. Wrong customer.');
    expect((await approve(w, proposal.id, ada)).say).toBe(
      'flo already rejected this. Your click changed nothing.',
    );
    expect(w.outside.refunds).toHaveLength(0);
  });

  it('whoever asked may take it back; a bystander may not reject it', async () => {
    const proposal = await proposeRefund(w, fay);
    expect((await w.door.decide({ approvalId: proposal.id, verdict: 'reject', by: vic })).status).toBe(
      'not_allowed',
    );
    const outcome = await w.door.decide({ approvalId: proposal.id, verdict: 'reject', by: fay });
    expect(outcome).toMatchObject({ status: 'rejected', approval: { outcome: 'Taken back by fay.' } });
  });
});

describe('two people', () => {
  beforeEach(() => {
    w.outside.payments.set('ch_1', payment('ch_1', 900_000));
  });

  it('the first yes is recorded, the same person does not count twice, the second person decides', async () => {
    const proposal = await proposeRefund(w, fay);
    expect(proposal.requirement).toMatchObject({ approvals: 2, selfApproval: false });
    expect((await approve(w, proposal.id, flo)).status).toBe('recorded');
    expect((await approve(w, proposal.id, flo)).say).toContain('already counts');
    expect((await approve(w, proposal.id, fay)).status).toBe('not_allowed');
    expect(w.outside.refunds).toHaveLength(0);
    expect((await approve(w, proposal.id, ben)).status).toBe('approved');
    expect(w.outside.refunds).toHaveLength(1);
  });

  it('a first yes by somebody who lost the right since does not count', async () => {
    const proposal = await proposeRefund(w, fay);
    await approve(w, proposal.id, flo);
    w.members = w.members.map((one) => (one.userId === 'flo' ? person('flo', ['viewer']) : one));
    expect((await approve(w, proposal.id, ben)).status).toBe('recorded');
    expect((await approve(w, proposal.id, ada)).status).toBe('approved');
  });

  it('both yeses at the same moment apply once', async () => {
    const proposal = await proposeRefund(w, fay);
    const click = (by: typeof flo) => w.door.decide({ approvalId: proposal.id, verdict: 'approve', by });
    const outcomes = await Promise.all([click(flo), click(ben)]);
    await w.settled();
    expect(outcomes.map((one) => one.status).sort()).toEqual(['approved', 'recorded']);
    expect(w.outside.refunds).toHaveLength(1);
  });
});

describe('small amounts and founders alone', () => {
  it.each([
    ['nothing typed', undefined, 'needs_typed_amount'],
    ['another amount typed', '12', 'needs_typed_amount'],
    ['no amount typed', 'yes', 'needs_typed_amount'],
    ['the amount typed', '20', 'approved'],
    ['the amount typed as money', '$20.00', 'approved'],
  ])('own small request, %s', async (_name, typed, status) => {
    const proposal = await proposeRefund(w, fay, { amount: '20.00' });
    expect((await approve(w, proposal.id, fay, typed)).status).toBe(status);
    expect(w.outside.refunds).toHaveLength(status === 'approved' ? 1 : 0);
  });

  it('a founder with nobody else approves by typing the amount', async () => {
    w.members = [ada, vic];
    const proposal = await proposeRefund(w, ada);
    expect(proposal.requirement).toMatchObject({ selfApproval: true, typedAmount: true });
    expect((await approve(w, proposal.id, ada)).status).toBe('needs_typed_amount');
    expect((await approve(w, proposal.id, ada, '120.00')).status).toBe('approved');
    expect(w.outside.refunds).toHaveLength(1);
  });

  it('above the limit a founder alone is told to name a second person', async () => {
    w.members = [ada];
    w.outside.payments.set('ch_1', payment('ch_1', 100_001));
    await expect(proposeRefund(w, ada)).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('$1,000.00'),
      hint: expect.stringContaining('second person'),
    });
  });

  it('a founder is no longer alone once somebody joined', async () => {
    w.members = [ada];
    const proposal = await proposeRefund(w, ada);
    w.members = [ada, ben];
    expect((await approve(w, proposal.id, ada, '120.00')).status).toBe('not_allowed');
    expect((await approve(w, proposal.id, ben)).status).toBe('approved');
  });
});

describe('a large amount in small pieces', () => {
  it('meets the rule for the sum of the day, not for the piece', async () => {
    for (const id of ['ch_2', 'ch_3', 'ch_4']) w.outside.payments.set(id, payment(id, 2_400));
    const input = (id: string) => ({ tool: 'refund_payment', input: { payment: id }, requester: fay, place });
    const first = await w.door.propose(input('ch_2'));
    expect(first.requirement.selfApproval).toBe(true);
    w.clock.advance(1_000);
    const second = await w.door.propose(input('ch_3'));
    expect(second.requirement.selfApproval).toBe(false);
    expect((await approve(w, first.id, fay, '24')).status).toBe('approved');
    expect((await approve(w, second.id, fay, '24')).status).toBe('not_allowed');
    w.clock.advance(24 * 3_600_000);
    expect((await w.door.propose(input('ch_4'))).requirement.selfApproval).toBe(true);
  });
});

describe('where a proposal may be made', () => {
  it('not where a guest reads along, and not for an action that does not exist', async () => {
    const input = { customer: 'Acme' };
    const shared = { ...place, internalOnly: false };
    await expect(
      w.door.propose({ tool: 'refund_payment', input, requester: fay, place: shared }),
    ).rejects.toMatchObject({ code: 'wrong_audience' });
    await expect(w.door.propose({ tool: 'burn_money', input, requester: fay, place })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(
      w.door.propose({ tool: 'refund_payment', input: { customer: 7 }, requester: fay, place }),
    ).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('customer') });
  });

  it('not while the same thing is being carried out', async () => {
    const proposal = await proposeRefund(w, fay);
    const { createRefund } = w.outside.gateway;
    let during: Promise<unknown> = Promise.resolve();
    w.outside.gateway.createRefund = async (refund) => {
      during = proposeRefund(w, fay, { amount: '1' });
      await during.catch(() => undefined);
      return createRefund(refund);
    };
    await approve(w, proposal.id, flo);
    await expect(during).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('the kill switch', () => {
  it('refuses new proposals, approvals and applications, and lets people reject', async () => {
    const proposal = await proposeRefund(w, fay);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    await expect(proposeRefund(w, fay, { amount: '1' })).rejects.toThrow('stopped by the policy');
    const outcome = await approve(w, proposal.id, flo);
    expect(outcome.say).toContain('stopped by the policy');
    expect((await w.door.decide({ approvalId: proposal.id, verdict: 'reject', by: flo })).status).toBe(
      'rejected',
    );
    expect(w.outside.refunds).toHaveLength(0);
  });
});
