import { z } from 'zod';
import { monthNamed, monthOf } from '../../domain/billing/run/month.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { newId } from '../../lib/ids.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { orderIn } from '../request-wording.ts';
import { wantedMonth } from './wanted-month.ts';

/** Longer than this nobody is kept waiting: the end is told in the thread. */
const WAIT_MS = 15_000;
const SKILL = 'month-rollback';

const input = z.strictObject({
  month: z.string().trim().min(1).max(60).optional().describe('As written; default last month'),
});

const output = z.strictObject({
  runId: z.string(),
  month: z.string(),
  state: z.enum(['running', 'parked', 'done', 'failed', 'stopped']),
  summary: z.string().nullable(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'rollback_run',
  description:
    'Takes back the close of a month: proposes voiding or crediting every invoice it issued, on one card to approve; then it can be closed anew. Not for one invoice.',
  scope: 'billing:write',
  effect: 'own',
  leadsToProposals: true,
  about: ['rollback'],
  input,
  output,
  examples: [
    { say: 'roll back the month close', input: {} },
    { say: 'undo the October 2026 close', input: { month: 'October 2026' } },
  ],
  recognize,
  async run({ month: wanted }, ctx) {
    const month = await wantedMonth(wanted, ctx);
    const run = await ctx.skills.start({
      skill: SKILL,
      input: { month },
      principal: ctx.principal,
      place: ctx.place,
      // The same message worked on twice, after a crash, is one run.
      key: `${ctx.askedBy ?? newId('ask')} ${SKILL} ${month}`,
      signal: ctx.signal,
      waitMs: WAIT_MS,
    });
    return {
      runId: run.id,
      month,
      state: run.state,
      summary: run.summary,
      receipt: ledgerReceipt(
        { name: 'Rollback of a close', words: `What taking back ${month} has come to, run ${run.id}` },
        ctx.clock.now(),
        1,
      ),
    };
  },
  narrate: ({ runId, month, state, summary }) => {
    const words = summary ?? '';
    if (state === 'parked')
      return `${words}\nNothing is taken back before somebody with the right to has approved it. Run ${runId}.`;
    if (state === 'running')
      return `Taking back ${month} is still being prepared; I report here. Run ${runId}.`;
    if (state === 'failed') return `Taking back ${month} did not get to its end. ${words} Run ${runId}.`;
    return `${words} Run ${runId}.`.trim();
  },
  // It may tell names that outsiders chose.
  untrusted: () => true,
});

const ROLLBACK =
  /^(?:roll ?back|undo|unwind|take back|reverse)\b.*\b(?:close|closing|billing run|month ?close|invoice run|run)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ROLLBACK.test(order) || utterance.customers.length > 0) return [];
  const [mention, another] = utterance.periods;
  if (another) return [];
  const period = mention?.period;
  if (!period) return [{ input: {}, confidence: 0.9, interpretation: 'Take back the close of last month' }];
  const whole = monthNamed(monthOf(period.startAt, period.tz), period.tz);
  if (period.startAt !== whole.startAt || period.endAt > whole.endAt) return [];
  return [
    {
      input: { month: mention.text },
      confidence: 0.95,
      interpretation: `Take back the close of ${whole.label}`,
    },
  ];
}
