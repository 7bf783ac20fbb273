import { z } from 'zod';
import { SERVICE_LEVELS } from '../../domain/billing/gateways.ts';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn } from '../request-wording.ts';
import { sayMoneys, totals } from '../wording.ts';
import { changeService, LEVEL_WORDS } from './change-service.ts';

const input = z.strictObject({ customer: customerInput });

export default defineTool({
  name: 'restore_service',
  description:
    'Proposes giving a customer the full API back after it was throttled, read-only or suspended. Use it when asked to restore or unblock somebody. It only proposes: people approve. Not for cancelled subscriptions.',
  scope: 'billing:write',
  effect: 'consequential',
  about: ['service', 'access', 'restriction'],
  movesMoney: false,
  input,
  examples: [
    { say: "restore Acme's service", input: { customer: 'Acme' } },
    { say: 'give Acme full access back', input: { customer: 'Acme' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const customer = await ctx.customers.resolve(wanted.customer);
    const service = await ctx.recovery.service.getService(customer.id);
    if (service.level === 'full') throw new UserError('conflict', `${customer.name} is not restricted.`);
    const [failing] = await ctx.recovery.failing(customer.id);
    const owed = failing && sayMoneys(totals(failing.invoices.map(({ remaining }) => remaining)));
    return {
      title: `Give ${customer.name} full service back`,
      subject: { kind: 'customer', id: customer.id },
      customer: { id: customer.id, name: customer.name },
      changes: [
        { what: 'API', before: LEVEL_WORDS[service.level], after: LEVEL_WORDS.full },
        { what: 'They owe', before: '', after: owed ?? 'nothing' },
      ],
      touches: [`Everybody at ${customer.name} can use the API again at once`],
      amount: null,
      policyAmount: null,
      reversible: { possible: true, how: 'It can be restricted again.' },
      warnings: owed === undefined ? [] : [`${owed} is still open.`],
      facts: { customerId: customer.id, before: service.level, owes: owed ?? null },
    };
  },
  async apply(plan, ctx, effects) {
    const { customerId, owes } = factsSchema.parse(plan.facts);
    const reason = owes === null ? 'Paid' : 'Restored by a person';
    await changeService({ customerId, level: 'full', reason }, ctx, effects);
    return { summary: `${plan.customer?.name ?? 'The customer'} has full service again.`, result: {} };
  },
});

const factsSchema = z.object({
  customerId: z.string(),
  before: z.enum(SERVICE_LEVELS),
  owes: z.string().nullable(),
});

const ORDER =
  /^(?:restore|unblock|unsuspend|reinstate|unthrottle|unrestrict|reactivate|lift\b.*\b(?:restrictions?|suspension|throttle|throttling|block)|give\b.*\b(?:access|service)\b.*\bback|give back\b.*\b(?:access|service)|turn\b.*\bback on|remove\b.*\b(?:restrictions?|suspension|throttle))\b/;
const UNCLEAR = /\b(?:all|every|everyone|everybody|both|each|except|or|subscription|plan)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  const id = customer?.id ?? pointed?.customerId;
  if (id === undefined || UNCLEAR.test(order) || utterance.customers.length > 1)
    return [{ input: {}, confidence: 0.5, interpretation: 'Give a customer full service back' }];
  const name = customer?.name ?? pointed?.label ?? 'them';
  return [{ input: { customer: id }, confidence: 0.9, interpretation: `Give ${name} full service back` }];
}
