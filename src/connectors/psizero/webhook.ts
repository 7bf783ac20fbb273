import { z } from 'zod';
import type { ResourceName, WebhookReader } from '../../domain/sync.ts';
import { UserError } from '../../lib/errors.ts';
import { instant } from '../reading.ts';
import { checkSignedBody } from '../signed-body.ts';

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
      checkSignedBody(body, signature, secret, nowAt);
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
