import { z } from 'zod';
import { SNOOZE_WORDS, SNOOZES, type Snooze, snoozeEndAt } from '../../domain/alerts/snooze.ts';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { aboutInput, alertMeant } from './about-alert.ts';
import { findAlert } from './find-alert.ts';

const input = z.strictObject({
  about: aboutInput.optional(),
  until: z
    .enum([...SNOOZES, 'now'])
    .describe('hour, tomorrow (08:00 where the asker is), week; now ends a snooze'),
});

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  untilAt: z.number().nullable(),
  until: z.string().nullable(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'snooze_alert',
  description:
    'Makes one open alert quiet for an hour, until tomorrow morning or for a week, or ends its snooze. It stays open and is heard again afterwards. Changes nothing outside Psi.',
  scope: 'metrics:read',
  effect: 'own',
  input,
  output,
  examples: [
    { say: 'snooze the Acme alert until tomorrow', input: { about: 'Acme', until: 'tomorrow' } },
    { say: 'snooze it for an hour', input: { until: 'hour' } },
    { say: 'mute the alert for a week', input: { until: 'week' } },
    { say: 'unsnooze it', input: { until: 'now' } },
    { say: 'wake the Acme alert', input: { about: 'Acme', until: 'now' } },
  ],
  recognize,
  async run({ about, until }, ctx) {
    const { principal, clock, alerts } = ctx;
    const nowAt = clock.now();
    const say = (name: string) =>
      until === 'now' ? `wake the ${name} alert` : `snooze the ${name} alert ${SAID[until]}`;
    const alert = await findAlert(ctx, about, say);
    const untilAt = until === 'now' ? null : snoozeEndAt(until, nowAt, principal.tz);
    const { after } = await alerts.snooze(alert.id, untilAt, principal);
    return {
      id: after.id,
      name: after.subject.name,
      title: after.title,
      untilAt,
      until: untilAt === null ? null : describeInstant(untilAt, principal.tz),
      receipt: ledgerReceipt({ name: 'Alert', words: 'The alert as it stands' }, nowAt, 1),
    };
  },
  narrate: ({ name, title, until }) =>
    until === null
      ? `Awake again: ${title}`
      : `Snoozed until ${until}: ${title} Say "wake the ${name} alert" to undo.`,
});

const SAID: Readonly<Record<Snooze, string>> = {
  hour: 'for an hour',
  tomorrow: 'until tomorrow',
  week: 'for a week',
};

function recognize(utterance: Utterance): Reading[] {
  const wake = says(utterance, 'unsnooze', 'wake', 'unmute');
  if (!wake && !says(utterance, 'snooze', 'mute', 'silence')) return [];
  const until = wake ? 'now' : untilIn(utterance);
  const meant = alertMeant(utterance);
  const name = namedCustomer(utterance)?.name ?? meant?.label ?? 'the alert';
  const interpretation = until === 'now' ? `Wake ${name}` : `Snooze ${name} ${SNOOZE_WORDS[until]}`;
  const input = { ...(meant ? { about: meant.about } : {}), until };
  // A day that is none of those it can sleep until is not rounded in silence.
  if (until === 'hour' && OTHER_END.test(utterance.words.join(' ')))
    return [
      {
        input: { ...input, until: 'week' },
        confidence: 0.55,
        interpretation: `Snooze ${name} ${SNOOZE_WORDS.week}`,
        caveat: 'I can make an alert quiet for an hour, until tomorrow morning or for a week.',
      },
    ];
  return [{ input, confidence: 0.95, interpretation }];
}

const OTHER_END = /\b(?:until|till|til) (?!further\b|later\b|the hour\b)\w/;

function untilIn(utterance: Utterance): Snooze {
  if (says(utterance, 'week', '7 days', 'seven days')) return 'week';
  return says(utterance, 'tomorrow', 'morning', 'day', 'overnight') ? 'tomorrow' : 'hour';
}
