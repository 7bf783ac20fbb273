import { measureMrr } from '../../domain/metrics/mrr.ts';
import { type RecoverySegment, segmentOf } from '../../domain/recovery/segments.ts';
import type { Customer } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

type Ctx = Pick<ToolContext, 'facts' | 'company' | 'clock'>;

/** Monthly recurring revenue of one customer or all, by customer, with their plan; company minor units. */
export async function recurringOf(
  ctx: Ctx,
  customerId?: string,
): Promise<Map<string, { mrrMinor: number; plan: string | null }>> {
  const now = ctx.clock.now();
  const { contributions } = await measureMrr(ctx.facts, {
    at: now,
    nowAt: now,
    period: { startAt: now, endAt: now + 1, tz: ctx.company.tz, label: 'now' },
    company: ctx.company,
    filter: customerId === undefined ? {} : { customerId },
    by: null,
  });
  const found = new Map<string, { mrrMinor: number; plan: string | null }>();
  for (const { customerId: id, amount, plan } of contributions) {
    if (id === null) continue;
    const known = found.get(id);
    found.set(id, { mrrMinor: (known?.mrrMinor ?? 0) + amount, plan: known?.plan ?? plan });
  }
  return found;
}

/** Which ladder a customer's worth, plan and age call for. */
export async function recoverySegmentOf(
  customer: Pick<Customer, 'id' | 'signedUpAt'>,
  ctx: Ctx,
): Promise<RecoverySegment> {
  const worth = (await recurringOf(ctx, customer.id)).get(customer.id);
  const facts = { plan: worth?.plan ?? null, mrrMinor: worth?.mrrMinor ?? 0, sinceAt: customer.signedUpAt };
  return segmentOf(facts, ctx.clock.now());
}
