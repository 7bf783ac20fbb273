import { type Nudge, nudgesFor, type Watcher } from '../domain/approvals/nudges.ts';
import { mayDecide } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { type ApprovalRow, approvalsIn } from '../store/approvals.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { markNudge, nudgesAbout } from '../store/nudges.ts';
import { currentBatch } from './decide-batch.ts';
import type { House } from './house.ts';
import { decisionsOf, requesterOf, requirementOf } from './rows.ts';
import { PSI, recordOn } from './trail.ts';

/** What is spoken of together: a single proposal, or the open rows of a batch. */
interface Subject {
  id: string;
  rows: [ApprovalRow, ...ApprovalRow[]];
}

interface DueNudge extends Nudge {
  subject: Subject;
}

/** Says what has fallen due, each person once a kind. A last call or an escalation makes the reminder it comes with needless. */
export async function sendNudges(house: House): Promise<void> {
  const now = house.deps.clock.now();
  const due = (await nudgesToCome(house)).filter((one) => one.at <= now);
  const groups = new Map<string, DueNudge[]>();
  for (const one of due) {
    const key = `${one.subject.id} ${one.kind} ${one.insteadOf ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const teamId = group[0]?.subject.rows[0].team_id;
    if (teamId !== undefined) await sendGroup(house, group, due, await house.deps.members(teamId));
  }
}

/** When the next of them falls due; null when nothing more will be said. */
export async function nextNudgeAt(house: House): Promise<number | null> {
  const instants = (await nudgesToCome(house)).map((one) => one.at);
  return instants.length === 0 ? null : Math.min(...instants);
}

async function sendGroup(
  house: House,
  group: readonly DueNudge[],
  due: readonly DueNudge[],
  members: readonly Principal[],
): Promise<void> {
  const { store, clock } = house.deps;
  const first = group[0];
  if (first === undefined) return;
  const { subject, kind, insteadOf } = first;
  const told = await ledgerTransaction(store, () => {
    const marked = group.filter((one) =>
      markNudge(store, { subject: subject.id, kind, user_id: one.userId, at: clock.now() }),
    );
    const people = marked.filter((one) => kind !== 'reminder' || !due.some((other) => saysMore(other, one)));
    if (people.length > 0) {
      recordOn(house, subject.rows[0], PSI, `approval.${kind}`, { people: people.map((one) => one.userId) });
    }
    return people.map((one) => one.userId);
  });
  if (told.length === 0) return;
  const { batch_id } = subject.rows[0];
  await house.nudge({
    approval: house.approval(subject.rows[0]),
    batch: batch_id === null ? null : currentBatch(house, batch_id),
    kind,
    people: members.filter((one) => told.includes(one.userId)),
    insteadOf: members.find((one) => one.userId === insteadOf)?.name ?? null,
  });
}

function saysMore(other: DueNudge, reminder: DueNudge): boolean {
  return (
    (other.kind === 'last_call' || other.kind === 'escalation') &&
    other.userId === reminder.userId &&
    other.subject.id === reminder.subject.id
  );
}

async function nudgesToCome(house: House): Promise<DueNudge[]> {
  const { store, clock, policy: source } = house.deps;
  const { policy } = source.current();
  const now = clock.now();
  const subjects = subjectsOf(
    approvalsIn(store, ['pending']).filter((row) => row.expires_at > now && isReadable(row)),
  );
  // While everything is stopped nobody can decide, so nobody is called.
  if (subjects.length === 0 || policy.stopped) return [];
  // Only people of the workspace a proposal was made in watch over it.
  const teams = [...new Set(subjects.map((subject) => subject.rows[0].team_id))];
  const members = (await Promise.all(teams.map((teamId) => house.deps.members(teamId)))).flat();
  const settings = new Map(
    await Promise.all(
      members.map(
        async (one) => [`${one.teamId} ${one.userId}`, await house.deps.settings.get(one)] as const,
      ),
    ),
  );
  const said = new Set(
    nudgesAbout(
      store,
      subjects.map((one) => one.id),
    ).map((one) => `${one.subject} ${one.kind} ${one.user_id}`),
  );
  return subjects.flatMap((subject) => {
    const timing = policy.tools[subject.rows[0].tool]?.timing ?? policy.timing;
    const watchers = members.flatMap((one): Watcher[] => {
      if (one.teamId !== subject.rows[0].team_id) return [];
      const decides = subject.rows.some((row) => mayStillDecide(row, one));
      const above = one.roles.some((role) => timing.escalate_to.includes(role));
      if (!decides && !above) return [];
      const { awayUntilAt = null, delegateId = null } = settings.get(`${one.teamId} ${one.userId}`) ?? {};
      return [{ userId: one.userId, tz: one.tz, awayUntilAt, delegateId, decides, above }];
    });
    return nudgesFor({
      createdAt: Math.min(...subject.rows.map((row) => row.created_at)),
      expiresAt: Math.min(...subject.rows.map((row) => row.expires_at)),
      nowAt: now,
      watchers,
      timing,
      quiet: policy.quiet_hours,
    })
      .filter((one) => !said.has(`${subject.id} ${one.kind} ${one.userId}`))
      .map((one) => ({ ...one, subject }));
  });
}

function subjectsOf(rows: readonly ApprovalRow[]): Subject[] {
  const subjects = new Map<string, Subject>();
  for (const row of rows) {
    const id = row.batch_id ?? row.id;
    const known = subjects.get(id);
    if (known === undefined) subjects.set(id, { id, rows: [row] });
    else known.rows.push(row);
  }
  return [...subjects.values()];
}

function mayStillDecide(row: ApprovalRow, one: Principal): boolean {
  if (!mayDecide(requirementOf(row), requesterOf(row).userId, one, 'approve').ok) return false;
  return !decisionsOf(row).some((decision) => decision.userId === one.userId);
}

/** A row that cannot be read is reported by the sweep; here it must not keep the others from being heard of. */
function isReadable(row: ApprovalRow): boolean {
  try {
    requirementOf(row);
    requesterOf(row);
    decisionsOf(row);
    return true;
  } catch {
    return false;
  }
}
