import { parseAmount } from '../domain/policy/amount.ts';
import { stricter } from '../domain/policy/requirement.ts';
import { mayDecide, roleWords } from '../domain/policy/rights.ts';
import type { Principal } from '../domain/types.ts';
import { type ApprovalPatch, type ApprovalRow, readApproval, updateApproval } from '../store/approvals.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { House } from './house.ts';
import { askPolicy } from './policy-check.ts';
import { decisionsOf, planOf, requesterOf, requirementOf } from './rows.ts';
import { PSI, recordOn } from './trail.ts';
import type { Decision, DecisionOutcome, Requirement } from './types.ts';

export interface Click {
  approvalId: string;
  verdict: 'approve' | 'reject';
  by: Principal;
  typedAmount?: string;
  reason?: string;
  /** Decided beforehand, by a rule of policy.yml that `by` stands for. */
  byStandingRule?: true;
}

type Verdict = { status: DecisionOutcome['status']; say: string; row: ApprovalRow | null; changed: boolean };

/**
 * One transaction and one compare-and-set on the row: of two clicks at once one decides, and every other gets
 * an answer that says why it did not.
 */
export async function decide(house: House, click: Click): Promise<DecisionOutcome> {
  const members = await house.deps.members(click.by.teamId);
  const verdict = await ledgerTransaction(house.deps.store, () => judge(house, click, members));
  if (verdict.status === 'approved') house.deps.failpoint('approval.decided');
  if (verdict.changed && verdict.row !== null) void house.emit(verdict.row);
  return {
    status: verdict.status,
    say: verdict.say,
    approval: verdict.row === null ? null : house.approval(verdict.row),
  };
}

function judge(house: House, click: Click, members: readonly Principal[]): Verdict {
  const { store, clock } = house.deps;
  const row = readApproval(store, click.approvalId);
  if (row === null || row.team_id !== click.by.teamId) {
    return { status: 'not_found', say: 'There is no such request.', row: null, changed: false };
  }
  if (row.state !== 'pending') return alreadyDecided(row, click.by);
  if (clock.now() >= row.expires_at) {
    const expired = expire(house, row) ?? row;
    return {
      status: 'expired',
      say: 'This request has expired. Ask again if it is still wanted.',
      row: expired,
      changed: true,
    };
  }
  const then = requirementOf(row);
  if (click.verdict === 'reject') return reject(house, row, then, click);
  return approve(house, row, then, click, members);
}

/** What a click on a row that is no longer pending is told. */
export function alreadyDecided(row: ApprovalRow, by: Principal): Verdict {
  const answer = (status: DecisionOutcome['status'], say: string): Verdict => ({
    status,
    say,
    row,
    changed: false,
  });
  if (row.state === 'superseded') {
    return answer('superseded', row.reason ?? 'This request was replaced by a newer one.');
  }
  if (row.state === 'expired')
    return answer('expired', 'This request has expired. Ask again if it is still wanted.');
  const last = decisionsOf(row).at(-1);
  const who = last === undefined ? 'Somebody' : last.userId === by.userId ? 'You' : last.name;
  const what = last?.verdict === 'reject' ? 'rejected' : 'approved';
  return answer('already_decided', `${who} already ${what} this. Your click changed nothing.`);
}

function reject(house: House, row: ApprovalRow, rule: Requirement, click: Click): Verdict {
  const right = mayDecide(rule, requesterOf(row).userId, click.by, 'reject');
  if (!right.ok) return notAllowed(house, row, rule, click, right.because);
  const own = click.by.userId === requesterOf(row).userId;
  const because = click.reason === undefined || click.reason.trim() === '' ? '' : ` ${click.reason.trim()}`;
  const now = house.deps.clock.now();
  const decisions = [...decisionsOf(row), decisionBy(click, now)];
  const reason = own
    ? `Taken back by ${click.by.name}.${because}`
    : `Rejected by ${click.by.name}.${because}`;
  const next = change(house, row, {
    state: 'rejected',
    decisions: JSON.stringify(decisions),
    reason,
    decided_at: now,
    settled_at: now,
  });
  recordOn(house, next, click.by.userId, 'approval.rejected', { withdrawn: own });
  return {
    status: 'rejected',
    say: own ? 'Taken back. Nothing went out.' : 'Rejected. Nothing went out.',
    row: next,
    changed: true,
  };
}

function approve(
  house: House,
  row: ApprovalRow,
  then: Requirement,
  click: Click,
  members: readonly Principal[],
): Verdict {
  const current = currentRule(house, row, then, members);
  if (!current.ok) return refused(house, row, click, current.say);
  const rule = current.rule;
  const requester = requesterOf(row);
  const right = mayDecide(rule, requester.userId, click.by, 'approve');
  if (!right.ok) return notAllowed(house, row, rule, click, right.because);
  const given = standingApprovals(row, rule, members);
  if (given.some((decision) => decision.userId === click.by.userId)) {
    return {
      status: 'recorded',
      say: 'Your approval already counts. One more person has to approve.',
      row,
      changed: false,
    };
  }
  if (rule.typedAmount && click.by.userId === requester.userId) {
    const problem = typedAmountProblem(row, click.typedAmount);
    if (problem !== null) return { status: 'needs_typed_amount', say: problem, row, changed: false };
  }
  const now = house.deps.clock.now();
  const decisions = JSON.stringify([...decisionsOf(row), decisionBy(click, now)]);
  const requirement = JSON.stringify(rule);
  if (given.length + 1 < rule.approvals) {
    const next = change(house, row, { decisions, requirement });
    recordOn(house, next, click.by.userId, 'approval.first_yes');
    return {
      status: 'recorded',
      say: 'Your approval is recorded. One more person has to approve.',
      row: next,
      changed: true,
    };
  }
  const next = change(house, row, {
    state: 'approved',
    decisions,
    requirement,
    decided_at: now,
    effect_key: house.deps.newId('eff'),
  });
  recordOn(house, next, click.by.userId, 'approval.approved', {
    typedAmount: rule.typedAmount && click.by.userId === requester.userId,
    ...(click.byStandingRule ? { standingRule: true } : {}),
    policyNow: house.deps.policy.current().version,
  });
  return {
    status: 'approved',
    say: 'Approved. The outcome will stand on the card.',
    row: next,
    changed: true,
  };
}

/** The rule of the proposal and that of this moment, whichever is stricter. */
function currentRule(
  house: House,
  row: ApprovalRow,
  then: Requirement,
  members: readonly Principal[],
): { ok: true; rule: Requirement } | { ok: false; say: string } {
  const tool = house.deps.tool(row.tool);
  if (tool === undefined) return { ok: false, say: 'This action no longer exists.' };
  const asked = requesterOf(row);
  const requester = members.find((member) => member.userId === asked.userId) ?? asked;
  const answer = askPolicy(house, {
    tool,
    plan: planOf(row),
    requester,
    members,
    counts: (other) => other.id !== row.id && (other.state !== 'pending' || isBefore(other, row)),
  });
  return answer.ok
    ? { ok: true, rule: stricter(then, answer.requirement) }
    : { ok: false, say: `The policy no longer allows this: ${answer.say} ${answer.hint}` };
}

/** Rows of one batch are asked for at the same instant: their numbers tell which came first. */
function isBefore(other: ApprovalRow, row: ApprovalRow): boolean {
  if (other.batch_id !== null && other.batch_id === row.batch_id) {
    return (other.batch_row ?? 0) < (row.batch_row ?? 0);
  }
  return other.created_at <= row.created_at;
}

/** Earlier yeses by people who still have the right to give them. */
function standingApprovals(row: ApprovalRow, rule: Requirement, members: readonly Principal[]): Decision[] {
  const requester = requesterOf(row).userId;
  return decisionsOf(row).filter((decision) => {
    const member = members.find((one) => one.userId === decision.userId);
    return (
      decision.verdict === 'approve' &&
      member !== undefined &&
      mayDecide(rule, requester, member, 'approve').ok
    );
  });
}

function typedAmountProblem(row: ApprovalRow, typed: string | undefined): string | null {
  const { amount, policyAmount } = planOf(row);
  const wanted = [amount, policyAmount].filter((money) => money !== null);
  if (typed === undefined || typed.trim() === '')
    return 'This is your own request: type the amount to approve it.';
  const right = wanted.some((money) => parseAmount(typed, money.currency)?.minor === money.minor);
  return right ? null : 'The amount typed is not the amount of this request. Nothing was approved.';
}

function decisionBy(click: Click, at: number): Decision {
  const name = click.byStandingRule ? `${click.by.name}, by a standing rule` : click.by.name;
  return { userId: click.by.userId, name, verdict: click.verdict, at };
}

function notAllowed(
  house: House,
  row: ApprovalRow,
  rule: Requirement,
  click: Click,
  because: 'not_a_person' | 'role' | 'own_request',
): Verdict {
  const who = roleWords(rule.approverRoles);
  const say =
    because === 'own_request'
      ? `You asked for this yourself, so somebody else has to approve it: ${who}.`
      : because === 'role'
        ? `Your role may not decide this. It takes ${who}.`
        : 'Only a person may decide this.';
  return refused(house, row, click, say);
}

function refused(house: House, row: ApprovalRow, click: Click, say: string): Verdict {
  recordOn(house, row, click.by.userId, 'decision.refused', { verdict: click.verdict, because: say });
  return { status: 'not_allowed', say, row, changed: false };
}

/** Marks a pending row as expired; null when it changed meanwhile. Inside a transaction. */
export function expire(house: House, row: ApprovalRow): ApprovalRow | null {
  const patch = {
    state: 'expired',
    reason: 'Nobody decided in time. Nothing went out.',
    settled_at: house.deps.clock.now(),
  };
  if (!updateApproval(house.deps.store, row.id, row.revision, patch)) return null;
  recordOn(house, row, PSI, 'approval.expired');
  return readApproval(house.deps.store, row.id);
}

function change(house: House, row: ApprovalRow, patch: ApprovalPatch): ApprovalRow {
  const done = updateApproval(house.deps.store, row.id, row.revision, patch);
  const next = readApproval(house.deps.store, row.id);
  if (!done || next === null) throw new Error(`approval ${row.id} changed inside its own transaction`);
  return next;
}
