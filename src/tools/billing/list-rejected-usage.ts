import { z } from 'zod';
import { REJECTIONS } from '../../domain/billing/usage-intake.ts';
import { says } from '../../domain/language/match-words.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { dayNameAt } from '../../domain/periods/calendar.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { count, left, right } from '../wording.ts';

const EXAMPLES = 20;

const input = z.strictObject({ reason: z.enum(REJECTIONS).optional() });

const output = z.strictObject({
  reasons: z.array(z.strictObject({ reason: z.enum(REJECTIONS), count: z.int(), oldestOn: z.string() })),
  examples: z.array(
    z.strictObject({
      no: z.int(),
      reason: z.string(),
      event: z.string(),
      words: z.string(),
      times: z.int(),
      on: z.string(),
    }),
  ),
  receipt: receiptSchema,
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'list_rejected_usage',
  description:
    'Usage events that were not taken in and wait for somebody: how many by reason, with examples. Not for usage that was counted, nor for blocked invoices.',
  scope: 'billing:read',
  effect: 'read',
  about: ['rejected', 'metering'],
  input,
  output,
  examples: [
    { say: 'which usage was rejected?', input: {} },
    { say: 'rejected usage of unknown customers', input: { reason: 'unknown_customer' } },
  ],
  recognize,
  async run({ reason }, ctx) {
    const { metering } = ctx.billing;
    const { tz } = ctx.company;
    const reasons = metering
      .openDeadLetters()
      .filter((one) => reason === undefined || one.reason === reason)
      .map(({ oldestAt, ...one }) => ({ ...one, oldestOn: dayNameAt(oldestAt, tz) }));
    const letters = metering.deadLetters({ limit: EXAMPLES, ...(reason === undefined ? {} : { reason }) });
    return {
      reasons,
      examples: letters.map((letter) => ({
        no: letter.no,
        reason: letter.reason,
        event: plainCell([letter.source, letter.eventId].filter((part) => part !== null).join(' ')),
        words: plainCell(letter.words),
        times: letter.times,
        on: dayNameAt(letter.receivedAt, tz),
      })),
      receipt: ledgerReceipt(
        {
          name: 'Rejected usage',
          words: 'Events kept apart at intake, each with its reason, until somebody mends them',
        },
        ctx.clock.now(),
        reasons.reduce((sum, one) => sum + one.count, 0),
      ),
    };
  },
  narrate,
  exhibits: ({ examples }) =>
    examples.length === 0
      ? []
      : [
          {
            kind: 'table',
            title: 'Usage that was not taken',
            columns: [...right('No'), ...left('Event', 'Why', 'First came'), ...right('Sent')],
            rows: examples.map(({ no, event, words, on, times }) => [
              String(no),
              event,
              words,
              on,
              String(times),
            ]),
          },
        ],
  // Ids are chosen by whoever sends events.
  untrusted: () => true,
});

const WORDS: Readonly<Record<(typeof REJECTIONS)[number], string>> = {
  malformed: 'malformed',
  unknown_meter: 'of an unknown meter',
  unknown_customer: 'of a customer nobody knows',
  negative: 'below zero',
  too_precise: 'with more digits than can be kept',
  future: 'of the future',
  too_old: 'too old',
  conflict: 'of a known id with other content',
  corrected_twice: 'correcting what was corrected already',
  closed_period: 'of a period whose invoice is final',
};

function narrate({ reasons }: Output): string {
  const all = reasons.reduce((sum, one) => sum + one.count, 0);
  if (all === 0) return 'No usage event waits: everything that came was taken in.';
  const parts = reasons.map((one) => `${one.count} ${WORDS[one.reason]} (since ${one.oldestOn})`);
  return [
    `${count(all, 'usage event')} ${all === 1 ? 'was' : 'were'} not taken: ${parts.join(', ')}.`,
    'Once mended they can be offered again: psi usage retry, by number or reason.',
  ].join(' ');
}

const SAID: readonly (readonly [(typeof REJECTIONS)[number], ...string[]])[] = [
  ['unknown_customer', 'unknown customer', 'unknown customers'],
  ['too_old', 'too old'],
  ['malformed', 'malformed'],
];

function recognize(utterance: Utterance): Reading[] {
  const refused = says(utterance, 'rejected', 'refused', 'dead letter', 'dead letters', 'not taken');
  const usage = says(utterance, 'usage', 'usage events', 'events', 'dead letters', 'dead letter');
  if (!refused || !usage || utterance.customers.length > 0) return [];
  const reason = SAID.find(([, ...words]) => says(utterance, ...words))?.[0];
  const input: { [key: string]: Json } = reason === undefined ? {} : { reason };
  return [{ input, confidence: 0.95, interpretation: 'Usage events that were not taken' }];
}
