import { z } from 'zod';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { UserError } from '../../lib/errors.ts';
import { dayWords } from '../day-words.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { ledgerReceipt } from '../receipt.ts';

const DAY_MS = 86_400_000;

const input = z.strictObject({
  customer: customerInput,
  days: z.int().min(1).max(365).optional().describe('For so long; left out: until somebody resumes it'),
  optedOut: z.boolean().optional().describe('True: the customer asked not to be written to'),
});

const output = z.strictObject({
  customer: z.string(),
  until: z.string().nullable(),
  optedOut: z.boolean(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'pause_dunning',
  description:
    'Stops the recovery of one customer who owes: no charges, mails or restrictions are proposed for them, for some days or until resumed. Use it when they were promised more time or asked not to be contacted. Changes nothing outside Psi.',
  scope: 'customers:contact',
  effect: 'own',
  about: ['dunning', 'recovery'],
  onlyWhenAsked: true,
  input,
  output,
  examples: [
    { say: 'pause dunning for Acme', input: { customer: 'Acme' } },
    { say: 'stop chasing Acme for 14 days', input: { customer: 'Acme', days: 14 } },
    { say: 'Acme opted out of payment mails', input: { customer: 'Acme', optedOut: true } },
  ],
  recognize,
  async run(wanted, ctx) {
    const customer = await ctx.customers.resolve(wanted.customer);
    const now = ctx.clock.now();
    const { optedOut = false, days } = wanted;
    if (optedOut && days !== undefined)
      throw new UserError('invalid_input', 'An opt-out holds until they say otherwise, not for some days.');
    const untilAt = days === undefined ? null : now + days * DAY_MS;
    await ctx.recovery.note(customer.id, {
      kind: optedOut ? 'opted_out' : 'paused',
      step: null,
      untilAt,
      by: ctx.principal.userId,
    });
    return {
      customer: customer.name,
      until: untilAt === null ? null : dayWords(untilAt, ctx.principal.tz),
      optedOut,
      receipt: ledgerReceipt({ name: 'Recovery', words: 'What was said about a customer' }, now, 1),
    };
  },
  narrate: ({ customer, until, optedOut }) =>
    optedOut
      ? `${customer} is not charged or written to any more by the recovery. Say "resume dunning for ${customer}" to undo.`
      : `The recovery of ${customer} is paused ${until === null ? 'until somebody resumes it' : `until ${until}`}. Say "resume dunning for ${customer}" to undo.`,
});

const PAUSE =
  /\b(?:pause|stop|halt|suspend|hold|hold off|freeze|put)\b.*\b(?:dunning|chasing|collections?|recovery|recovering|retries|retrying)\b|\b(?:stop|quit) (?:charging|retrying)\b|\bdunning\b.*\bon hold\b/;
const OPTED_OUT =
  /\bopted out\b|\b(?:asked|wants?|wishes) not to be (?:contacted|mailed|emailed|written to|chased)\b/;
/** "Stop chasing" is an order, "do not stop chasing" is none. */
const NOT = /\b(?:do not|dont|never|not to)\b/;
const SPAN = /\bfor (?:the next )?(\d{1,3}|a|one|two|three|four) (day|week|month)s?\b/;
const NUMBERS: Readonly<Record<string, number>> = { a: 1, one: 1, two: 2, three: 3, four: 4 };
const UNITS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };

function daysIn(phrase: string): number | null {
  const [, count, unit] = SPAN.exec(phrase) ?? [];
  if (count === undefined || unit === undefined) return null;
  return (NUMBERS[count] ?? Number(count)) * (UNITS[unit] ?? 1);
}

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const optedOut = OPTED_OUT.test(phrase);
  if (!optedOut && (!PAUSE.test(phrase) || NOT.test(phrase))) return [];
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  const id = customer?.id ?? pointed?.customerId;
  const unsure: Reading[] = [
    { input: {}, confidence: 0.5, interpretation: 'Pause the recovery of a customer' },
  ];
  if (id === undefined || utterance.text.trimEnd().endsWith('?') || /\b(?:if|until|till)\b/.test(phrase))
    return unsure;
  const days = optedOut ? null : daysIn(phrase);
  const name = customer?.name ?? pointed?.label ?? 'them';
  return [
    {
      input: {
        customer: id,
        ...(days === null ? {} : { days }),
        ...(optedOut ? { optedOut: true } : {}),
      },
      confidence: 0.96,
      interpretation: `Pause the recovery of ${name}${days === null ? '' : ` for ${days} days`}`,
    },
  ];
}
