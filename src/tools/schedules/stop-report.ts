import { z } from 'zod';
import { pointedAt } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { findReport } from '../../domain/reports/find-report.ts';
import { nameOf, type Report } from '../../domain/reports/report.ts';
import { whenIn } from '../../domain/reports/when-words.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { changeable, listedReports, oneReportOutput, toOneReport, whenWords } from './report-output.ts';

const HOW = ['stop', 'pause', 'resume'] as const;

const input = z.strictObject({
  report: z
    .string()
    .trim()
    .max(120)
    .optional()
    .describe('Id, or the words that tell it from others: "the monday one", "mrr". Left out: the only one'),
  how: z.enum(HOW).optional().describe('stop (for good, the default), pause, or resume a paused one'),
});

export default defineTool({
  name: 'stop_report',
  description:
    "Stops, pauses or resumes a scheduled report of the asker; a founder may stop anybody's. Not for the morning briefing, nor for what runs at this moment.",
  scope: 'metrics:read',
  effect: 'own',
  onlyWhenAsked: true,
  input,
  output: oneReportOutput,
  examples: [
    { say: 'stop the monday report', input: { report: 'the monday report', how: 'stop' } },
    { say: 'pause the mrr report', input: { report: 'the mrr report', how: 'pause' } },
    { say: 'resume the mrr report', input: { report: 'the mrr report', how: 'resume' } },
  ],
  recognize,
  async run({ report: reference, how = 'stop' }, ctx) {
    const { own, all } = await changeable(ctx);
    const candidates = /\brep_/.test(reference ?? '') ? all : own;
    const fitting = how === 'resume' ? candidates.filter((one) => one.pausedAt !== null) : candidates;
    const before = findReport(
      fitting.length > 0 ? fitting : candidates,
      reference,
      (id) => `${how} the report ${id}`,
    );
    const change = changeOf(how, before, ctx.clock.now());
    if (change === null) return toOneReport(before, ctx, { before, already: true });
    const after = await ctx.reports.change(before.id, change);
    if (!after) throw new UserError('conflict', 'That report has been stopped meanwhile.');
    return toOneReport(after, ctx, { before });
  },
  narrate({ report, before, already }) {
    const name = `"${report.words}" ${report.where} (${before?.times ?? report.times})`;
    if (report.next === 'stopped')
      return `Stopped: ${name}. It does not come again; ask for it anew to have it back.`;
    if (report.next === 'paused')
      return `${already ? 'Paused already' : 'Paused'}: ${name}. To go on, say "resume ${nameOf(report)}".`;
    return `${already ? 'It is not paused' : 'It comes again'}: "${report.words}" ${report.where}. ${whenWords(report)}.`;
  },
});

/** Null where it is so already. */
function changeOf(how: (typeof HOW)[number], report: Report, nowAt: number) {
  if (how === 'stop') return { endedAt: nowAt };
  if (how === 'pause') return report.pausedAt === null ? { pausedAt: nowAt } : null;
  return report.pausedAt === null ? null : { pausedAt: null };
}

const VERBS: readonly [RegExp, (typeof HOW)[number]][] = [
  [/^(?:resume|restart|unpause|continue|reactivate|turn (?:back )?on)\b/, 'resume'],
  [/^(?:pause|suspend|hold|mute|skip|snooze)\b/, 'pause'],
  [
    /^(?:stop|cancel|end|delete|remove|unschedule|drop|kill|turn off|dont|no more|get rid of|scrap|undo|switch off|quit|disable|discontinue|call off|unsubscribe)\b/,
    'stop',
  ],
];
const POLITE =
  /^(?:(?:please|pls|can you|could you|ok|okay|psi|hey|and|now|actually|no(?! more)|wait|sorry|hm|hmm|never mind|nevermind|let us|lets|just|i want to|i want you to)\s+)+/;
const ABOUT = /\b(?:reports?|scheduled?|schedule|posting|sending|reporting)\b|\brep_\w+/i;
const ONE = /\bone\b/i;

function recognize(utterance: Utterance): Reading[] {
  const { text, words, previous, customers } = utterance;
  const phrase = words.join(' ').replace(POLITE, '');
  const how = VERBS.find(([pattern]) => pattern.test(phrase))?.[1];
  if (!how || /\b(?:briefing|alerts?|run|skill|sync)\b/.test(phrase)) return [];
  const ids = listedReports(previous);
  const pointed = pointedAt(utterance)?.id;
  const rhythm = whenIn(text.replace(DAY_NAME, (day) => `${day.replace(/s$/i, '')}s`)).days !== null;
  const pronoun = /\b(?:it|that|this)\b/i.test(text) && ids.length > 0;
  const about = ABOUT.test(text) || (rhythm && ONE.test(text)) || (ids.length > 0 && ONE.test(text));
  if (!about && !pronoun && !pointed?.startsWith('rep_')) return [];
  if (customers.length > 0 && !ABOUT.test(text)) return [];
  const id = pointed?.startsWith('rep_') ? pointed : pronoun && ids.length === 1 ? ids[0] : undefined;
  const reference =
    id ?? text.replace(/[.!?]+$/, '').replace(/^\W*(?:please |can you |could you |psi,? )*\w+\s*/i, '');
  return [
    {
      input: { ...(reference === '' ? {} : { report: reference.slice(0, 120) }), how },
      confidence: 1,
      interpretation:
        `${how.charAt(0).toUpperCase()}${how.slice(1)} ${id ? 'the report' : reference || 'the report'}`.slice(
          0,
          150,
        ),
    },
  ];
}

const DAY_NAME = /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/gi;
