import type { Plan } from '../domain/approvals/plan.ts';
import { dateAt, startOfDayAt } from '../domain/periods/calendar.ts';
import { type PolicyAnswer, requirementFor } from '../domain/policy/requirement.ts';
import type { Principal } from '../domain/types.ts';
import { type ApprovalRow, approvalsSince } from '../store/approvals.ts';
import type { ConsequentialTool } from '../tools/define-tool.ts';
import type { House } from './house.ts';
import { planOf, requesterOf } from './rows.ts';

/** States in which an amount has been asked for and may still have gone out, or has. */
const COUNTING = ['pending', 'approved', 'applying', 'applied', 'unknown'];
/** No proposal lives longer; a decision of today may be about a proposal of days ago. */
const LOOK_BACK_MS = 14 * 86_400_000;

/** What the policy of this moment says about a plan. Synchronous, so that it holds inside a transaction. */
export function askPolicy(
  house: House,
  question: {
    tool: ConsequentialTool;
    plan: Plan;
    requester: Principal;
    members: readonly Principal[];
    /** Rows that do not count towards the day, being the one asked about or about to be replaced. */
    counts(row: ApprovalRow): boolean;
  },
): PolicyAnswer {
  const { store, clock, company, policy } = house.deps;
  const startAt = startOfDayAt(dateAt(clock.now(), company.tz), company.tz);
  const today = approvalsSince(store, question.tool.name, startAt - LOOK_BACK_MS, COUNTING).filter(
    (row) =>
      Math.max(row.created_at, row.decided_at ?? 0) >= startAt &&
      requesterOf(row).userId === question.requester.userId &&
      question.counts(row),
  );
  const plans = [...today.map(planOf), question.plan];
  const customers = new Set(plans.flatMap((plan) => (plan.customer === null ? [] : [plan.customer.id])));
  return requirementFor({
    tool: question.tool.name,
    scope: question.tool.scope,
    amount: question.plan.policyAmount,
    requester: question.requester,
    members: question.members,
    askedTodayMinor: plans.slice(0, -1).reduce((sum, plan) => sum + (plan.policyAmount?.minor ?? 0), 0),
    customersToday: customers.size,
    policy: policy.current().policy,
  });
}
