import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApprovalReader } from '../../src/approvals/reader.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { acme, approve, openWorkspace, payment, people, proposeRefund, type Workspace } from './workspace.ts';

const { fay, flo, vic } = people;
let w: Workspace;

beforeEach(async () => {
  w = openWorkspace();
  const proposal = await proposeRefund(w, fay);
  await approve(w, proposal.id, flo);
});
afterEach(() => {
  w.close();
});

describe('the audit log', () => {
  it.each(['UPDATE audit SET actor = ?', 'DELETE FROM audit WHERE actor <> ?'])('refuses %s', (sql) => {
    expect(() => w.store.sqlite.prepare(sql).run('x')).toThrow('append-only');
    expect(verifyAudit(w.store)).toMatchObject({ ok: true, rows: 5 });
  });

  it.each<[string, string, number]>([
    ['a changed actor', "UPDATE audit SET actor = 'mallory' WHERE seq = 2", 2],
    ['changed details', "UPDATE audit SET details = '{}' WHERE seq = 3", 3],
    ['a changed time', 'UPDATE audit SET at = at + 1 WHERE seq = 1', 1],
    ['a removed row', 'DELETE FROM audit WHERE seq = 2', 2],
    ['a removed beginning', 'DELETE FROM audit WHERE seq = 1', 1],
    ['a renumbered chain', 'DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5', 4],
    ['a forged hash', "UPDATE audit SET details = '{}', hash = 'f00' WHERE seq = 5", 5],
  ])('%s is found, even by someone who removed the guard', (_name, sql, brokenAt) => {
    w.store.sqlite.exec(`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; ${sql}`);
    expect(verifyAudit(w.store)).toMatchObject({ ok: false, brokenAt });
  });

  it('a cut-off end changes the head', () => {
    const { head } = verifyAudit(w.store);
    w.store.sqlite.exec('DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 5');
    expect(verifyAudit(w.store).head).not.toBe(head);
  });

  it('is read by customer and by approval, newest first, with names looked up', async () => {
    w.store.sqlite
      .prepare('INSERT INTO slack_users VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?, 0)')
      .run('T1', 'flo', 'Flo Rivera', null, 'UTC', '[]');
    const reader = createApprovalReader(w.store);
    const { rows, total } = await reader.audit({ subject: acme.id, limit: 2 });
    expect(total).toBe(5);
    expect(rows.map((row) => row.action)).toEqual(['approval.applied', 'effect.confirmed']);
    const all = await reader.audit({ limit: 10 });
    expect(all.rows.find((row) => row.action === 'approval.approved')).toMatchObject({
      actor: 'flo',
      actorName: 'Flo Rivera',
    });
    expect((await reader.audit({ subject: 'psz_none', limit: 10 })).total).toBe(0);
    expect((await reader.audit({ subject: 'psz_acm_', limit: 10 })).total).toBe(0);
    expect((await reader.audit({ subject: all.rows[0]?.subject ?? '', limit: 10 })).total).toBe(5);
  });
});

describe('the list of approvals', () => {
  it('shows what waits for whom, and everything by state', async () => {
    w.outside.payments.set('ch_1', payment('ch_1', 90_000));
    const proposal = await proposeRefund(w, fay);
    const reader = createApprovalReader(w.store);
    const waiting = (who: typeof fay) => reader.list({ waitingFor: who, limit: 5 });
    expect(await waiting(flo)).toMatchObject({ total: 1, rows: [{ id: proposal.id, requesterName: 'fay' }] });
    expect((await waiting(fay)).total).toBe(0);
    expect((await waiting(vic)).total).toBe(0);
    expect((await reader.list({ state: 'applied', limit: 5 })).total).toBe(1);
    expect(await reader.list({ limit: 1 })).toMatchObject({ total: 2, rows: [{}] });
  });
});
