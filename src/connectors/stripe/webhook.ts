import Stripe from 'stripe';
import type { ResourceName, SyncMemory, WebhookReader } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import type { StripeConnection } from './client.ts';
import { createEventReader, parseEvent } from './events.ts';

const TOLERANCE_SECONDS = 300;

/** Stripe's signed events, worked in at once. */
export function stripeWebhooks(
  connection: StripeConnection,
  secret: string,
  memory: SyncMemory,
  clock: Clock,
): WebhookReader {
  const reader = createEventReader(connection, memory, clock);
  return {
    source: 'stripe',
    verify(body, signature, nowAt) {
      const envelope = parseEvent(verified(connection.client, body, signature, secret, nowAt));
      if ('what' in envelope)
        throw new UserError('invalid_input', `The event is malformed: ${envelope.what}.`);
      return {
        id: envelope.id,
        type: envelope.type,
        eventAt: envelope.created * 1000,
        payload: body.toString('utf8'),
      };
    },
    async process(payload) {
      const event = parseEvent(JSON.parse(payload));
      if ('what' in event) throw new SystemError('source_malformed', `Stripe event: ${event.what}`);
      const { rows, malformed } = await reader.rowsOf([event]);
      return {
        page: { rows, malformed, cursor: null, dataThroughAt: null },
        refresh: alsoChanged(event.type),
      };
    },
  };
}

function verified(
  client: Stripe,
  body: Buffer,
  signature: string | undefined,
  secret: string,
  nowAt: number,
): unknown {
  try {
    return client.webhooks.constructEvent(body, signature ?? '', secret, TOLERANCE_SECONDS, undefined, nowAt);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError)
      throw new UserError('not_allowed', 'The signature does not match.');
    throw new UserError('invalid_input', 'The body is not a Stripe event.');
  }
}

/** What other systems hold about the same thing: the history of subscriptions stands in Supabase. */
function alsoChanged(type: string): ResourceName[] {
  if (type.startsWith('customer.subscription.')) return [{ source: 'supabase', name: 'subscription_data' }];
  if (type === 'customer.created' || type === 'customer.updated')
    return [{ source: 'psizero', name: 'customers' }];
  return [];
}
