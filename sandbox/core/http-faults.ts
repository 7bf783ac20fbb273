import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { drifted } from './drift.ts';
import type { Fault, FaultSystem, Faults } from './types.ts';

/** What the real system would say. */
function body(system: FaultSystem, kind: 'http_500' | 'rate_limit'): unknown {
  const limited = kind === 'rate_limit';
  const message = limited ? 'Too many requests. Try again in a second.' : 'Something went wrong on our side.';
  switch (system) {
    case 'slack':
      return { ok: false, error: limited ? 'ratelimited' : 'internal_error' };
    case 'stripe':
      return limited
        ? { error: { type: 'invalid_request_error', code: 'rate_limit', message } }
        : { error: { type: 'api_error', message } };
    case 'supabase':
      return { code: limited ? 'over_request_rate_limit' : 'XX000', message, details: null, hint: null };
    case 'model':
      return {
        error: { message, type: limited ? 'rate_limit_error' : 'server_error', param: null, code: null },
      };
    default:
      return { error: { code: limited ? 'rate_limited' : 'internal_error', message } };
  }
}

/** The first half of a JSON document, which no parser accepts. */
export function truncated(text: string): string {
  return text.slice(0, Math.max(1, Math.floor(text.length / 2)));
}

/**
 * Lets planned faults happen to every route of `app`: slow, http_500 and rate_limit before it is handled,
 * drop_response and malformed after. `match` is sought in "METHOD /path?query".
 */
export function httpFaults(app: FastifyInstance, system: FaultSystem, faults: Faults): void {
  const spoiled = new WeakMap<FastifyRequest, Fault>();

  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const target = `${request.method} ${request.url}`;
    const slow = faults.take(system, target, ['slow']);
    if (slow !== null) await wait(slow.ms);
    const fault = faults.take(system, target, ['http_500', 'rate_limit', 'drop_response', 'malformed']);
    if (fault === null) return;
    if (fault.kind === 'http_500') return reply.code(500).send(body(system, 'http_500'));
    if (fault.kind === 'rate_limit') {
      return reply.code(429).header('retry-after', '1').send(body(system, 'rate_limit'));
    }
    spoiled.set(request, fault);
  });

  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const fault = spoiled.get(request);
    if (fault === undefined) return payload;
    if (fault.kind === 'drop_response') {
      request.raw.socket.destroy();
      return payload;
    }
    const text = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) ? payload.toString() : '{';
    reply.removeHeader('content-length');
    return fault.drift === undefined ? truncated(text) : drifted(text, fault.drift);
  });
}
