import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { backOnAt } from '../../domain/people/back-on.ts';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';

const input = z.strictObject({
  back: z.boolean().optional().describe('True: the person is here again; nothing else is needed'),
  until: z
    .string()
    .max(40)
    .optional()
    .describe('The day they are back: a weekday, "tomorrow", "next week", "Nov 27" or YYYY-MM-DD'),
  delegate: z.string().max(80).optional().describe('Name of the colleague who stands in for them'),
});

const status = z.strictObject({ away: z.string().nullable(), delegate: z.string().nullable() });
const output = z.strictObject({ before: status, after: status, receipt: receiptSchema });

export default defineTool({
  name: 'set_delegate',
  description:
    'Notes that the person asking is away until a day and who stands in for them, or that they are back. While away they are not reminded of approvals; the stand-in is told instead, and decides only what their own role allows. Only for the one who asks, never for somebody else.',
  scope: 'approvals:read',
  effect: 'own',
  input,
  output,
  examples: [
    { say: "I'm away until Friday, Priya decides for me", input: { until: 'Friday', delegate: 'Priya' } },
    { say: "I'm away until tomorrow", input: { until: 'tomorrow' } },
    { say: "I'm back", input: { back: true } },
  ],
  recognize,
  async run(wanted, ctx) {
    const colleagues = await ctx.approvals.colleagues(ctx.principal.teamId);
    const nameOf = (id: string | null) => colleagues.find((one) => one.userId === id)?.name ?? id;
    const { before, after } = await ctx.settings.change(ctx.principal, changeFor(wanted, colleagues, ctx));
    const words = (one: typeof before) => {
      const { awayUntilAt } = one;
      const away = awayUntilAt !== null && awayUntilAt > ctx.clock.now();
      return {
        away: away ? describeInstant(awayUntilAt, ctx.principal.tz) : null,
        delegate: nameOf(one.delegateId),
      };
    };
    return {
      before: words(before),
      after: words(after),
      receipt: ledgerReceipt(
        { name: 'Away', words: 'What a person has chosen for themselves' },
        ctx.clock.now(),
        1,
      ),
    };
  },
  narrate({ before, after }) {
    if (after.away === null) {
      return before.away === null
        ? 'You are here. Approvals come to you.'
        : `Welcome back. Approvals come to you again; you were away until ${before.away}.`;
    }
    const standIn =
      after.delegate === null
        ? 'Nobody stands in for you'
        : `${after.delegate} stands in for you, for what their own role may decide`;
    return `You are away until ${after.away}. ${standIn}. Say "I'm back" to end it.`;
  },
});

type Colleague = { userId: string; name: string };

function changeFor(
  wanted: z.output<typeof input>,
  colleagues: readonly Colleague[],
  { principal, clock }: Pick<ToolContext, 'principal' | 'clock'>,
): { awayUntilAt: number | null; delegateId: string | null } {
  if (wanted.back === true) return { awayUntilAt: null, delegateId: null };
  if (wanted.until === undefined) {
    throw new UserError('invalid_input', 'Until when are you away?', 'Say "I\'m away until Friday".');
  }
  const awayUntilAt = backOnAt(wanted.until, clock.now(), principal.tz);
  if (awayUntilAt === null) {
    throw new UserError(
      'invalid_input',
      `I cannot read "${wanted.until}" as a day to come.`,
      'Name a weekday or a date, like Friday or Nov 27.',
    );
  }
  if (wanted.delegate === undefined) return { awayUntilAt, delegateId: null };
  const delegate = colleagueCalled(wanted.delegate, colleagues);
  if (delegate.userId === principal.userId) {
    throw new UserError('invalid_input', 'You cannot stand in for yourself.', 'Name a colleague.');
  }
  return { awayUntilAt, delegateId: delegate.userId };
}

function colleagueCalled(text: string, colleagues: readonly Colleague[]): Colleague {
  const wanted = text.trim().replace(/^@/, '').toLowerCase();
  const exact = colleagues.filter((one) => one.name.toLowerCase() === wanted || one.userId === text);
  const close = colleagues.filter((one) => one.name.toLowerCase().split(/\s+/).includes(wanted));
  const found = exact.length > 0 ? exact : close;
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length === 0)
    throw new UserError('not_found', `Nobody here is called ${text}.`, 'Use their full name.');
  throw new UserError(
    'ambiguous',
    `Several people are called ${text}.`,
    `Say which: ${found.map((one) => one.name).join(', ')}.`,
  );
}

const AWAY =
  /\b(?:i am|i'?m|i will be|i'?ll be|will be)\s+(?:away|out(?! of)|out of (?:the )?office|ooo|off|unavailable|travell?ing|gone|on (?:vacation|holidays?|leave|pto|parental leave))\b|^(?:ooo|out of (?:the )?office)\b/i;
const BACK = /^\s*(?:hey |hi |psi,? )*(?:i am|i'?m)\s+back\b/i;
const UNTIL =
  /\b(?:until|till?|through|back (?:on|again on)?)\s+((?:next\s+)?(?!on\b|again\b)[a-z0-9-]+(?:\s+\d{1,2}(?:st|nd|rd|th)?)?)/i;
const STAND_IN =
  /(?<![\p{L}])(?!(?:and|then|please|so|who|that)\b)(\p{L}[\p{L}'-]*(?:\s\p{Lu}[\p{L}'-]*)?)\s+(?:decides?|will decide|approves?|will approve|stands in|will stand in|is standing in|covers?|will cover|is covering|can decide|takes over|will take over|fills in|steps in)\s+for\s+me\b/u;

function recognize({ text }: Utterance): Reading[] {
  const plain = text.replaceAll('’', "'");
  if (BACK.test(plain)) return [{ input: { back: true }, confidence: 0.9, interpretation: 'You are back' }];
  if (!AWAY.test(plain)) return [];
  const until = UNTIL.exec(plain)?.[1];
  if (until === undefined) return [];
  const delegate = STAND_IN.exec(plain)?.[1];
  const standIn = delegate === undefined ? '' : `, ${delegate} stands in`;
  return [
    {
      input: { until, ...(delegate === undefined ? {} : { delegate }) },
      confidence: 0.9,
      interpretation: `Away until ${until}${standIn}`,
    },
  ];
}
