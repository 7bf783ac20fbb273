import { z } from 'zod';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { aboutInput, alertMeant } from './about-alert.ts';
import { findAlert } from './find-alert.ts';

const input = z.strictObject({
  about: aboutInput.optional(),
  give_back: z.boolean().optional().describe('True: the asker no longer has it'),
});

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  taken: z.boolean(),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'own_alert',
  description:
    'Notes that the asker takes care of one open alert, or gives it back, so that others know. It mends nothing by itself and changes nothing outside Psi.',
  scope: 'metrics:read',
  effect: 'own',
  input,
  output,
  examples: [
    { say: "I've got the Acme alert", input: { about: 'Acme' } },
    { say: "I'll take it", input: {} },
    { say: 'I take the alert', input: {} },
    { say: 'release the Acme alert', input: { about: 'Acme', give_back: true } },
  ],
  recognize,
  async run({ about, give_back: giveBack = false }, ctx) {
    const say = (name: string) => (giveBack ? `release the ${name} alert` : `I'll take the ${name} alert`);
    const alert = await findAlert(ctx, about, say);
    const { after } = await ctx.alerts.own(alert.id, !giveBack, ctx.principal);
    return {
      id: after.id,
      name: after.subject.name,
      title: after.title,
      taken: !giveBack,
      receipt: ledgerReceipt({ name: 'Alert', words: 'The alert as it stands' }, ctx.clock.now(), 1),
    };
  },
  narrate: ({ name, title, taken }) =>
    taken
      ? `It is yours: ${title} Say "release the ${name} alert" to undo.`
      : `Nobody has it any more: ${title}`,
});

const TAKE =
  /\b(?:ill|i will|i|let me) (?:take|handle|own)\b|\b(?:ive|i have|i) got\b|\bassign (?:it|that|this|the alert|the) .*\bme\b|\bill take care\b|\b(?:alert|one|it|that) is mine\b|^mine$/;
const RETURN = /\b(?:give (?:it |that |this )?back|release|hand back|not mine)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const giveBack = RETURN.test(phrase);
  if (!giveBack && !TAKE.test(phrase)) return [];
  const named = says(utterance, 'alert', 'alerts', 'alarm');
  const meant = alertMeant(utterance);
  const pointing = says(utterance, 'it', 'that', 'this', 'one', 'that one') && utterance.words.length <= 6;
  if (!named && !pointing) return [];
  const name = namedCustomer(utterance)?.name ?? meant?.label ?? 'the alert';
  return [
    {
      input: { ...(meant ? { about: meant.about } : {}), ...(giveBack ? { give_back: true } : {}) },
      confidence: named ? 0.95 : 0.8,
      interpretation: giveBack ? `Give back ${name}` : `Take ${name}`,
    },
  ];
}
