import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { reportShape, toShape, whenWords } from './report-output.ts';

const input = z.strictObject({
  where: z
    .enum(['mine', 'here'])
    .optional()
    .describe("The asker's own (the default), or all that stand in this channel"),
});

const output = z.strictObject({
  where: z.enum(['mine', 'here']),
  reports: z.array(reportShape),
  listed: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_reports',
  description:
    'The scheduled reports of the asker, or those posted into this channel: what each shows, when it comes next, where. Not for what Psi runs by itself, nor for the morning briefing.',
  scope: 'metrics:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: "what's scheduled?", input: {} },
    { say: 'which reports are scheduled in here?', input: { where: 'here' } },
  ],
  recognize,
  async run({ where = 'mine' }, ctx) {
    const { teamId, userId } = ctx.principal;
    const inChannel = where === 'here' && ctx.place.kind === 'channel';
    const found = await ctx.reports.list(
      inChannel ? { teamId, channelId: ctx.place.channelId } : { teamId, ownerId: userId },
    );
    const nowAt = ctx.clock.now();
    const words = inChannel ? 'Reports that are posted into this channel' : 'Reports this person asked for';
    return {
      where: inChannel ? ('here' as const) : ('mine' as const),
      reports: found.map((report) => toShape(report, nowAt)),
      listed: found.map(({ id, words: label }) => ({ id, label })),
      receipt: ledgerReceipt({ name: 'Scheduled reports', words }, nowAt, found.length),
    };
  },
  narrate({ reports, where }) {
    if (reports.length === 0)
      return where === 'here'
        ? 'Nothing is scheduled in this channel. Say for example "post mrr here every monday at 9".'
        : 'You have no scheduled reports. Say for example "send me mrr every monday at 9".';
    const lines = reports.map(
      (report, index) =>
        `${index + 1}. "${report.words}" ${report.where}: ${whenWords(report)}${report.trouble ? `. Not posted last time: ${report.trouble}` : ''}`,
    );
    const count = reports.length === 1 ? '1 report is' : `${reports.length} reports are`;
    return [`${count} scheduled:`, ...lines].join('\n');
  },
});

const SCHEDULED =
  /\b(?:what(?: i|s| is| reports are| reports do i have)?|which(?: reports)?(?: are)?|list|show(?: me)?|see|any) (?:my |the |all |all my |our |your )?(?:schedul(?:ed?|es|ing)|scheduled reports?|reports? schedul\w+|recurring reports?)\b|^(?:my |scheduled )?(?:schedules?|scheduled reports?|recurring reports?|reports)$|\bwhat (?:do|will) you (?:post|send)(?: me| in here| here)?\b|\b(?:which|what) (?:reports|posts)\b|\bwhat(?:s| is| gets| will be)? (?:posted|sent|delivered|coming)(?: (?:here|in here|in this channel|to me|regularly|automatically))\b|\b(?:list|show) (?:me )?(?:my |the |all )*reports\b/;

function recognize({ words }: Utterance): Reading[] {
  const phrase = words.join(' ');
  if (!SCHEDULED.test(phrase) || /\b(?:create|move|stop|pause|cancel)\b/.test(phrase)) return [];
  const here = /\b(?:here|this channel)\b/.test(phrase);
  return [
    {
      input: here ? { where: 'here' } : {},
      confidence: 0.93,
      interpretation: here ? 'Reports scheduled in this channel' : 'Your scheduled reports',
    },
  ];
}
