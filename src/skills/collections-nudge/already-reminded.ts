import { z } from 'zod';
import type { ApprovalReader } from '../../domain/ports.ts';
import { waitsForDecision } from '../open-proposals.ts';

const RECENTLY_MS = 7 * 86_400_000;

/** Why this customer needs no reminder from us now, by the audit trail; null when nothing speaks against one. */
export async function alreadyReminded(
  approvals: Pick<ApprovalReader, 'audit'>,
  about: { tool: string; customerId: string; nowAt: number },
): Promise<string | null> {
  const { rows } = await approvals.audit({ subject: about.customerId, limit: 200 });
  const ours = z.object({ tool: z.literal(about.tool) });
  const sent = rows.find(
    ({ action, details }) => action === 'approval.applied' && ours.safeParse(details).success,
  );
  if (sent !== undefined && about.nowAt - sent.at < RECENTLY_MS) return 'reminded in the last 7 days';
  const waits = await waitsForDecision(approvals, { tools: [about.tool], customerId: about.customerId });
  return waits ? 'a reminder waits for a decision already' : null;
}
