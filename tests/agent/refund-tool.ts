import { z } from 'zod';
import { namedCustomer, says } from '../../src/domain/language/match-words.ts';
import { defineTool, type Tool } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';

/** A consequential tool of the tests' own, so that what surrounds such tools can be seen. */
export const giveBack = defineTool({
  name: 'give_back',
  description: 'Gives a payment back. Only for these tests, which look at how the agent proposes.',
  scope: 'billing:write',
  effect: 'consequential',
  movesMoney: true,
  input: z.strictObject({
    customer: z.string(),
    payment: z.string().optional(),
    amount: z.strictObject({ minor: z.int(), currency: z.string() }).optional(),
    reason: z.enum(['duplicate', 'requested_by_customer']).optional(),
  }),
  examples: [{ say: "refund Acme's last payment", input: { customer: 'Acme' } }],
  recognize(utterance) {
    if (!says(utterance, 'refund', 'money back')) return [];
    const customer = namedCustomer(utterance);
    const input = { customer: customer?.id ?? 'unknown' };
    const interpretation = `Refund to ${customer?.name ?? 'somebody'}`;
    return [{ input, confidence: says(utterance, 'refund') ? 0.9 : 0.7, interpretation }];
  },
  plan: () => Promise.reject(new Error('the door plans')),
  apply: () => Promise.reject(new Error('only behind the door')),
});

/** The product's tools with that one in the place of those that act. */
export const withGiveBack: readonly Tool[] = [
  ...tools.filter((tool) => tool.effect !== 'consequential'),
  giveBack,
];
