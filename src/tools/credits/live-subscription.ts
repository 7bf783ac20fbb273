import type { OutsideSubscription } from '../../domain/billing/gateways.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

/** The one running subscription of a customer, as it is at Stripe. Throws UserError for none, or several. */
export async function liveSubscription(
  wanted: { customer: string; subscription?: string | undefined },
  ctx: Pick<ToolContext, 'customers' | 'records' | 'credits' | 'sources'>,
): Promise<{ customer: Customer; subscription: OutsideSubscription }> {
  await ctx.sources.refresh(['stripe', 'supabase']);
  const customer = await ctx.customers.resolve(wanted.customer);
  const running = (await ctx.records.listSubscriptions(customer.id)).filter(
    (one) => one.endedAt === null && (wanted.subscription === undefined || one.id === wanted.subscription),
  );
  const [only, another] = running;
  if (only === undefined) throw new UserError('conflict', `${customer.name} has no running subscription.`);
  if (another !== undefined) {
    const all = running.map((one) => `${one.id} (${one.plan})`).join(', ');
    throw new UserError('ambiguous', `${customer.name} has several subscriptions.`, `Name one: ${all}.`);
  }
  const subscription = await ctx.credits.getSubscription(only.id);
  if (subscription.status === 'canceled')
    throw new UserError('conflict', `${customer.name}'s subscription has ended.`);
  return { customer, subscription };
}

/** Whether a lost change did arrive: the subscription carries the key it was made under. */
export async function changedUnder(
  key: string,
  subscriptionId: string,
  ctx: Pick<ToolContext, 'credits'>,
): Promise<OutsideSubscription | null> {
  const now = await ctx.credits.getSubscription(subscriptionId);
  return now.lastChangeKey === key ? now : null;
}
