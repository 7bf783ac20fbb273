import { z } from 'zod';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { ledgerReceipt } from '../receipt.ts';
import { pausesIn } from './dunning-state.ts';

const input = z.strictObject({ customer: customerInput });
const output = z.strictObject({ customer: z.string(), receipt: receiptSchema });

export default defineTool({
  name: 'resume_dunning',
  description:
    'Lets the recovery of one customer go on after it was paused or they had opted out. What it does next is still proposed to people. Changes nothing outside Psi.',
  scope: 'customers:contact',
  effect: 'own',
  about: ['dunning', 'recovery'],
  onlyWhenAsked: true,
  input,
  output,
  examples: [
    { say: 'resume dunning for Acme', input: { customer: 'Acme' } },
    { say: 'start chasing Acme again', input: { customer: 'Acme' } },
  ],
  recognize,
  async run(wanted, ctx) {
    const customer = await ctx.customers.resolve(wanted.customer);
    const now = ctx.clock.now();
    const events = await ctx.recovery.eventsOf(customer.id);
    const last = events.findLast(({ kind }) => kind === 'opted_out' || kind === 'resumed');
    const paused = pausesIn(events).some(({ endAt }) => endAt === null || endAt > now);
    if (!paused && last?.kind !== 'opted_out')
      throw new UserError('conflict', `The recovery of ${customer.name} is not paused.`);
    const event = { kind: 'resumed', step: null, untilAt: null, by: ctx.principal.userId } as const;
    await ctx.recovery.note(customer.id, event);
    return {
      customer: customer.name,
      receipt: ledgerReceipt({ name: 'Recovery', words: 'What was said about a customer' }, now, 1),
    };
  },
  narrate: ({ customer }) =>
    `The recovery of ${customer} goes on. Say "pause dunning for ${customer}" to stop it again.`,
});

const RESUME =
  /\b(?:resume|unpause|restart|continue)\b.*\b(?:dunning|chasing|collections?|recovery|retries|retrying)\b|\bstart (?:chasing|charging)\b.*\bagain\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (utterance.negated || !RESUME.test(phrase)) return [];
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  const id = customer?.id ?? pointed?.customerId;
  if (id === undefined || utterance.text.trimEnd().endsWith('?'))
    return [{ input: {}, confidence: 0.5, interpretation: 'Resume the recovery of a customer' }];
  const name = customer?.name ?? pointed?.label ?? 'them';
  return [{ input: { customer: id }, confidence: 0.93, interpretation: `Resume the recovery of ${name}` }];
}
