import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { briefingSettingsShape, MINE, nextWords, self, toOutput } from './settings-output.ts';

const output = z.strictObject({
  settings: briefingSettingsShape,
  next: z.string(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'get_briefing',
  description:
    'Tells when and how the asker\'s own morning briefing comes, and when the next is due. Use it for "when is my briefing". Not for changing it and not for making one now.',
  scope: 'metrics:read',
  effect: 'read',
  input: z.strictObject({}),
  output,
  examples: [
    { say: 'when is my briefing?', input: {} },
    { say: 'what are my briefing settings?', input: {} },
  ],
  recognize,
  async run(_input, ctx) {
    const { briefing } = await ctx.settings.get(self(ctx));
    const nextAt = await ctx.settings.nextBriefingAt(self(ctx));
    const nowAt = ctx.clock.now();
    const words = 'What this person chose for their briefing, over the defaults of their role';
    return {
      settings: toOutput(briefing),
      next: nextWords(nextAt, briefing.tz, nowAt),
      receipt: ledgerReceipt({ name: 'Briefing settings', words }, nowAt, 1),
    };
  },
  narrate: ({ settings, next }) =>
    settings.on
      ? `Your briefing comes at ${settings.words}. ${next}`
      : 'Your briefing is off. Say "turn on my briefing" to have one.',
});

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!MINE.test(phrase)) return [];
  const asks = /\b(?:when|what time|which time|settings?|how often|what zone|is my|do i (?:get|have))\b/.test(
    phrase,
  );
  if (!asks) return [];
  return [{ input: {}, confidence: 0.88, interpretation: 'When your briefing comes' }];
}
