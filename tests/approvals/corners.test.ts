import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/approvals/audit-log.ts';
import { SystemError, UserError } from '../../src/lib/errors.ts';
import { readApproval, updateApproval } from '../../src/store/approvals.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { ledgerTransaction } from '../../src/store/ledger.ts';
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

async function leftAt(point: 'effect.intent_recorded' | 'effect.sent'): Promise<string> {
  const proposal = await proposeRefund(w, fay);
  w.dieAt = point;
  await approve(w, proposal.id, flo);
  w.restart();
  return proposal.id;
}
const stop = () => w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
const go = () => w.editPolicy((text) => text.replace('stopped: true', 'stopped: false'));

describe('after a crash', () => {
  it('a step that had not begun is not begun once the facts have changed', async () => {
    const id = await leftAt('effect.intent_recorded');
    w.outside.payments.set(
      'ch_1',
      payment('ch_1', 12_000, { amountRefunded: { minor: 2_000, currency: 'USD' } }),
    );
    await w.door.sweep();
    expect(w.outside.refunds).toHaveLength(0);
    expect(await w.door.get(id)).toMatchObject({ state: 'superseded' });
  });

  it('a step that had not begun is not begun while everything is stopped', async () => {
    const id = await leftAt('effect.intent_recorded');
    stop();
    await w.door.sweep();
    expect(w.outside.refunds).toHaveLength(0);
    expect(await w.door.get(id)).toMatchObject({ state: 'failed' });
  });

  it('a step that had begun is found out, not repeated, while everything is stopped', async () => {
    const id = await leftAt('effect.sent');
    stop();
    await w.door.sweep();
    expect(await w.door.get(id)).toMatchObject({ state: 'applied' });
    expect(w.outside.refunds).toHaveLength(1);
  });

  it('a step that had begun and never arrived is not sent while everything is stopped', async () => {
    const id = await leftAt('effect.sent');
    w.outside.refunds.length = 0;
    stop();
    await w.door.sweep();
    expect(await w.door.get(id)).toMatchObject({ state: 'unknown' });
    go();
    w.clock.advance(11 * 60_000);
    await w.door.sweep();
    expect(await w.door.get(id)).toMatchObject({ state: 'failed' });
    expect(w.outside.refunds).toHaveLength(0);
  });

  it('an old step is looked up but not sent again: its key may have been forgotten outside', async () => {
    const id = await leftAt('effect.sent');
    w.outside.refunds.length = 0;
    w.clock.advance(21 * 3_600_000);
    await w.door.sweep();
    expect(w.outside.refunds).toHaveLength(0);
    expect(await w.door.get(id)).toMatchObject({ state: 'unknown' });
  });
});

describe('an undo that does not work', () => {
  it('leaves the action applied, and may be tried again', async () => {
    const proposal = await w.door.propose({
      tool: 'flip_switch',
      input: { lamp: 'desk' },
      requester: fay,
      place,
    });
    await approve(w, proposal.id, flo);
    w.lamp.fault = new UserError('conflict', 'The lamp is broken.');
    await w.door.undo({ approvalId: proposal.id, by: ada });
    await w.settled();
    expect(await w.door.get(proposal.id)).toMatchObject({
      state: 'applied',
      canUndo: true,
      outcome: 'Switched on. Undoing it did not work: The lamp is broken.',
    });
    w.lamp.fault = null;
    await w.door.undo({ approvalId: proposal.id, by: ada });
    await w.settled();
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'undone' });
  });

  it('is unknown when nobody can tell, and is not repeated', async () => {
    const proposal = await w.door.propose({
      tool: 'flip_switch',
      input: { lamp: 'desk' },
      requester: fay,
      place,
    });
    await approve(w, proposal.id, flo);
    w.lamp.fault = new SystemError('timeout', 'no answer');
    await w.door.undo({ approvalId: proposal.id, by: ada });
    await w.settled();
    expect(await w.door.get(proposal.id)).toMatchObject({ state: 'unknown', canUndo: false });
    expect((await w.door.undo({ approvalId: proposal.id, by: ada })).status).toBe('already_decided');
    await w.door.sweep();
    expect(w.lamp.calls).toHaveLength(2);
  });
});

describe('the limit of customers a day', () => {
  it('holds over proposals of one requester', async () => {
    w.editPolicy((text) => text.replace('max_customers: 10', 'max_customers: 1'));
    await proposeRefund(w, fay);
    w.outside.payments.set('ch_g', payment('ch_g', 500, { customerId: 'psz_globex' }));
    await expect(proposeRefund(w, fay, { customer: 'Globex' })).rejects.toThrow('2 customers today');
    await expect(proposeRefund(w, ada, { customer: 'Globex' })).resolves.toMatchObject({ state: 'pending' });
  });
});

describe('the ledgers', () => {
  it('wait for another transaction of the connection, so that its rollback takes nothing of theirs', async () => {
    const log = createAuditLog(w.store, w.clock);
    w.store.sqlite.exec('BEGIN');
    const written = log.record({ actor: 'psi', action: 'tool.called', subject: 'x', details: {} });
    await new Promise((resolve) => setTimeout(resolve, 20));
    w.store.sqlite.exec('ROLLBACK');
    await written;
    expect(verifyAudit(w.store)).toMatchObject({ ok: true, rows: 1 });
  });

  it('roll back what fails half way', async () => {
    const failing = ledgerTransaction(w.store, () => {
      w.store.sqlite.exec("INSERT INTO approval_cards VALUES ('a', 'c', 't', 'k', 1)");
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(w.store.sqlite.prepare('SELECT count(*) AS n FROM approval_cards').get()).toEqual({ n: 0 });
  });

  it('one row that cannot be read does not keep the others from expiring', async () => {
    const broken = await proposeRefund(w, fay);
    const fine = await w.door.propose({
      tool: 'send_payment_reminder',
      input: { customer: 'Acme' },
      requester: sue,
      place,
    });
    w.store.sqlite.prepare("UPDATE approvals SET plan = '{' WHERE id = ?").run(broken.id);
    w.clock.set(fine.expiresAt);
    await w.door.sweep();
    expect(await w.door.get(fine.id)).toMatchObject({ state: 'expired' });
    await expect(w.door.get(broken.id)).rejects.toMatchObject({ code: 'store_failed' });
  });
});

it('a row is changed from the revision that was read, or not at all', async () => {
  const { id } = await proposeRefund(w, fay);
  const read = readApproval(w.store, id)?.revision ?? 0;
  expect(updateApproval(w.store, id, read, { reason: 'first' })).toBe(true);
  expect(updateApproval(w.store, id, read, { reason: 'second' })).toBe(false);
  expect(readApproval(w.store, id)).toMatchObject({ reason: 'first', revision: read + 1 });
});
