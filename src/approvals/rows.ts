import { z } from 'zod';
import type { Plan } from '../domain/approvals/plan.ts';
import { isState } from '../domain/approvals/state-machine.ts';
import { type Json, type Principal, ROLES } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
import type { ApprovalRow } from '../store/approvals.ts';
import type { Applied } from '../tools/define-tool.ts';
import type { Approval, ApprovalState, Decision, Requirement } from './types.ts';

const record = z.record(z.string(), z.json());
const money = z.object({ minor: z.number().int(), currency: z.string() });
const roles = z.array(z.enum(ROLES));

const planSchema = z.object({
  title: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  changes: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
  touches: z.array(z.string()),
  amount: money.nullable(),
  policyAmount: money.nullable(),
  reversible: z.object({ possible: z.boolean(), how: z.string() }),
  warnings: z.array(z.string()),
  facts: record,
});

export const principalSchema = z.object({
  kind: z.enum(['user', 'schedule', 'webhook']),
  teamId: z.string(),
  userId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  roles,
  tz: z.string(),
});

const requirementSchema = z.object({
  approverRoles: roles,
  approvals: z.union([z.literal(1), z.literal(2)]),
  selfApproval: z.boolean(),
  typedAmount: z.boolean(),
  words: z.string(),
});

const decisionsSchema = z.array(
  z.object({
    userId: z.string(),
    name: z.string(),
    verdict: z.enum(['approve', 'reject']),
    at: z.number(),
  }),
);

const appliedSchema = z.object({ summary: z.string(), result: record });

function read<T>(row: ApprovalRow, column: keyof ApprovalRow, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(String(row[column])));
  } catch (cause) {
    throw new SystemError('store_failed', `approval ${row.id} has an unreadable ${column}`, { cause });
  }
}

export const planOf = (row: ApprovalRow): Plan => read(row, 'plan', planSchema);
export const requesterOf = (row: ApprovalRow): Principal => read(row, 'requester', principalSchema);
export const requirementOf = (row: ApprovalRow): Requirement => read(row, 'requirement', requirementSchema);
export const decisionsOf = (row: ApprovalRow): Decision[] => read(row, 'decisions', decisionsSchema);
export const argumentsOf = (row: ApprovalRow): { [key: string]: Json } => read(row, 'arguments', record);
export const appliedOf = (row: ApprovalRow): Applied | null =>
  row.result === null ? null : read(row, 'result', appliedSchema);

export function stateOf(row: ApprovalRow): ApprovalState {
  if (!isState(row.state)) throw new SystemError('store_failed', `approval ${row.id} is in no known state`);
  return row.state;
}

export const subjectKeyOf = (plan: Plan): string => `${plan.subject.kind}:${plan.subject.id}`;

export function approvalFrom(row: ApprovalRow, toolCanUndo: boolean): Approval {
  return {
    id: row.id,
    tool: row.tool,
    arguments: argumentsOf(row),
    plan: planOf(row),
    state: stateOf(row),
    requester: requesterOf(row),
    requirement: requirementOf(row),
    decisions: decisionsOf(row),
    policyVersion: row.policy_version,
    place: { teamId: row.team_id, channelId: row.channel_id, threadTs: row.thread_ts },
    batch: row.batch_id === null ? null : { id: row.batch_id, row: row.batch_row ?? 0 },
    supersededBy: row.superseded_by,
    outcome: row.reason,
    canUndo: row.state === 'applied' && toolCanUndo,
    canSettle: row.state === 'unknown' && row.applying_until === null,
    paused: row.state === 'pending' && row.paused_at !== null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    settledAt: row.settled_at,
    revision: row.revision,
  };
}
