import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/restore-service.ts';
import { acme, approve, openWorkspace, people, place, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { openRecovery, type RecoveryRoom } from './desk.ts';

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
  room.levels.set(acme.id, { level: 'suspended', key: null });
});
afterEach(() => w.close());

const propose = () =>
  w.door.propose({ tool: tool.name, input: { customer: 'Acme' }, requester: people.fay, place });

describe('giving full service back', () => {
  it('warns while something is owed', async () => {
    const plan = await tool.plan({ customer: 'Acme' }, w.context(people.fay));
    expect(plan).toMatchObject({
      title: 'Give Acme Robotics full service back',
      changes: [{ before: 'suspended', after: 'in full service' }, { after: '$120.00' }],
      warnings: ['$120.00 is still open.'],
    });
  });

  it('happens once approved, once', async () => {
    room.failing = [];
    const { id } = await propose();
    await approve(w, id, people.sue);
    await w.settled();
    expect((await w.door.get(id))?.outcome).toBe('Acme Robotics has full service again.');
    expect(room.levels.get(acme.id)?.level).toBe('full');
    expect(await room.desk().restoredSince(0)).toBe(1);
    await expect(propose()).rejects.toThrow(/is not restricted/);
  });

  it('by a standing rule carries the name of whoever decided it, who needs the right', async () => {
    const { id } = await propose();
    const decide = (by: typeof people.ada) =>
      w.door.decide({ approvalId: id, verdict: 'approve', by, byStandingRule: true });
    expect((await decide(people.ann)).status).toBe('not_allowed');
    expect((await decide(people.ada)).status).toBe('approved');
    await w.settled();
    expect((await w.door.get(id))?.decisions).toMatchObject([{ name: 'ada, by a standing rule' }]);
    const { rows } = await w.context(people.ada).approvals.audit({ subject: acme.id, limit: 20 });
    const approved = rows.find(({ action }) => action === 'approval.approved');
    expect(approved?.details).toMatchObject({ standingRule: true });
  });
});

describe('what people say', () => {
  it.each(["restore Acme's service", 'give Acme full access back', 'lift the restriction on Acme'])(
    '%s is read beyond doubt',
    (text) => {
      expect(tool.recognize(saying(text))).toMatchObject([{ input: { customer: acme.id }, confidence: 0.9 }]);
    },
  );
  it.each(['is Acme restored?', "don't unblock Acme"])('%s is not an order', (text) => {
    expect(tool.recognize(saying(text))).toEqual([]);
  });
});
