import { z } from 'zod';
import type { SubscriptionChange } from '../../domain/billing/gateways.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { type ChangeFacts, changeFacts, changePlanOf, plannedChange } from './change-plan-plan.ts';
import { readPlanChange } from './change-plan-words.ts';
import { changedUnder, liveSubscription } from './live-subscription.ts';

const input = z.strictObject({
  customer: customerInput,
  subscription: z.string().trim().min(1).max(100).optional(),
  plan: z.string().trim().min(1).max(100).optional().describe('Name of the plan; left out: as it is'),
  quantity: z.int().min(1).max(100_000).optional().describe('How many units or seats; left out: as many'),
  when: z
    .enum(['now', 'next_period'])
    .optional()
    .describe('now bills the rest of the period prorated; next_period (default) bills the new price then'),
});

export default defineTool({
  name: 'change_plan',
  description:
    "Proposes changing the plan or quantity of a customer's subscription, now with proration or from the next period. Use it when asked to upgrade, downgrade or move somebody, or to change their seats. It only proposes: people approve. Not for cancelling.",
  scope: 'billing:write',
  effect: 'consequential',
  about: ['upgrade', 'downgrade', 'seat'],
  movesMoney: true,
  input,
  examples: [
    {
      say: 'put Acme on the scale plan from next month',
      input: { customer: 'Acme', plan: 'scale', when: 'next_period' },
    },
    { say: 'upgrade Acme to growth now', input: { customer: 'Acme', plan: 'growth', when: 'now' } },
  ],
  recognize: readPlanChange,
  async plan(wanted, ctx) {
    if (wanted.plan === undefined && wanted.quantity === undefined)
      throw new UserError('invalid_input', 'It takes a plan or a quantity.', 'Name the plan.');
    const { customer, subscription } = await liveSubscription(wanted, ctx);
    const change = await plannedChange(subscription, wanted, ctx);
    const policyAmount = await inCompanyCurrency(change.amount, ctx);
    return changePlanOf({ customer, subscription, change, policyAmount, tz: ctx.company.tz });
  },
  async apply(plan, ctx, effects) {
    const facts = changeFacts.parse(plan.facts);
    const change = changeOf(facts);
    const answered = (changed: { id: string; quantity: number }) => ({
      outsideId: changed.id,
      result: { subscription: changed.id, quantity: changed.quantity },
    });
    const changed = await effects.perform({
      kind: 'subscription.changed',
      system: 'stripe',
      request: { ...change },
      ...(plan.amount === null ? {} : { amount: plan.amount }),
      send: async (idempotencyKey) =>
        answered(await ctx.credits.changeSubscription({ ...change, idempotencyKey })),
      lookUp: async (key) => {
        const found = await changedUnder(key, facts.subscriptionId, ctx);
        return found === null ? null : answered(found);
      },
    });
    const name = plan.customer?.name ?? 'The customer';
    return { summary: `${name} is on ${facts.after} now.`, result: changed };
  },
});

function changeOf(facts: ChangeFacts): SubscriptionChange {
  const { itemId, priceId, quantity, proration, prorateAt } = facts;
  return { stripeSubscriptionId: facts.subscriptionId, itemId, priceId, quantity, proration, prorateAt };
}
