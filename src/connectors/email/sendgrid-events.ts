import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { MailFate, MailReportReader } from '../../domain/billing/delivery/ports.ts';
import { ConfigError, UserError } from '../../lib/errors.ts';

const TOLERANCE_MS = 10 * 60_000;

/** Rows of events that say nothing of a mail's fate, or of mail that is not ours, are left aside. */
const eventSchema = z.looseObject({
  event: z.string(),
  email: z.string().min(3).max(320),
  timestamp: z.number().int(),
  psi_message_key: z.string().min(1).max(300),
  type: z.string().optional(),
  status: z.string().optional(),
});

/**
 * SendGrid's event webhook, signed with its ECDSA key over the timestamp and the bytes of the body.
 * Source: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 * @throws ConfigError for a key that is none.
 */
export function sendgridEvents(publicKey: string): MailReportReader {
  const key = readKey(publicKey);
  return {
    path: 'sendgrid',
    read(body, headers, nowAt) {
      const timestamp = headers['x-twilio-email-event-webhook-timestamp'] ?? '';
      const signature = headers['x-twilio-email-event-webhook-signature'] ?? '';
      const signed = Buffer.concat([Buffer.from(timestamp), body]);
      const fresh = Math.abs(nowAt - Number(timestamp || Number.NaN) * 1000) <= TOLERANCE_MS;
      if (!fresh || !verify('sha256', signed, key, Buffer.from(signature, 'base64')))
        throw new UserError('not_allowed', 'The signature does not match.');
      const rows = z.array(z.unknown()).max(5_000).safeParse(parseJson(body));
      if (!rows.success) throw new UserError('invalid_input', 'The events are malformed.');
      return rows.data.flatMap(fateOf);
    },
  };
}

function fateOf(row: unknown): MailFate[] {
  const parsed = eventSchema.safeParse(row);
  if (!parsed.success) return [];
  const { event, email, timestamp, psi_message_key, type, status } = parsed.data;
  const code = /^[245]\.\d{1,3}\.\d{1,3}/.exec(status ?? '')?.[0];
  const of = { messageKey: psi_message_key, address: email, at: timestamp * 1000 };
  const said = (words: string) => (code === undefined ? words : `${words} (${code})`);
  if (event === 'delivered') return [{ ...of, fate: 'delivered', reason: 'delivered' }];
  // SendGrid calls what may work later "blocked".
  if (event === 'bounce' && type === 'blocked')
    return [{ ...of, fate: 'bounced_soft', reason: said('its mail server refused it for now') }];
  if (event === 'bounce') return [{ ...of, fate: 'bounced_hard', reason: said('there is no such mailbox') }];
  if (event === 'dropped')
    return [{ ...of, fate: 'bounced_hard', reason: 'SendGrid sends nothing there any more' }];
  return [];
}

function readKey(publicKey: string) {
  try {
    return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw new ConfigError('SENDGRID_WEBHOOK_KEY is no verification key. Copy it from SendGrid’s settings.');
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
