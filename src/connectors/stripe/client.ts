import http from 'node:http';
import https from 'node:https';
import Stripe from 'stripe';
import { createResilience, OutsideError, type Resilient, retryAfterMs } from '../resilience.ts';

/** The version the row mapping was written for; a new client version must not change it silently. */
const API_VERSION = '2026-10-28.endive';

export interface StripeConnection {
  client: Stripe;
  /** Every call goes through this: time limit, retry with jitter, circuit breaker. */
  call<T>(request: () => Promise<T>): Promise<T>;
}

/** `apiUrl` is an origin; null is Stripe itself. */
export function connectStripe(options: {
  apiUrl: string | null;
  secretKey: string;
  timeoutMs?: number;
  resilience?: Resilient;
}): StripeConnection {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const client = new Stripe(options.secretKey, {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    // Not fetch: an npm undici that another package brings takes over Node's fetch and refuses Stripe's
    // content-length header on every write.
    httpClient: Stripe.createNodeHttpClient(keepAlive(options.apiUrl)),
    ...addressOf(options.apiUrl),
  });
  const resilient =
    options.resilience ?? createResilience({ system: 'Stripe', timeoutMs: timeoutMs + 1_000 });
  return {
    client,
    call: (request) =>
      resilient(async () => {
        try {
          return await request();
        } catch (error) {
          throw outsideError(error);
        }
      }),
  };
}

function keepAlive(apiUrl: string | null): http.Agent {
  return apiUrl?.startsWith('http:')
    ? new http.Agent({ keepAlive: true })
    : new https.Agent({ keepAlive: true });
}

function addressOf(apiUrl: string | null): { host?: string; port?: string; protocol?: 'http' | 'https' } {
  if (apiUrl === null) return {};
  const url = new URL(apiUrl);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { host: url.hostname, port: url.port || (protocol === 'http' ? '80' : '443'), protocol };
}

function outsideError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const header = error.headers?.['retry-after'];
  return new OutsideError('Stripe', error.statusCode ?? null, error.message, {
    cause: error,
    retryAfterMs: retryAfterMs(header, Date.now()),
    ...(error.code === undefined ? {} : { code: error.code }),
  });
}

/** Stripe expands references on demand: either way, the id. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === 'string' ? reference : reference.id;
}
