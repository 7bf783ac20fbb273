import { z } from 'zod';
import { canonicalJson } from '../../domain/approvals/canonical-json.ts';
import { bulkRemindersIn } from '../../domain/language/bulk-reminders.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { newId } from '../../lib/ids.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { orderIn } from '../request-wording.ts';

/** Longer than this nobody is kept waiting: the end is told in the thread. */
const WAIT_MS = 15_000;

const input = z.strictObject({
  skill: z.string().trim().min(2).max(60).describe('Name of the playbook, as it is listed'),
  input: z
    .record(z.string(), z.json())
    .optional()
    .describe('What the playbook takes, where it takes anything'),
});

const output = z.strictObject({
  runId: z.string(),
  skill: z.string(),
  state: z.enum(['running', 'parked', 'done', 'failed', 'stopped']),
  summary: z.string().nullable(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'run_skill',
  description:
    'Runs a playbook by its name, with the rights of the one who asks, and says what came of it. Use it when somebody asks for something a playbook is for: chasing all overdue invoices, the daily sync. It may put a card before people who approve. Not for a single question, customer or invoice.',
  scope: 'metrics:read',
  effect: 'own',
  alwaysOffered: true,
  leadsToProposals: true,
  input,
  output,
  examples: [
    { say: 'run the daily sync', input: { skill: 'daily-sync' } },
    { say: 'chase the overdue invoices', input: { skill: 'collections-nudge' } },
    {
      say: 'chase everyone late by 45+ days',
      input: { skill: 'collections-nudge', input: { minDaysLate: 45 } },
    },
  ],
  recognize,
  async run({ skill, input: wanted = {} }, ctx) {
    const { principal, place, signal, clock } = ctx;
    // The same message worked on twice, after a crash, is one run.
    const key = `${ctx.askedBy ?? newId('ask')} ${skill} ${canonicalJson(wanted)}`;
    const run = await ctx.skills.start({
      skill,
      input: wanted,
      principal,
      place,
      key,
      signal,
      waitMs: WAIT_MS,
    });
    return {
      runId: run.id,
      skill: run.skill,
      state: run.state,
      summary: run.summary,
      receipt: ledgerReceipt(
        { name: `Run of ${run.skill}`, words: `What the run ${run.id} has come to` },
        clock.now(),
        1,
      ),
    };
  },
  narrate: ({ runId, skill, state, summary }) => {
    const words = summary ?? '';
    if (state === 'parked') {
      return `${words}\nNothing is sent before somebody with the right to has approved it. I report here when every row is settled. Run ${runId}.`;
    }
    if (state === 'running') return `${skill} is still working; I report here when it is done. Run ${runId}.`;
    if (state === 'failed') return `${skill} did not get to its end. ${words} Run ${runId}.`;
    return `${words} Run ${runId}.`.trim();
  },
  // It may tell names that outsiders chose.
  untrusted: () => true,
});

/** The playbook of payment reminders. */
const REMINDERS = 'collections-nudge';

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null) return [];
  const { skill } = utterance;
  if (skill) return [{ input: { skill: skill.name }, confidence: 0.95, interpretation: `Run ${skill.name}` }];
  const bulk = bulkRemindersIn(utterance, order);
  if (!bulk) return [];
  const { input, words, unread } = bulk;
  const call: { [key: string]: Json } = { skill: REMINDERS };
  if (Object.keys(input).length > 0) call.input = input;
  return [
    {
      input: call,
      confidence: unread.length > 0 ? 0.5 : 0.95,
      interpretation: `Payment reminders on one card: ${words}`,
      ...(unread.length > 0 ? { caveat: unread.join(' ') } : {}),
    },
  ];
}
