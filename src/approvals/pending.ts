import type { PendingApproval } from '../domain/alerts/approval-expiring.ts';
import { approvalsIn } from '../store/approvals.ts';
import type { Store } from '../store/open-store.ts';
import { decisionsOf, planOf, requesterOf } from './rows.ts';

/** What waits to be decided, as far as a watch over its expiry needs to know. */
export function pendingApprovals(store: Store): PendingApproval[] {
  return approvalsIn(store, ['pending']).map((row) => ({
    id: row.id,
    title: planOf(row).title,
    requesterName: requesterOf(row).name,
    amount: planOf(row).amount,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    yeses: decisionsOf(row).filter(({ verdict }) => verdict === 'approve').length,
  }));
}
