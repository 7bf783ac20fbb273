import type { Plan } from '../domain/approvals/plan.ts';
import { mayAsk, type PolicyAnswer } from '../domain/policy/requirement.ts';
import { audienceAllows } from '../domain/policy/rights.ts';
import type { Json, Place, Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import {
  type ApprovalRow,
  approvalsAbout,
  insertApproval,
  readApproval,
  updateApproval,
} from '../store/approvals.ts';
import { appendAudit } from '../store/audit.ts';
import { approvalsOfBatch } from '../store/batches.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { ConsequentialTool } from '../tools/define-tool.ts';
import type { House } from './house.ts';
import { planHash } from './plan-hash.ts';
import { askPolicy } from './policy-check.ts';
import { requesterOf, subjectKeyOf } from './rows.ts';
import { recordOn } from './trail.ts';

export interface Proposal {
  tool: string;
  input: { [key: string]: Json };
  requester: Principal;
  place: Place;
  /** The row this one stands in for: a pending one being edited, or one that is being voided. */
  insteadOf?: string;
  /** A person edits `insteadOf`: nothing is proposed when it has been decided meanwhile. */
  editing?: boolean;
  /** The place in a batch that is being proposed; who stands in for a row takes its place over. */
  batch?: { id: string; row: number };
}

export interface Drafted {
  tool: ConsequentialTool;
  input: { [key: string]: Json };
  plan: Plan;
  hash: string;
}

type Placed =
  | { kind: 'new'; row: ApprovalRow; replaced: ApprovalRow[] }
  | { kind: 'existing'; row: ApprovalRow }
  | { kind: 'refused'; answer: Extract<PolicyAnswer, { ok: false }> }
  | { kind: 'conflict'; say: string; hint: string };

/** Plans, asks the policy and writes the row. Throws UserError when it may not or cannot be done. */
export async function propose(house: House, proposal: Proposal): Promise<ApprovalRow> {
  if (proposal.insteadOf === undefined) refuseOutsiders(proposal.place);
  const draft = await drafted(house, proposal);
  return placeDraft(house, proposal, draft, await house.deps.members());
}

/** Asks the policy and writes the row of a plan that was just made. Throws UserError when it may not be done. */
export async function placeDraft(
  house: House,
  proposal: Proposal,
  draft: Drafted,
  members: readonly Principal[],
): Promise<ApprovalRow> {
  const placed = await ledgerTransaction(house.deps.store, () => place(house, proposal, draft, members));
  if (placed.kind === 'refused') {
    throw new UserError(placed.answer.code, placed.answer.say, placed.answer.hint);
  }
  if (placed.kind === 'conflict') throw new UserError('conflict', placed.say, placed.hint);
  if (placed.kind === 'new') {
    for (const row of placed.replaced) void house.emit(row);
    // The rows of a batch are told of together, once all of them stand.
    if (proposal.batch === undefined) void house.emit(placed.row);
  }
  return placed.row;
}

/** Throws UserError where people from outside the company read along. */
export function refuseOutsiders(place: Place): void {
  if (audienceAllows(place)) return;
  throw new UserError(
    'wrong_audience',
    'People from outside the company can read along here, so nothing can be asked for in this channel.',
    'Ask in a DM.',
  );
}

/** Whether it may be asked for at all, and the plan from fresh facts. */
export async function drafted(house: House, proposal: Proposal): Promise<Drafted> {
  const tool = house.deps.tool(proposal.tool);
  if (tool === undefined) throw new UserError('unsupported', `There is no action called ${proposal.tool}.`);
  const { policy } = house.deps.policy.current();
  const early = mayAsk(policy, tool.scope, proposal.requester.roles);
  if (early !== null) {
    await ledgerTransaction(house.deps.store, () => recordRefusal(house, proposal, early, {}));
    throw new UserError(early.code, early.say, early.hint);
  }
  const { input, values } = parseInput(tool, proposal.input);
  const plan = await tool.plan(values, house.deps.contextFor(proposal.requester, proposal.place));
  return { tool, input, plan, hash: planHash(tool.name, input, plan) };
}

/** The tool's own schema decides what its arguments are, wherever they come from. */
export function parseInput(
  tool: ConsequentialTool,
  raw: { [key: string]: Json },
): { input: { [key: string]: Json }; values: Record<string, unknown> } {
  const parsed = tool.input.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    throw new UserError(
      'invalid_input',
      `${where === '' ? 'The request' : where}: ${issue?.message ?? 'not valid'}.`,
    );
  }
  return { input: structuredClone(raw), values: parsed.data };
}

function place(house: House, proposal: Proposal, draft: Drafted, members: readonly Principal[]): Placed {
  const { store, clock } = house.deps;
  const { tool, plan } = draft;
  const now = clock.now();
  const about = approvalsAbout(store, tool.name, subjectKeyOf(plan), ['pending', 'approved', 'applying']);
  const edited = proposal.insteadOf === undefined ? null : readApproval(store, proposal.insteadOf);
  if (proposal.editing === true && edited?.state !== 'pending') {
    const say = 'It was decided while you were editing, so nothing was changed.';
    return { kind: 'conflict', say, hint: 'Look at the card.' };
  }
  const spot = proposal.batch ?? spotOf(edited);
  const there = proposal.batch === undefined ? null : inSpot(store, proposal.batch);
  if (there !== null) return { kind: 'existing', row: there };
  const pending = about.filter((row) => row.state === 'pending' && row.expires_at > now);
  const conflict = conflictIn(proposal, draft, spot, pending);
  if (conflict !== null) return conflict;
  const twin = pending.find(
    (row) => row.plan_hash === draft.hash && requesterOf(row).userId === proposal.requester.userId,
  );
  if (twin !== undefined) return { kind: 'existing', row: twin };
  if (about.some((row) => row.state !== 'pending' && row.id !== proposal.insteadOf)) {
    const say = `"${plan.title}" is being carried out right now.`;
    return { kind: 'conflict', say, hint: 'Look again in a moment.' };
  }
  const replaced = [...pending];
  if (edited?.state === 'pending' && !replaced.some((row) => row.id === edited.id)) replaced.push(edited);
  const leaving = new Set(replaced.map((row) => row.id).concat(proposal.insteadOf ?? []));
  const answer = askPolicy(house, {
    tool,
    plan,
    requester: proposal.requester,
    members,
    counts: (row) => !leaving.has(row.id),
  });
  if (!answer.ok) {
    recordRefusal(house, proposal, answer, {
      about: subjectKeyOf(plan),
      customer: plan.customer?.id ?? null,
    });
    return { kind: 'refused', answer };
  }
  const row = newRow(house, proposal, draft, answer, spot);
  insertApproval(store, row);
  recordOn(house, row, proposal.requester.userId, 'approval.proposed', { needs: answer.requirement.words });
  return { kind: 'new', row, replaced: replaced.flatMap((old) => supersede(house, old, row, edited)) };
}

/** One thing stands in one row of a batch; what waits elsewhere already is not asked for again by a batch. */
function conflictIn(
  proposal: Proposal,
  { plan, hash }: Drafted,
  spot: Spot | null,
  pending: readonly ApprovalRow[],
): Extract<Placed, { kind: 'conflict' }> | null {
  const sibling = pending.find(
    (row) => spot !== null && row.batch_id === spot.id && row.batch_row !== spot.row,
  );
  if (sibling !== undefined) {
    const say = `Row ${sibling.batch_row} of the same batch is about the same ${plan.subject.kind}.`;
    return { kind: 'conflict', say, hint: 'Decide that row.' };
  }
  const twin = pending.find((row) => row.plan_hash === hash);
  if (proposal.batch === undefined || twin === undefined) return null;
  const say = `It waits for a decision already, asked for by ${requesterOf(twin).name}.`;
  return { kind: 'conflict', say, hint: 'Decide it there.' };
}

type Spot = NonNullable<Proposal['batch']>;

function spotOf(row: ApprovalRow | null): Spot | null {
  return row === null || row.batch_id === null ? null : { id: row.batch_id, row: row.batch_row ?? 0 };
}

function inSpot(store: House['deps']['store'], spot: Spot): ApprovalRow | null {
  return approvalsOfBatch(store, spot.id).find((row) => row.batch_row === spot.row) ?? null;
}

function newRow(
  house: House,
  proposal: Proposal,
  draft: Drafted,
  answer: Extract<PolicyAnswer, { ok: true }>,
  spot: Spot | null,
): ApprovalRow {
  const now = house.deps.clock.now();
  return {
    id: house.deps.newId('apr'),
    tool: draft.tool.name,
    arguments: JSON.stringify(draft.input),
    plan: JSON.stringify(draft.plan),
    plan_hash: draft.hash,
    subject_key: subjectKeyOf(draft.plan),
    state: 'pending',
    requester: JSON.stringify(proposal.requester),
    requirement: JSON.stringify(answer.requirement),
    decisions: '[]',
    policy_version: house.deps.policy.current().version,
    nonce: house.deps.newId('n'),
    team_id: proposal.place.teamId,
    channel_id: proposal.place.channelId,
    thread_ts: proposal.place.threadTs,
    superseded_by: null,
    result: null,
    reason: null,
    effect_key: null,
    applying_until: null,
    created_at: now,
    expires_at: now + answer.timing.expires_after,
    decided_at: null,
    settled_at: null,
    revision: 1,
    batch_id: spot?.id ?? null,
    batch_row: spot?.row ?? null,
    paused_at: null,
  };
}

function supersede(
  house: House,
  old: ApprovalRow,
  by: ApprovalRow,
  edited: ApprovalRow | null,
): ApprovalRow[] {
  const { store, clock } = house.deps;
  const who = requesterOf(by);
  const reason =
    old.id === edited?.id ? `Edited by ${who.name}.` : `Replaced by a newer request from ${who.name}.`;
  const patch = { state: 'superseded', superseded_by: by.id, reason, settled_at: clock.now() };
  if (!updateApproval(store, old.id, old.revision, patch)) return [];
  recordOn(house, old, who.userId, 'approval.superseded', { by: by.id });
  const now = readApproval(store, old.id);
  return now === null ? [] : [now];
}

function recordRefusal(
  house: House,
  proposal: Proposal,
  answer: Extract<PolicyAnswer, { ok: false }>,
  details: { [key: string]: Json },
): void {
  appendAudit(house.deps.store, {
    at: house.deps.clock.now(),
    actor: proposal.requester.userId,
    action: 'proposal.refused',
    subject: `tool:${proposal.tool}`,
    details: { because: answer.say, policy: house.deps.policy.current().version, ...details },
  });
}
