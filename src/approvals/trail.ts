import type { Json } from '../domain/types.ts';
import type { ApprovalRow } from '../store/approvals.ts';
import { appendAudit } from '../store/audit.ts';
import type { House } from './house.ts';
import { planOf, requesterOf } from './rows.ts';

/** Writes what happened to a row into the audit chain. Called inside the transaction that makes it happen. */
export function recordOn(
  house: House,
  row: ApprovalRow,
  actor: string,
  action: string,
  details: { [key: string]: Json } = {},
): void {
  const plan = planOf(row);
  appendAudit(house.deps.store, {
    at: house.deps.clock.now(),
    actor,
    action,
    subject: `approval:${row.id}`,
    details: {
      tool: row.tool,
      about: row.subject_key,
      customer: plan.customer?.id ?? null,
      amount: plan.amount === null ? null : { minor: plan.amount.minor, currency: plan.amount.currency },
      requester: requesterOf(row).userId,
      policy: row.policy_version,
      plan: row.plan_hash,
      ...details,
    },
  });
}

/** The actor of what nobody clicked. */
export const PSI = 'psi';
