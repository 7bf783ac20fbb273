import { z } from 'zod';
import { says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { count, left, right, sayDay, sayMoneys, totals } from '../wording.ts';
import { lineAmount, lineWords, readingWords, waitingLines } from './bank-readings.ts';

const MOST_ROWS = 100;
const MOST_READINGS = 3;

const row = z.strictObject({
  id: z.string(),
  day: z.string(),
  amount: moneySchema,
  words: z.string(),
  sure: z.boolean(),
  /** Ranked, the best first, each in a sentence; empty with the reason in `why`. */
  readings: z.array(z.string()),
  why: z.string().nullable(),
});

const output = z.strictObject({
  total: z.int(),
  sure: z.int(),
  sums: z.array(moneySchema),
  rows: z.array(row),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_bank_lines',
  description:
    'Bank lines nobody has matched to an invoice yet, each with ranked readings of what it pays. Use it for unmatched or unallocated bank payments. Not for card payments.',
  scope: 'billing:read',
  effect: 'read',
  about: ['bank', 'reconciliation'],
  input: z.strictObject({}),
  output,
  examples: [{ say: 'which bank lines are unmatched?', input: {} }],
  recognize,
  async run(_, ctx) {
    const { waiting, invoices } = await waitingLines(ctx);
    const rows = waiting.slice(0, MOST_ROWS).map(({ line, readings, chosen, unmatched }) => ({
      id: line.id,
      day: sayDay(line.at, ctx.company.tz),
      amount: lineAmount(line),
      words: lineWords(line),
      sure: chosen !== null,
      readings: readings.slice(0, MOST_READINGS).map((reading) => readingWords(reading, invoices)),
      why: unmatched,
    }));
    return {
      total: waiting.length,
      sure: waiting.filter(({ chosen }) => chosen !== null).length,
      sums: totals(waiting.map(({ line }) => lineAmount(line))),
      rows,
      listed: rows.map(({ id, words }) => ({ id, label: words })),
      receipt: ledgerReceipt(
        {
          name: 'Unmatched bank lines',
          words: 'Incoming lines of imported statements without a match; payouts of Stripe left out',
        },
        ctx.clock.now(),
        waiting.length,
      ),
    };
  },
  narrate({ total, sure, sums }) {
    if (total === 0) return 'No bank line waits to be matched.';
    const rest = total - sure;
    return `${count(total, 'bank line')} not matched yet, ${sayMoneys(sums)}: ${sure} with one clear reading, ${rest} for a person to decide. Say "match the first one" to propose it.`;
  },
  exhibits: ({ rows }) =>
    rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            title: 'Unmatched bank lines',
            columns: [...left('Line', 'Day'), ...right('Amount'), ...left('Best reading', 'Others')],
            rows: rows.map(({ words, day, amount, readings: [best, ...others], why, sure }) => [
              words,
              day,
              formatMoney(amount),
              [best, sure ? null : why].filter((one) => one != null).join('. '),
              others.join('; or '),
            ]),
          },
        ],
  // References and payers are written by outsiders.
  untrusted: () => true,
});

function recognize(utterance: Utterance): Reading[] {
  const bank = says(
    ...[
      utterance,
      'bank line',
      'bank lines',
      'bank payment',
      'bank payments',
      'bank transfers',
      'wire transfers',
    ],
    ...['bank statement', 'bank transactions'],
  );
  const open = says(
    utterance,
    'unmatched',
    'unallocated',
    'unreconciled',
    'open',
    'not matched',
    'waiting',
    'list',
    'show',
    'which',
  );
  if (!bank || !open || utterance.customers.length > 0 || utterance.periods.length > 0) return [];
  if (/^(?:match|assign|allocate|apply)$/.test(utterance.words[0] ?? '')) return [];
  return [{ input: {}, confidence: 0.92, interpretation: 'Unmatched bank lines' }];
}
