import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { BRIEFING_CHANNELS, type BriefingSettings } from '../../domain/people/settings.ts';
import { channelsIn, timeIn, undoWords } from '../../domain/people/time-words.ts';
import { zoneIn, zoneOf } from '../../domain/people/zones.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { briefingSettingsShape, MINE, nextWords, self, toOutput } from './settings-output.ts';

const input = z.strictObject({
  time: z
    .string()
    .regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$/, 'a time of day such as 07:30')
    .optional()
    .describe('Wall-clock time, HH:MM'),
  timezone: z.string().min(2).max(60).optional().describe('Zone or city, such as Europe/Berlin or "Berlin"'),
  on: z.boolean().optional(),
  channels: z.array(z.enum(BRIEFING_CHANNELS)).min(1).max(2).optional(),
});

const output = z.strictObject({
  before: briefingSettingsShape,
  settings: briefingSettingsShape,
  next: z.string(),
  undo: z.string(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'set_briefing',
  description:
    "Moves, stops, starts or re-routes the asker's own morning briefing: time, time zone, channels. Changes nothing for anybody else and is done at once. Not for making one now, nor for reminders.",
  scope: 'metrics:read',
  effect: 'own',
  input,
  output,
  examples: [
    { say: 'move my briefing to 7:30', input: { time: '07:30' } },
    { say: 'send my briefing at 9 Berlin time', input: { time: '09:00', timezone: 'Europe/Berlin' } },
    { say: 'stop my briefing', input: { on: false } },
    { say: 'turn on my briefing', input: { on: true } },
    { say: 'my briefing by email only', input: { channels: ['email'] } },
  ],
  recognize,
  async run(wanted, ctx) {
    const change: Partial<BriefingSettings> = {
      ...(wanted.time === undefined ? {} : { time: wanted.time.padStart(5, '0') }),
      ...(wanted.timezone === undefined ? {} : { tz: zoneNamed(wanted.timezone) }),
      ...(wanted.channels === undefined ? {} : { channels: [...new Set(wanted.channels)] }),
      // Whoever says when wants it.
      on: wanted.on ?? true,
    };
    if (Object.keys(wanted).length === 0)
      throw new UserError(
        'invalid_input',
        'Say what to change about your briefing.',
        'For example "move my briefing to 7:30".',
      );
    const { before, after } = await ctx.settings.change(self(ctx), { briefing: change });
    const nextAt = await ctx.settings.nextBriefingAt(self(ctx));
    const nowAt = ctx.clock.now();
    const words = 'What this person chose for their briefing';
    return {
      before: toOutput(before.briefing),
      settings: toOutput(after.briefing),
      next: nextWords(nextAt, after.briefing.tz, nowAt),
      undo: undoWords(before.briefing),
      receipt: ledgerReceipt({ name: 'Briefing settings', words }, nowAt, 1),
    };
  },
  narrate({ before, settings, next, undo }) {
    if (before.words === settings.words && before.on === settings.on)
      return settings.on
        ? `Your briefing comes at ${settings.words} already. ${next}`
        : 'Your briefing is off already.';
    const now = settings.on
      ? `Your briefing now comes at ${settings.words}. ${next}`
      : 'Your briefing is off. You can ask for one at any time.';
    return `${now} It was ${before.on ? `at ${before.words}` : 'off'} before; to go back, say "${undo}".`;
  },
});

function zoneNamed(text: string): string {
  const zone = zoneOf(text);
  if (zone) return zone;
  throw new UserError(
    'invalid_input',
    `I do not know a time zone called "${text.slice(0, 40)}".`,
    'Say a city, or a zone such as Europe/Berlin.',
  );
}

const STRANGE_ZONE = /\d(?:\s?[ap]m)?\s+(?:in\s+)?(\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?) time\b/u;
const CHANGING =
  /\b(?:move|set|change|make|send|sent|deliver|get|have|want|switch|put|reschedule|by|only|at|instead|please)\b/;
const STOPPING =
  /\b(?:stop|cancel|disable|turn off|switch off|pause|unsubscribe|no more|dont send|do not send|off)\b/;
const BRIEF_ME = /^(?:please |can you |could you |psi )*brief me (?:at|by|every|daily|each)\b/;
const STARTING = /\b(?:start|enable|turn on|switch on|resume|subscribe|activate|turn back on|on again)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!MINE.test(phrase) && !BRIEF_ME.test(phrase)) return [];
  if (/\b(?:when|what time|which time|settings?|did|was|why)\b/.test(phrase)) return [];
  // Somebody else's briefing is not the asker's to move.
  if (/\b(?:his|her|their|everybodys|everyones|the teams?)\b/.test(phrase) || utterance.customers.length > 0)
    return [];
  const channels = channelsIn(utterance.text);
  const time = timeIn(utterance.text);
  // A zone nobody knows is passed on to be refused: the old one must not be kept in silence.
  const timezone = zoneIn(utterance.text) ?? STRANGE_ZONE.exec(utterance.text)?.[1] ?? null;
  if (STOPPING.test(phrase) && time === null && channels === null)
    return [{ input: { on: false }, confidence: 0.9, interpretation: 'Your briefing, off' }];
  const input: { [key: string]: Json } = {
    ...(time === null ? {} : { time }),
    ...(timezone === null ? {} : { timezone }),
    ...(channels === null ? {} : { channels }),
  };
  if (
    Object.keys(input).length > 0 &&
    (CHANGING.test(phrase) || STARTING.test(phrase) || BRIEF_ME.test(phrase))
  ) {
    const words = [time, timezone, channels?.join(' and ')].filter(Boolean).join(', ');
    return [{ input, confidence: 0.92, interpretation: `Your briefing, ${words}` }];
  }
  if (STARTING.test(phrase))
    return [{ input: { on: true }, confidence: 0.9, interpretation: 'Your briefing, on' }];
  return [];
}
