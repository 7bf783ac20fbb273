import { formatMoney } from '../money/format.ts';
import type { Money } from '../types.ts';
import type { Finding } from './finding.ts';
import { instant } from './words.ts';

/** A pending approval is spoken of when it expires within this long. */
export const EXPIRING_WITHIN_MS = 3_600_000;

export interface PendingApproval {
  id: string;
  title: string;
  requesterName: string;
  amount: Money | null;
  createdAt: number;
  expiresAt: number;
  /** Yeses so far, where two are needed. */
  yeses: number;
}

/** Approvals about to expire undecided. `openIds` have an alert: those no longer pending are over. */
export function approvalsExpiring(
  pending: readonly PendingApproval[],
  openIds: readonly string[],
  at: { nowAt: number; tz: string },
): Finding[] {
  const waiting = new Set(pending.filter((one) => one.expiresAt > at.nowAt).map(({ id }) => id));
  const over = openIds
    .filter((id) => !waiting.has(id))
    .map(
      (id): Finding => ({
        verdict: 'clear',
        kind: 'approval_expiring',
        subject: { kind: 'approval', id },
        words: 'It has been decided or has expired.',
      }),
    );
  const soon = pending.filter((one) => waiting.has(one.id) && expiringFromAt(one) <= at.nowAt);
  return [...soon.map((one) => finding(one, at.tz)), ...over];
}

/** When an approval begins to be about to expire; one that lives an hour or less is not born so. */
export function expiringFromAt({
  createdAt,
  expiresAt,
}: Pick<PendingApproval, 'createdAt' | 'expiresAt'>): number {
  return Math.max(expiresAt - EXPIRING_WITHIN_MS, createdAt + Math.floor((expiresAt - createdAt) / 2));
}

function finding(
  { id, title, requesterName, amount, expiresAt, yeses }: PendingApproval,
  tz: string,
): Finding {
  return {
    verdict: 'raise',
    kind: 'approval_expiring',
    subject: { kind: 'approval', id, name: title },
    title: `"${title}" expires ${instant(expiresAt, tz)} and ${yeses > 0 ? 'needs a second yes' : 'nobody has decided'}.`,
    detail: `Asked for by ${requesterName}${amount ? `, ${formatMoney(amount)}` : ''}. The card is in the thread and with those who may decide.`,
    facts: [`Approval ${id}, asked for by ${requesterName}, expires ${instant(expiresAt, tz)}`],
    amount,
    count: 1,
    lastSeenAt: expiresAt - EXPIRING_WITHIN_MS,
  };
}
