import { z } from 'zod';
import type { ApprovalReader, ApprovalSummary } from '../domain/ports.ts';
import type { Principal } from '../domain/types.ts';
import { type ApprovalRow, approvalsIn, newestApprovals } from '../store/approvals.ts';
import { newestAudit, verifyAudit } from '../store/audit.ts';
import { readBatch } from '../store/batches.ts';
import { allRows } from '../store/ledger.ts';
import type { Store } from '../store/open-store.ts';
import { waitsFor } from './door.ts';
import { approvalFrom, decisionsOf, planOf, requesterOf } from './rows.ts';

/** What tools may read of the ledgers. Names are looked up here: the trail itself has none. */
export function createApprovalReader(store: Store): ApprovalReader {
  return {
    list: async ({ teamId, state, waitingFor, requesterId, settledSinceAt, limit }) => {
      const found =
        waitingFor === undefined
          ? newestApprovals(store, state ?? null, LOOKED_THROUGH)
          : waiting(store, { kind: 'user', ...waitingFor });
      const rows = found.filter(
        (row) =>
          (teamId === undefined || row.team_id === teamId) &&
          (requesterId === undefined || requesterOf(row).userId === requesterId) &&
          (settledSinceAt === undefined || (settledAtOf(row) ?? 0) >= settledSinceAt),
      );
      return { total: rows.length, rows: rows.slice(0, limit).map((row) => summary(store, row)) };
    },
    verifyAudit: async () => verifyAudit(store),
    colleagues: async (teamId) =>
      allRows(
        store,
        store.db
          .selectFrom('slack_users')
          .select(['user_id', 'name'])
          .where('team_id', '=', teamId)
          .where('is_bot', '=', 0)
          .where('is_guest', '=', 0)
          .where('is_stranger', '=', 0)
          .orderBy('name')
          .compile(),
      ).map((row) => ({ userId: row.user_id, name: row.name })),
    audit: async (filter) => {
      const { rows, total } = newestAudit(store, filter);
      const names = namesOf(store, [...new Set(rows.map((row) => row.actor))]);
      return {
        total,
        rows: rows.map(({ seq, at, actor, action, subject, details }) => ({
          seq,
          at,
          actor,
          actorName: names.get(actor) ?? null,
          action,
          subject,
          details: z.json().parse(JSON.parse(details)),
        })),
      };
    },
  };
}

/** The ledger is looked through this far back. */
const LOOKED_THROUGH = 2_000;

function summary(store: Store, row: ApprovalRow): ApprovalSummary {
  const { title, amount } = planOf(row);
  const batch = row.batch_id === null ? null : readBatch(store, row.batch_id);
  return {
    id: row.id,
    title,
    state: row.state,
    requesterName: requesterOf(row).name,
    amount,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    batch: batch === null ? null : { id: batch.id, title: batch.title },
    deciderNames: decisionsOf(row).map((decision) => decision.name),
    decidedAt: settledAtOf(row),
    outcome: row.reason,
  };
}

/** When somebody decided, or when it ran out or was replaced. */
function settledAtOf(row: ApprovalRow): number | null {
  return row.decided_at ?? row.settled_at;
}

function waiting(store: Store, principal: Pick<Principal, 'kind' | 'userId' | 'roles'>): ApprovalRow[] {
  return approvalsIn(store, ['pending']).filter((row) => waitsFor(approvalFrom(row, false), principal));
}

function namesOf(store: Store, ids: string[]): Map<string, string> {
  if (ids.length === 0) return new Map();
  const rows = allRows(
    store,
    store.db.selectFrom('slack_users').select(['user_id', 'name']).where('user_id', 'in', ids).compile(),
  );
  return new Map(rows.map((row) => [row.user_id, row.name]));
}
