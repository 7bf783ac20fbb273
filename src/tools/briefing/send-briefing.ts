import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { SystemError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { MINE, self } from './settings-output.ts';

/** The playbook that makes a briefing. */
const SKILL = 'morning-briefing';

const output = z.strictObject({ said: z.string(), receipt: receiptSchema });

export default defineTool({
  name: 'send_briefing',
  description:
    "Makes the asker's own briefing now and posts it to their DM. It does not use up the one of the day. Not for changing when it comes, and never for anybody else.",
  scope: 'metrics:read',
  effect: 'own',
  input: z.strictObject({}),
  output,
  examples: [
    { say: 'send me my briefing now', input: {} },
    { say: 'brief me', input: {} },
  ],
  recognize,
  async run(_input, ctx) {
    const { principal, place, clock, company, signal } = ctx;
    const { teamId, userId } = self(ctx);
    // Asked twice within a minute is asked once.
    const key = `briefing:asked:${teamId}:${userId}:${Math.floor(clock.now() / 60_000)}`;
    const reader = { ...principal, tz: company.tz };
    const run = await ctx.skills.start({
      skill: SKILL,
      input: { key },
      principal: reader,
      place,
      key,
      signal,
    });
    if (run.state === 'failed' || run.state === 'stopped')
      throw new SystemError('internal', `the briefing run ${run.id} ${run.state}`);
    const words = 'A briefing made by hand; the one of the day comes as ever';
    return {
      said: 'Your briefing is in our DM. The one of the day comes as ever.',
      receipt: ledgerReceipt({ name: 'Briefing', words }, ctx.clock.now(), 1),
    };
  },
  narrate: ({ said }) => said,
});

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const reading = [{ input: {}, confidence: 0.93, interpretation: 'Your briefing, now' }];
  if (/^(?:please )?brief me(?: now| please)?$/.test(phrase)) return reading;
  if (!MINE.test(phrase) || /\b(?:when|settings?|time)\b|\d/.test(phrase)) return [];
  const now = /\b(?:now|right away|again|immediately|at once)\b/.test(phrase);
  const asks = /\b(?:send|give|show|get|make|run|have)\b/.test(phrase);
  return now ||
    (asks && !/\b(?:by|only|off|stop|on)\b/.test(phrase)) ||
    /^(?:my )?(?:morning )?briefing(?: please)?$/.test(phrase)
    ? reading
    : [];
}
