import { z } from 'zod';
import { pointedAt } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { findReport } from '../../domain/reports/find-report.ts';
import { reportWishIn } from '../../domain/reports/request-words.ts';
import { settleWhen } from '../../domain/reports/settle-when.ts';
import { whenIn } from '../../domain/reports/when-words.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { changeable, listedReports, oneReportOutput, toOneReport, whenWords } from './report-output.ts';

const input = z.strictObject({
  report: z
    .string()
    .trim()
    .max(120)
    .optional()
    .describe('Id, or the words that tell it from others: "the monday one", "mrr". Left out: the only one'),
  when: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .describe('The new time as the person said it: "to 8", "fridays at 9". What is left out stays'),
});

export default defineTool({
  name: 'move_report',
  description:
    'Moves a scheduled report of the asker to another time, day or time zone. Not for what it shows, nor for the morning briefing.',
  scope: 'metrics:read',
  effect: 'own',
  onlyWhenAsked: true,
  input,
  output: oneReportOutput,
  examples: [
    { say: 'move the monday report to 8', input: { report: 'the monday report', when: 'to 8' } },
    {
      say: 'change the mrr report to fridays at 9',
      input: { report: 'the mrr report', when: 'to fridays at 9' },
    },
  ],
  recognize,
  async run({ report: reference, when }, ctx) {
    const { own, all } = await changeable(ctx);
    const say = (id: string) => `move the report ${id} ${when}`;
    const before = findReport(/\brep_/.test(reference ?? '') ? all : own, reference, say);
    const { cron, timezone, notes } = settleWhen(
      whenIn(when),
      { timezone: ctx.principal.tz, nowAt: ctx.clock.now(), before },
      (other) => `move the report ${before.id} to ${other}`,
    );
    if (cron === before.cron && timezone === before.timezone)
      return toOneReport(before, ctx, { before, already: true, notes });
    const after = await ctx.reports.change(before.id, { cron, timezone });
    if (!after) throw new UserError('conflict', 'That report has been stopped meanwhile.');
    return toOneReport(after, ctx, { before, notes });
  },
  narrate({ report, before, already, notes }) {
    if (already) return `"${report.words}" comes then already. ${whenWords(report)}.`;
    const was = before ? ` It was ${before.times} before.` : '';
    return [`Moved: "${report.words}" ${report.where}. ${whenWords(report)}.${was}`, ...notes].join(' ');
  },
});

const MOVING =
  /^(?:please |can you |could you |ok |psi )*(?:move|change|reschedule|shift|push|make|switch|set(?! up)|put|bring|delay|postpone|bump)\b/;
const ABOUT = /\b(?:reports?|scheduled?|schedule)\b|\bthe \S+(?: \S+)? one\b|\brep_\w+|\bposts?\b/i;

/** "To tuesday" moves it to Tuesdays. */
function everyDay(words: string): string {
  return words.replace(/\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi, '$1s');
}

function recognize(utterance: Utterance): Reading[] {
  const { words, previous, negated } = utterance;
  const text = utterance.text.replace(/\b(make (?:it|that)) (?=\d)/i, '$1 to ');
  const phrase = words.join(' ');
  if (negated || !MOVING.test(phrase) || /\bbriefing\b/.test(phrase) || reportWishIn(text)) return [];
  const ids = listedReports(previous);
  const [, subject = text, to] =
    /^(.*?)\s+(?:(?:back |forward |up )?to|come(?:s)? (?:at|on)|(?<=report|one|it|that) (?:at|on))\s+(.+)$/is.exec(
      text,
    ) ?? [];
  const when = to === undefined ? text : `to ${everyDay(to.replace(/\s+instead\b.*$/i, ''))}`;
  const { days, time, dayless, impossible } = whenIn(when);
  if ((days ?? time ?? dayless ?? impossible) === null) return [];
  const pronoun = /\b(?:it|that|this)\b/i.test(subject);
  if (!ABOUT.test(subject) && !(pronoun && (ids.length > 0 || utterance.customers.length === 0))) return [];
  const pointed = pointedAt(utterance)?.id;
  const id = pointed?.startsWith('rep_') ? pointed : pronoun && ids.length === 1 ? ids[0] : undefined;
  const reference = id ?? (pronoun && !ABOUT.test(subject) ? undefined : subject.replace(/^\W*\w+\s+/, ''));
  return [
    {
      input: { ...(reference ? { report: reference } : {}), when },
      confidence: ids.length > 0 || ABOUT.test(subject) ? 1 : 0.65,
      interpretation: `Move ${reference && !id ? reference : 'the report'} ${when}`.slice(0, 150),
    },
  ];
}
