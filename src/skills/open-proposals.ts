import { z } from 'zod';
import type { ApprovalReader } from '../domain/ports.ts';

const SETTLING = new Set(['applied', 'rejected', 'expired', 'failed', 'superseded', 'voided', 'undone']);

/** Whether one of these tools waits for a decision about a customer, by the audit trail. */
export async function waitsForDecision(
  approvals: Pick<ApprovalReader, 'audit'>,
  about: { tools: readonly string[]; customerId: string },
): Promise<boolean> {
  const { rows } = await approvals.audit({ subject: about.customerId, limit: 200 });
  const ours = z.object({ tool: z.enum(about.tools) });
  const trail = rows.filter((row) => ours.safeParse(row.details).success);
  const settled = new Set(
    trail.filter((row) => SETTLING.has(row.action.split('.')[1] ?? '')).map((row) => row.subject),
  );
  return trail.some((row) => row.action === 'approval.proposed' && !settled.has(row.subject));
}
