import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { drifted } from '../core/drift.ts';
import type { Faults } from '../core/types.ts';
import { invalidRequest, StripeFault } from './errors.ts';

/** A connection that is to be cut, as the client sees it. */
export class ConnectionCut extends Error {}

/** Planned faults of one request, in the order they strike. `match` is sought in "METHOD /path?query". */
export class Misbehaviour {
  private readonly faults: Faults;
  private readonly target: string;

  constructor(faults: Faults, request: FastifyRequest) {
    this.faults = faults;
    this.target = `${request.method} ${request.url}`;
  }

  /** Before anything is done: throws StripeFault 429 or 500, or ConnectionCut. */
  refuse(): void {
    const fault = this.faults.take('stripe', this.target, ['rate_limit', 'http_500', 'disconnect']);
    if (fault === null) return;
    if (fault.kind === 'disconnect') throw new ConnectionCut();
    if (fault.kind === 'rate_limit')
      throw invalidRequest(
        'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
        { code: 'rate_limit' },
        429,
      );
    throw new StripeFault(500, 'api_error', 'An unknown error occurred');
  }

  /** While the idempotency key is held. */
  async delay(): Promise<void> {
    const fault = this.faults.take('stripe', this.target, ['slow']);
    if (fault) await wait(fault.ms);
  }

  /** After it is done: the answer is lost or arrives broken. Returns what to send. */
  spoil(body: string): string {
    const fault = this.faults.take('stripe', this.target, ['drop_response', 'malformed']);
    if (fault?.kind === 'drop_response') throw new ConnectionCut();
    if (fault?.drift) return drifted(body, fault.drift);
    return fault ? body.slice(0, Math.ceil(body.length / 2)) : body;
  }
}

export function cutConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}
