import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { nameOf } from '../../domain/reports/report.ts';
import { reportWishIn } from '../../domain/reports/request-words.ts';
import { settleWhen } from '../../domain/reports/settle-when.ts';
import { whenIn } from '../../domain/reports/when-words.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { oneReportOutput, toOneReport, whenWords } from './report-output.ts';

const input = z.strictObject({
  question: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'What to look up each time, in the person\'s words: "churned customers by plan", "the numbers"',
    ),
  when: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .describe(
      'As the person said it: "every weekday at 7", "mondays 9am Berlin time", "on the 1st of each month"',
    ),
  where: z
    .string()
    .trim()
    .regex(/^(?:here|dm|#[^\s#]{1,80})$/, '"here", "dm" or a channel such as "#finance"')
    .optional()
    .describe('"here", "dm" or "#channel"'),
});

export default defineTool({
  name: 'create_report',
  description:
    'Has a question answered again and again, at times the person names, here, in their DM or in a channel they are in. Only look-ups; at most hourly. Not for a single answer, not for the morning briefing, not for reminders to customers.',
  scope: 'metrics:read',
  effect: 'own',
  onlyWhenAsked: true,
  input,
  output: oneReportOutput,
  examples: [
    {
      say: 'every weekday at 7 drop the numbers in here',
      input: { question: 'the numbers', when: 'every weekday at 7', where: 'here' },
    },
    {
      say: 'post mrr in #finance every monday 9am',
      input: { question: 'mrr', when: 'every monday 9am', where: '#finance' },
    },
    {
      say: 'every month on the 1st send me churned customers by plan',
      input: { question: 'churned customers by plan', when: 'every month on the 1st', where: 'dm' },
    },
  ],
  recognize,
  async run({ question, when, where = 'here' }, ctx) {
    if (question === undefined)
      throw new UserError(
        'invalid_input',
        'What shall I look up each time?',
        'Say for example "post mrr and signups yesterday here every weekday at 9".',
      );
    const inWords = where === 'dm' ? 'send me' : 'post';
    const place = where === 'dm' ? '' : where === 'here' ? ' here' : ` in ${where}`;
    const say = (other: string) => `${inWords} ${question}${place}, ${other}`;
    const { cron, timezone, notes } = settleWhen(
      whenIn(when),
      { timezone: ctx.principal.tz, nowAt: ctx.clock.now() },
      say,
    );
    const calls = await ctx.reports.read(question, ctx.principal);
    const target = await ctx.reports.target(where, ctx.principal, ctx.place, calls);
    const { report, existed } = await ctx.reports.create(
      { target, words: question, calls, cron, timezone },
      ctx.principal,
      ctx.askedBy ?? null,
    );
    return toOneReport(report, ctx, { already: existed, notes });
  },
  narrate({ report, already, notes }) {
    const lead = already ? 'That is scheduled already' : 'Scheduled';
    const shows = report.parts.length > 1 ? ` It shows ${listed(report.parts)}.` : '';
    const undo = `To end it, say "stop ${nameOf(report)}"; in this thread "pause it" and "move it to 8" will do.`;
    return `${lead}: "${report.words}" ${report.where}. ${whenWords(report)}.${shows} ${[...notes, undo].join(' ')}`;
  },
});

function listed(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function recognize({ text, negated }: Utterance): Reading[] {
  const wish = negated ? null : reportWishIn(text);
  if (!wish) return [];
  const { question, when, where } = wish;
  return [
    {
      input: { ...(question === '' ? {} : { question }), when, ...(where === null ? {} : { where }) },
      confidence: 1,
      whole: true,
      interpretation: `A report: ${question || 'what is not said yet'}, ${when}`.slice(0, 150),
    },
  ];
}
