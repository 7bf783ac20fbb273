import { z } from 'zod';
import type { ApprovalReader } from '../domain/ports.ts';
import type { Principal } from '../domain/types.ts';
import { approvalsIn, newestApprovals } from '../store/approvals.ts';
import { newestAudit } from '../store/audit.ts';
import { allRows } from '../store/ledger.ts';
import type { Store } from '../store/open-store.ts';
import { waitsFor } from './door.ts';
import { approvalFrom, planOf, requesterOf } from './rows.ts';

/** What tools may read of the ledgers. Names are looked up here: the trail itself has none. */
export function createApprovalReader(store: Store): ApprovalReader {
  return {
    list: async ({ state, waitingFor, limit }) => {
      const page =
        waitingFor === undefined
          ? newestApprovals(store, { ...(state === undefined ? {} : { state }), limit })
          : waiting(store, { kind: 'user', ...waitingFor }, limit);
      return {
        total: page.total,
        rows: page.rows.map((row) => ({
          id: row.id,
          title: planOf(row).title,
          state: row.state,
          requesterName: requesterOf(row).name,
          amount: planOf(row).amount,
          createdAt: row.created_at,
          expiresAt: row.expires_at,
          settledAt: row.settled_at,
        })),
      };
    },
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

function waiting(store: Store, principal: Pick<Principal, 'kind' | 'userId' | 'roles'>, limit: number) {
  const rows = approvalsIn(store, ['pending']).filter((row) => waitsFor(approvalFrom(row, false), principal));
  return { rows: rows.slice(0, limit), total: rows.length };
}

function namesOf(store: Store, ids: string[]): Map<string, string> {
  if (ids.length === 0) return new Map();
  const rows = allRows(
    store,
    store.db.selectFrom('slack_users').select(['user_id', 'name']).where('user_id', 'in', ids).compile(),
  );
  return new Map(rows.map((row) => [row.user_id, row.name]));
}
