import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPolicyFile } from '../../src/approvals/policy-file.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createRecoveryWatch } from '../../src/schedules/recovery-watch.ts';
import { acme, openWorkspace, people, place, type Workspace } from '../approvals/workspace.ts';
import { openRecovery, type RecoveryRoom } from '../tools/recovery/desk.ts';

let w: Workspace;
let room: RecoveryRoom;
const ada = { ...people.ada, email: 'ada@psizero.example' };

beforeEach(async () => {
  w = openWorkspace([ada, people.fay, people.flo]);
  room = openRecovery(w);
  room.levels.set(acme.id, { level: 'suspended', key: null });
  await room.desk().noteLevel({ id: 'eff_0', customerId: acme.id, level: 'suspended' });
});
afterEach(() => w.close());

function watch() {
  return createRecoveryWatch({
    recovery: room.desk(),
    approvals: w.context(people.ada).approvals,
    door: w.door,
    clock: w.clock,
    logger: silentLogger,
    company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
    teamId: place.teamId,
    policy: openPolicyFile(w.policyPath, () => undefined),
    channel: async () => place,
    members: async () => w.members,
  });
}

function ruleOf(rule: string): void {
  w.editPolicy((text) =>
    text.replace('\n  restore_after_payment: null', `\n  restore_after_payment: ${rule}`),
  );
}

const states = () => w.changes.map(({ state }) => state);
const look = async () => {
  await watch().look();
  await w.settled();
};

it('leaves whoever still owes as they are', async () => {
  ruleOf('{ decided_by: ada@psizero.example, until: 2027-06-30, max_per_day: 5 }');
  await look();
  expect(states()).toEqual([]);
});

it('proposes full service at once where no rule is set, and takes a no for the day', async () => {
  room.failing = [];
  await look();
  await look();
  expect(states()).toEqual(['pending']);
  const [asked] = w.changes;
  await w.door.decide({ approvalId: asked?.id ?? '', verdict: 'reject', by: people.flo });
  await look();
  expect(states()).toEqual(['pending', 'rejected']);
  expect(room.levels.get(acme.id)?.level).toBe('suspended');
});

it('gives it back by the standing rule of a named person', async () => {
  room.failing = [];
  ruleOf('{ decided_by: ada@psizero.example, until: 2027-06-30, max_per_day: 5 }');
  await look();
  expect(room.levels.get(acme.id)?.level).toBe('full');
  expect(w.changes.at(-1)).toMatchObject({
    state: 'applied',
    decisions: [{ name: 'ada, by a standing rule' }],
  });
});

it.each([
  ['is over', '{ decided_by: ada@psizero.example, until: 2026-11-23, max_per_day: 5 }'],
  ['names nobody here', '{ decided_by: eve@psizero.example, until: 2027-06-30, max_per_day: 5 }'],
])('asks a person where the rule %s', async (_name, rule) => {
  room.failing = [];
  ruleOf(rule);
  await look();
  expect(states()).toEqual(['pending']);
  expect(room.levels.get(acme.id)?.level).toBe('suspended');
});
