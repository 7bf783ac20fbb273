import { z } from 'zod';
import type { ApprovalReader } from '../../domain/ports.ts';

const RECENTLY_MS = 7 * 86_400_000;
const SETTLING = new Set(['applied', 'rejected', 'expired', 'failed', 'superseded', 'voided', 'undone']);

/** Why this customer needs no reminder from us now, by the audit trail; null when nothing speaks against one. */
export async function alreadyReminded(
  approvals: Pick<ApprovalReader, 'audit'>,
  about: { tool: string; customerId: string; nowAt: number },
): Promise<string | null> {
  const { rows } = await approvals.audit({ subject: about.customerId, limit: 200 });
  const ours = z.object({ tool: z.literal(about.tool) });
  const trail = rows.filter((row) => ours.safeParse(row.details).success);
  const sent = trail.find((row) => row.action === 'approval.applied');
  if (sent !== undefined && about.nowAt - sent.at < RECENTLY_MS) return 'reminded in the last 7 days';
  const settled = new Set(
    trail.filter((row) => SETTLING.has(row.action.split('.')[1] ?? '')).map((row) => row.subject),
  );
  const waits = trail.some((row) => row.action === 'approval.proposed' && !settled.has(row.subject));
  return waits ? 'a reminder waits for a decision already' : null;
}
