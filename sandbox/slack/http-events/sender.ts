import { createHmac } from 'node:crypto';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { Envelope } from '../records.ts';

const PATHS: Record<Envelope['type'], string> = {
  events_api: '/slack/events',
  interactive: '/slack/interactions',
  slash_commands: '/slack/commands',
};

export type Sent =
  | { status: 'acknowledged'; payload: JsonObject }
  | { status: 'failed'; reason: 'http_error' | 'http_timeout' | 'connection_failed' };

export interface HttpTarget {
  /** `http://127.0.0.1:3000` of the bot. */
  botUrl: string;
  signingSecret: string;
  now(): number;
}

/**
 * Posts one delivery to the bot as Slack does where an app has request URLs: signed with v0 over the raw body, JSON
 * for events, a form with `payload` for clicks, a form of fields for commands. Never throws.
 */
export async function sendSigned(envelope: Envelope, target: HttpTarget, withinMs: number): Promise<Sent> {
  const body = bodyOf(envelope);
  const timestamp = String(Math.floor(target.now() / 1000));
  try {
    const response = await fetch(`${target.botUrl}${PATHS[envelope.type]}`, {
      method: 'POST',
      headers: {
        'content-type':
          envelope.type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf(body, timestamp, target.signingSecret),
        ...(envelope.attempt > 0
          ? { 'x-slack-retry-num': String(envelope.attempt), 'x-slack-retry-reason': envelope.retryReason }
          : {}),
      },
      body,
      signal: AbortSignal.timeout(withinMs),
    });
    const answer = parseJson(await response.text());
    if (!response.ok) return { status: 'failed', reason: 'http_error' };
    return { status: 'acknowledged', payload: isObject(answer) ? answer : {} };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { status: 'failed', reason: isLate ? 'http_timeout' : 'connection_failed' };
  }
}

/** `v0=<hex HMAC-SHA256 of "v0:timestamp:body">`. Source: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(body: string, timestamp: string, signingSecret: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function bodyOf(envelope: Envelope): string {
  if (envelope.type === 'events_api') return JSON.stringify(envelope.payload);
  if (envelope.type === 'interactive')
    return new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString();
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(envelope.payload)) form.set(name, String(value));
  return form.toString();
}
