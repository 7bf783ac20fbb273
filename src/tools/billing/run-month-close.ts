import { z } from 'zod';
import { monthNamed, monthOf } from '../../domain/billing/run/month.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { UserError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { orderIn } from '../request-wording.ts';
import { closableMonth } from './closable-month.ts';
import { wantedMonth } from './wanted-month.ts';

/** Longer than this nobody is kept waiting: the end is told in the thread. */
const WAIT_MS = 15_000;
const SKILL = 'month-close';

const input = z.strictObject({
  month: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe('As the person wrote it: "October"; default last month'),
});

const output = z.strictObject({
  runId: z.string(),
  month: z.string(),
  state: z.enum(['running', 'parked', 'done', 'failed', 'stopped']),
  summary: z.string().nullable(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'run_month_close',
  description:
    'Closes a month that is over: rates usage beyond the plans, proves it and puts all invoices on one card to approve. Not for one customer, nor for a look at drafts.',
  scope: 'billing:write',
  effect: 'own',
  leadsToProposals: true,
  about: ['draft', 'overage', 'close'],
  input,
  output,
  examples: [
    { say: 'close the month', input: {} },
    { say: 'run the month close for October 2026', input: { month: 'October 2026' } },
  ],
  recognize,
  async run({ month: wanted }, ctx) {
    const { principal, place, signal, clock } = ctx;
    const month = await wantedMonth(wanted, ctx);
    await closableMonth(month, ctx);
    for (const state of ['parked', 'running'] as const) {
      const other = (await ctx.skills.list({ state, limit: 100 })).find(({ skill }) => skill === SKILL);
      if (other === undefined) continue;
      throw new UserError(
        'conflict',
        `A month-close is under way already: run ${other.id}, begun by ${other.starterName}.`,
        'Decide its rows, or stop it, first.',
      );
    }
    const run = await ctx.skills.start({
      skill: SKILL,
      input: { month },
      principal,
      place,
      // The same message worked on twice, after a crash, is one run.
      key: `${ctx.askedBy ?? newId('ask')} ${SKILL} ${month}`,
      signal,
      waitMs: WAIT_MS,
    });
    return {
      runId: run.id,
      month,
      state: run.state,
      summary: run.summary,
      receipt: ledgerReceipt(
        { name: 'Month close', words: `What the close of ${month} has come to, run ${run.id}` },
        clock.now(),
        1,
      ),
    };
  },
  narrate: ({ runId, month, state, summary }) => {
    const words = summary ?? '';
    if (state === 'parked')
      return `${words}\nNothing is issued before somebody with the right to has approved it. Run ${runId}.`;
    if (state === 'running')
      return `The close of ${month} is still working; I report here when it is done. Run ${runId}.`;
    if (state === 'failed') return `The close of ${month} did not get to its end. ${words} Run ${runId}.`;
    return `${words} Run ${runId}.`.trim();
  },
  // It may tell names that outsiders chose.
  untrusted: () => true,
});

const CLOSE =
  /^(?:close|bill)\b.*\b(?:month|january|february|march|april|may|june|july|august|september|october|november|december|overage)\b|^(?:run|start|do)\b.*\bmonth[ -]?(?:end )?close\b|^(?:run|start|do) (?:the )?billing\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !CLOSE.test(order) || utterance.customers.length > 0 || utterance.skill) return [];
  const [mention, another] = utterance.periods;
  if (another) return [];
  const period = mention?.period;
  if (!period) return [{ input: {}, confidence: 0.9, interpretation: 'Close last month' }];
  const whole = monthNamed(monthOf(period.startAt, period.tz), period.tz);
  if (period.startAt !== whole.startAt || period.endAt > whole.endAt) return [];
  return [{ input: { month: mention.text }, confidence: 0.95, interpretation: `Close ${whole.label}` }];
}
