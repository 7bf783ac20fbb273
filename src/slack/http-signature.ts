import { createHmac, timingSafeEqual } from 'node:crypto';
import { type HttpRequest, headerOf } from '../lib/http-exchange.ts';

const TOLERANCE_MS = 5 * 60 * 1000;

export type Verdict = { genuine: true } | { genuine: false; reason: string };

/**
 * Whether Slack sent this within the last five minutes, by the clock given: HMAC-SHA256 of `v0:timestamp:body`.
 * Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function verifySlackRequest(request: HttpRequest, signingSecret: string, nowAt: number): Verdict {
  const timestamp = headerOf(request, 'x-slack-request-timestamp') ?? '';
  const signature = headerOf(request, 'x-slack-signature') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return { genuine: false, reason: 'no timestamp' };
  if (Math.abs(nowAt - Number(timestamp) * 1000) > TOLERANCE_MS) return { genuine: false, reason: 'stale' };
  const expected = Buffer.from(
    `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(request.body).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return { genuine: false, reason: 'signature does not match' };
  return { genuine: true };
}

/** Signatures that were taken: each is good once, since Slack signs a retry anew. */
export class SeenSignatures {
  readonly #seenAt = new Map<string, number>();

  /** @returns false when this one was taken before, within the time it is valid. */
  take(signature: string, nowAt: number): boolean {
    // Oldest first: what could not pass for its age any more need not be remembered.
    for (const [seen, at] of this.#seenAt) {
      if (nowAt - at <= 2 * TOLERANCE_MS) break;
      this.#seenAt.delete(seen);
    }
    if (this.#seenAt.has(signature)) return false;
    this.#seenAt.set(signature, nowAt);
    return true;
  }
}
