import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { KeyValueStore } from '../core/types.ts';
import { StripeFault } from './errors.ts';
import { Shelf } from './shelf.ts';

const answer = z.object({
  fingerprint: z.string(),
  status: z.number(),
  body: z.string(),
  requestId: z.string(),
  at: z.number(),
});

export type StoredAnswer = z.infer<typeof answer>;

/** Stripe may forget a key a day after it was first seen. */
const KEPT_FOR_MS = 24 * 3_600_000;

/** Answers by Idempotency-Key: the same request is answered as it was the first time and does nothing again. */
export class IdempotencyKeys {
  private readonly answers: Shelf<StoredAnswer>;
  private readonly inFlight = new Set<string>();

  constructor(keep: KeyValueStore) {
    this.answers = new Shelf(keep, 'stripe.idempotency', answer);
  }

  static fingerprint(method: string, path: string, body: string): string {
    return createHash('sha256').update(`${method}\n${path}\n${body}`).digest('hex');
  }

  /**
   * The earlier answer, or null after taking the key. Throws StripeFault 409 while another request holds it and 400
   * when it was first used with other parameters.
   */
  take(key: string, fingerprint: string, now: number): StoredAnswer | null {
    if (this.inFlight.has(key))
      throw new StripeFault(
        409,
        'idempotency_error',
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
        { code: 'idempotency_key_in_use' },
      );
    const earlier = this.answers.get(key);
    if (earlier && now - earlier.at < KEPT_FOR_MS) {
      if (earlier.fingerprint === fingerprint) return earlier;
      throw new StripeFault(
        400,
        'idempotency_error',
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    this.inFlight.add(key);
    return null;
  }

  /** Written before the request is answered, so that a retry after a crash finds it. */
  remember(key: string, stored: StoredAnswer): void {
    this.answers.set(key, stored);
  }

  release(key: string): void {
    this.inFlight.delete(key);
  }

  /** Reads again what is kept. */
  reload(): void {
    this.answers.reload();
  }

  clear(): void {
    this.answers.clear();
    this.inFlight.clear();
  }
}
