import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ResourceName, WebhookReader } from '../../domain/sync.ts';
import { UserError } from '../../lib/errors.ts';
import { instant } from '../reading.ts';

const TOLERANCE_MS = 5 * 60_000;
const HEADER = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/i;

const eventSchema = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  created_at: instant,
  data: z.unknown(),
});

/**
 * PsiZero's webhooks only say that something changed; the rows are read from the API, so that they can be
 * neither forged nor out of order. `PsiZero-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
 */
export function psizeroWebhooks(secret: string): WebhookReader {
  return {
    source: 'psizero',
    verify(body, signature, nowAt) {
      checkSignature(body, signature, secret, nowAt);
      const event = eventSchema.safeParse(parseJson(body));
      if (!event.success) {
        const issue = event.error.issues[0];
        throw new UserError(
          'invalid_input',
          `The event is malformed: ${issue?.path.join('.') || 'body'}: ${issue?.message}.`,
        );
      }
      const { id, type, created_at } = event.data;
      return { id, type, eventAt: created_at, payload: body.toString('utf8') };
    },
    async process(payload) {
      const event = eventSchema.parse(JSON.parse(payload));
      return { page: null, refresh: changedBy(event.type) };
    },
  };
}

function checkSignature(body: Buffer, header: string | undefined, secret: string, nowAt: number): void {
  const match = HEADER.exec(header ?? '');
  const [seconds, given] = [match?.[1], match?.[2]];
  if (seconds === undefined || given === undefined) refuse();
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) refuse();
  if (Math.abs(nowAt - Number(seconds) * 1000) > TOLERANCE_MS) refuse();
}

function refuse(): never {
  throw new UserError('not_allowed', 'The signature does not match.');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function changedBy(type: string): ResourceName[] {
  const names = /customer/.test(type)
    ? ['customers']
    : /usage/.test(type)
      ? ['usage_metrics', 'api_performance']
      : /incident|outage/.test(type)
        ? ['incidents', 'api_performance']
        : ['customers', 'usage_metrics', 'api_performance', 'incidents'];
  return names.map((name) => ({ source: 'psizero', name }));
}
